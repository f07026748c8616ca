package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haedap/bot/internal/slacktest"
)

// burden is what a load is to be.
type burden struct {
	plan
	database string
	rate     float64
	lasts    time.Duration
	stored   []int // turns that are stored before; measured once for each
	kill     bool  // the first replica, for good, when half of the time is over
}

// load measures the real bot: signed HTTP from the fake Slack, which has no posting limit here, through the database
// and back to a post. Askers are many: the bot itself keeps to Slack's pace in each channel.
func load(ctx context.Context, args []string) (err error) {
	b := burden{plan: plan{haste: 1, seed: 1}}
	flags := flag.NewFlagSet("campaign load", flag.ContinueOnError)
	flags.StringVar(&b.database, "database", "sqlite", "sqlite (one process) or postgres (two replicas)")
	flags.Float64Var(&b.rate, "rate", 50, "questions a second")
	flags.DurationVar(&b.lasts, "for", 20*time.Second, "how long to ask")
	flags.StringVar(&b.bot, "bot", "", "binary to measure; empty: built from this checkout")
	flags.BoolVar(&b.kill, "kill", false, "with postgres: kill one replica for good when half of the time is over")
	stored := flags.String("stored", "0", "turns that are stored before; several, rising, separated by commas: measured once for each")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, word := range strings.Split(*stored, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 {
			return fmt.Errorf("-stored: %q is not a number of turns", word)
		}
		b.stored = append(b.stored, n)
	}
	if b.plan.folder, err = os.MkdirTemp("/tmp", "haedap-l"); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.plan.folder)) }()
	if err := os.Chmod(b.plan.folder, 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return fmt.Errorf("open the folder: %w", err)
	}
	if b.bot, err = build(ctx, b.bot, b.plan.folder); err != nil {
		return err
	}
	return b.run(ctx)
}

// run starts the bot and measures.
func (b burden) run(ctx context.Context) (err error) {
	// the bot is to have the processors that it would have without the fake Slack
	debug.SetGCPercent(400)
	l := &leg{plan: b.plan, door: "http", folder: b.plan.folder, report: newReport("load"), rand: rand.New(rand.NewPCG(1, 4))} //nolint:gosec // nothing secret
	if l.database, err = newDatabase(b.database, filepath.Join(l.folder, "db"), false); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.database.close()) }()
	if l.slack, err = slacktest.New(slacktest.Config{}); err != nil {
		return err
	}
	defer l.slack.Close()
	if l.ingress, err = newIngress(1); err != nil {
		return err
	}
	defer l.ingress.close()
	l.slack.AddChannel(deskRoom, "channel", slacktest.BotUser)
	for n := range askers {
		l.slack.DMChannel(fmt.Sprintf("U%d", n))
	}
	if err := l.start(b.database); err != nil {
		return err
	}
	defer func() {
		for _, r := range l.replicas {
			r.close()
		}
	}()
	have := 0
	for _, n := range b.stored {
		if err := l.store(ctx, have, n); err != nil {
			return err
		}
		have = max(have, n)
		kill := b.kill && len(l.replicas) > 1
		if kill {
			time.AfterFunc(b.lasts/2, l.lose)
		}
		m, err := l.measure(ctx, b.rate, b.lasts, kill)
		if err != nil {
			return err
		}
		fmt.Printf("%s, %d turns stored before: %v\n", b.database, n, m)
	}
	return nil
}

// lose kills the first replica for good.
func (l *leg) lose() {
	first := l.replicas[0]
	first.hold(true)
	first.kill()
	l.ingress.open([]string{l.replicas[1].listen})
}

const askers = 3000

// measured is what a load came to.
type measured struct {
	asked, lost, twice int
	lasted             time.Duration // from the first question to the last reply
	toPost             []time.Duration
	acks               []time.Duration
	before, after      []int         // memory of each replica, in MB
	bots, server, here time.Duration // time on processors: of the replicas, of PostgreSQL, and of this process with the fake Slack and the ingress
}

func (m measured) String() string {
	at := func(d []time.Duration, share int) time.Duration {
		if len(d) == 0 {
			return 0
		}
		return d[(len(d)-1)*share/100].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d questions at %.0f/s answered, %d lost, %d twice; event to post p50 %v, p99 %v, slowest %v; ack p99 %v; memory %v → %v MB; processor time a question: bot %v, PostgreSQL %v, fake Slack %v",
		m.asked, float64(m.asked-m.lost)/m.lasted.Seconds(), m.lost, m.twice, at(m.toPost, 50), at(m.toPost, 99), at(m.toPost, 100),
		at(m.acks, 99), m.before, m.after, each(m.bots, m.asked), each(m.server, m.asked), each(m.here, m.asked))
}

func each(d time.Duration, n int) time.Duration {
	return (d / time.Duration(max(n, 1))).Round(10 * time.Microsecond)
}

// measure asks at a rate and waits for the replies.
func (l *leg) measure(ctx context.Context, rate float64, lasts time.Duration, kill bool) (m measured, err error) {
	if err := l.ready(ctx); err != nil {
		return m, err
	}
	m.before = l.memory()
	bots, server, here := l.worked(), l.database.worked(), ourWork()
	var asked []slacktest.Message
	begin, told := time.Now(), len(l.slack.Deliveries())
	texts := []string{scripts[0].says[0], scripts[1].says[0], scripts[1].says[1], scripts[2].says[0], scripts[2].says[1], scripts[3].says[0], scripts[3].says[2]}
	for time.Since(begin) < lasts {
		for len(asked) < int(rate*time.Since(begin).Seconds()) {
			if !kill { // requests reach the replicas in turn, as through a load balancer on a machine of its own
				l.slack.SetEndpoint("http://" + l.replicas[len(asked)%len(l.replicas)].listen)
			}
			q, err := l.slack.DM(fmt.Sprintf("U%d", len(asked)%askers), texts[len(asked)%len(texts)])
			if err != nil {
				return m, err
			}
			asked = append(asked, q)
		}
		if !sleep(ctx, 2*time.Millisecond) {
			return m, ctx.Err()
		}
	}
	patience, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, q := range asked {
		for len(l.slack.Thread("D"+q.User, q.TS)) < 2 && sleep(patience, 10*time.Millisecond) { //nolint:revive // waits
		}
	}
	if !sleep(ctx, time.Second) { // for what comes twice
		return m, ctx.Err()
	}
	m.asked, m.after = len(asked), l.memory()
	m.bots, m.server, m.here = l.worked()-bots, l.database.worked()-server, ourWork()-here
	last := begin
	for _, q := range asked {
		replies := l.slack.Thread("D"+q.User, q.TS)[1:]
		switch {
		case len(replies) == 0:
			m.lost++
			continue
		case len(replies) > 1:
			m.twice++
		}
		at := moment(replies[0].TS)
		m.toPost = append(m.toPost, at.Sub(moment(q.TS)))
		if at.After(last) {
			last = at
		}
	}
	m.lasted = last.Sub(begin)
	for _, d := range l.slack.Deliveries()[told:] {
		if d.Acked {
			m.acks = append(m.acks, time.Duration(d.Took))
		}
	}
	sortDurations(m.toPost, m.acks)
	return m, nil
}

// moment is when a message was made.
func moment(ts string) time.Time {
	us, _ := strconv.ParseInt(strings.ReplaceAll(ts, ".", ""), 10, 64) // the fake Slack's own
	return time.UnixMicro(us)
}

// worked is the time on processors that the replicas took.
func (l *leg) worked() (all time.Duration) {
	for _, r := range l.replicas {
		_, took := stat(r.pid())
		all += took
	}
	return all
}

// worked is the time on processors that PostgreSQL's processes took which are still there.
func (d *database) worked() (all time.Duration) {
	if d.cluster == nil {
		return 0
	}
	raw, err := os.ReadFile(filepath.Join(d.folder, "data", "postmaster.pid"))
	if err != nil {
		return 0 // it is down
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	master, _ := strconv.Atoi(first)
	running, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, p := range running {
		pid, err := strconv.Atoi(p.Name())
		if err != nil {
			continue // not a process
		}
		if parent, took := stat(pid); parent == master {
			all += took
		}
	}
	return all
}

// stat tells a process's parent and the time on processors that it took; zeros where there is no /proc, or it has ended.
func stat(pid int) (parent int, took time.Duration) {
	const tick = 10 * time.Millisecond // Linux tells it in hundredths of a second
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	words := strings.Fields(rest)
	if len(words) < 13 {
		return 0, 0
	}
	parent, _ = strconv.Atoi(words[1]) // the kernel's own
	user, _ := strconv.Atoi(words[11])
	system, _ := strconv.Atoi(words[12])
	return parent, time.Duration(user+system) * tick
}

// ourWork is the time on processors that this process took.
func ourWork() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory is what each replica holds, in MB.
func (l *leg) memory() (all []int) {
	for _, r := range l.replicas {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", r.pid()))
		if err != nil {
			continue // it has just ended, or there is no /proc
		}
		if words := strings.Fields(string(raw)); len(words) > 1 {
			pages, _ := strconv.Atoi(words[1]) // the kernel's own
			all = append(all, pages*os.Getpagesize()>>20)
		}
	}
	return all
}
