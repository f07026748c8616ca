package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"haedap/bot/internal/slacktest"
)

// leg is a campaign on one database through one door.
type leg struct {
	plan
	door     string
	folder   string
	database *database
	slack    *slacktest.Server
	ingress  *ingress
	replicas []*replica
	clerk    *clerk
	report   *report
	rand     *rand.Rand // of the machine faults' own choices
	repeats  *rand.Rand
}

// leg runs one and reports on it; a leg that breaks reports that as a problem.
func (p plan) leg(ctx context.Context, kind, door string, n int) *report {
	seed := p.seed + uint64(n)
	l := &leg{
		plan: p, door: door, folder: filepath.Join(p.folder, kind+"-"+door), report: newReport(kind + " by " + door),
		rand: rand.New(rand.NewPCG(seed, 4)), repeats: rand.New(rand.NewPCG(seed, 5)), //nolint:gosec // the same faults for the same seed
	}
	begin := time.Now()
	if err := l.run(ctx, kind, seed); err != nil && ctx.Err() == nil {
		l.report.problem("the campaign broke: %v", err)
	}
	l.report.took = time.Since(begin)
	return l.report
}

func (l *leg) run(ctx context.Context, kind string, seed uint64) (err error) {
	if err := os.MkdirAll(l.folder, 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return fmt.Errorf("make a folder: %w", err)
	}
	if l.database, err = newDatabase(kind, filepath.Join(l.folder, "db"), true); err != nil {
		return err
	}
	if !l.database.small {
		l.report.note("disk full: NOT TESTED: this user may not mount a small file system (run as root)")
	}
	defer func() { err = errors.Join(err, l.database.close()) }()
	l.slack, err = slacktest.New(slacktest.Config{
		Seed: seed, RetryDelays: []time.Duration{0, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second},
	})
	if err != nil {
		return err
	}
	defer l.slack.Close()
	if l.ingress, err = newIngress(seed); err != nil {
		return err
	}
	defer l.ingress.close()
	l.clerk = newClerk(l.slack, seed)
	if err := l.start(kind); err != nil {
		return err
	}
	defer func() {
		for _, r := range l.replicas {
			r.close()
		}
	}()
	if err := l.ready(ctx); err != nil {
		return err
	}
	if err := l.clerk.learn(ctx); err != nil {
		return err
	}
	if err := l.suffer(ctx, seed); err != nil {
		return err
	}
	return l.check(ctx)
}

// start starts the replicas: one on SQLite, two on PostgreSQL.
func (l *leg) start(kind string) error {
	env := []string{
		"SLACK_API_URL=" + l.slack.API(), "SLACK_BOT_TOKEN=" + l.slack.Config().BotToken, "HAEDAP_DESK_CHANNEL=" + deskRoom,
		"HAEDAP_LISTEN_CHANNELS=" + listened(), "HAEDAP_USER_LIMIT=1000000", "HAEDAP_CHANNEL_LIMIT=1000000",
	}
	if l.door == "http" {
		env = append(env, "SLACK_SIGNING_SECRET="+l.slack.Config().SigningSecret)
		l.slack.SetEndpoint(l.ingress.url)
	} else {
		env = append(env, "SLACK_APP_TOKEN="+l.slack.Config().AppToken)
	}
	count := 1
	if kind == "postgres" {
		count = 2
	}
	var addresses []string
	for n := range count {
		r, err := newReplica(l.bot, filepath.Join(l.folder, fmt.Sprintf("bot%d.log", n)), l.database.arguments(), env)
		if err != nil {
			return err
		}
		l.replicas = append(l.replicas, r)
		addresses = append(addresses, r.listen)
	}
	l.ingress.open(addresses)
	return nil
}

// ready waits until every replica is.
func (l *leg) ready(ctx context.Context) error {
	for _, r := range l.replicas {
		if err := r.await(ctx); err != nil {
			return err
		}
	}
	return nil
}

// any picks a replica.
func (l *leg) any() *replica { return l.replicas[l.rand.IntN(len(l.replicas))] }

// down kills all replicas and keeps them down until up is called.
func (l *leg) down() (up func()) {
	for _, r := range l.replicas {
		r.hold(true)
		r.kill()
	}
	return func() {
		for _, r := range l.replicas {
			r.hold(false)
		}
	}
}

func (l *leg) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * l.haste) }

// wait lets a fault last.
func (l *leg) wait(ctx context.Context, d time.Duration) { sleep(ctx, l.scaled(d)) }

// stopped holds a graceful stop to its promise.
func (l *leg) stopped(took time.Duration, code int) {
	l.report.stop(took)
	if code != 0 || took > 10*time.Second {
		l.report.problem("a graceful stop took %v and ended with exit code %d", took.Round(time.Millisecond), code)
	}
}

// repeat sends some of the last messages of open threads once more, as new events.
func (l *leg) repeat(n int) {
	l.clerk.mu.Lock()
	defer l.clerk.mu.Unlock()
	for range min(n, len(l.clerk.open)) {
		t := l.clerk.open[l.repeats.IntN(len(l.clerk.open))]
		for _, m := range l.slack.Thread(t.channel, t.root) {
			if m.TS == t.last().ts && !t.last().silent {
				kind := map[place]string{direct: "im", room: "channel", helping: "channel"}[t.part.place]
				event := map[string]any{"type": "message", "channel": t.channel, "channel_type": kind, "user": m.User, "text": m.Text, "ts": m.TS, "event_ts": m.TS}
				if m.ThreadTS != "" && m.ThreadTS != m.TS {
					event["thread_ts"] = m.ThreadTS
				}
				l.slack.Emit(event)
			}
		}
	}
}

// suffer asks while faults come, until enough was asked, every fault came, and everything is answered.
func (l *leg) suffer(ctx context.Context, seed uint64) error {
	var streams sync.WaitGroup
	var enough, once [2]atomic.Bool
	for i, all := range [][]fault{slackFaults, machineFaults} {
		streams.Go(func() { l.stream(ctx, all, rand.New(rand.NewPCG(seed, uint64(10+i))), &once[i], &enough[i]) }) //nolint:gosec // the same order for the same seed
	}
	more := func() bool { return !once[0].Load() || !once[1].Load() }
	played := make(chan error, 1)
	base := l.clerk.asked
	limit, cancel := context.WithTimeout(ctx, 3*time.Minute+time.Duration(3*float64(l.questions)/l.rate)*time.Second)
	defer cancel()
	go func() { played <- l.clerk.play(limit, l.rate, l.questions+base, more) }() // ends with limit
	for asking := true; asking; {
		l.clerk.mu.Lock()
		asking = l.clerk.asked < l.questions+base || more()
		l.clerk.mu.Unlock()
		if !sleep(limit, 50*time.Millisecond) {
			break
		}
	}
	enough[0].Store(true)
	enough[1].Store(true)
	streams.Wait()
	select {
	case err := <-played:
		if errors.Is(err, context.DeadlineExceeded) {
			return nil // what is still open is lost; check says so
		}
		return err
	case <-limit.Done():
		return nil
	}
}

// stream lets the faults that fit come one after the other, in shuffled rounds.
func (l *leg) stream(ctx context.Context, all []fault, order *rand.Rand, once, enough *atomic.Bool) {
	var fit []fault
	for _, f := range all {
		if (f.fits == nil || f.fits(l)) && strings.Contains(f.name, l.only) {
			fit = append(fit, f)
		}
	}
	for {
		for _, n := range order.Perm(len(fit)) {
			if ctx.Err() != nil || once.Load() && enough.Load() {
				return
			}
			l.wait(ctx, time.Second)
			l.clerk.mark(fit[n].name, 1)
			err := fit[n].run(ctx, l)
			if err != nil && ctx.Err() == nil {
				l.report.problem("fault %q: %v", fit[n].name, err)
			}
			// Its aftermath counts as well.
			time.AfterFunc(2*time.Second, func() { l.clerk.mark(fit[n].name, -1) })
			l.report.injected(fit[n].name)
		}
		once.Store(true)
		if len(fit) == 0 {
			return
		}
	}
}
