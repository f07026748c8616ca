package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"haedap/bot/internal/slacktest"
	"haedap/bot/internal/store"
)

// cutDot splits "table.column".
func cutDot(s string) (table, column string) {
	table, column, _ = strings.Cut(s, ".")
	return table, column
}

// check holds every thread to the reference, after a last kill.
func (l *leg) check(ctx context.Context) error {
	up := l.down()
	up()
	if err := l.ready(ctx); err != nil {
		return err
	}
	db, err := l.database.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it was only read
	if err := l.settle(ctx, db); err != nil {
		return err
	}
	posted := map[string]int{} // tickets in the desk channel by their key
	for _, m := range l.slack.BotPosts(deskRoom) {
		posted[key(m)]++
	}
	l.clerk.mu.Lock()
	defer l.clerk.mu.Unlock()
	for _, t := range l.clerk.closed[:len(l.clerk.parts)] { // the reference itself
		if t.part.tickets, _, err = l.tickets(ctx, db, t, posted); err != nil {
			return err
		}
	}
	for _, t := range append(l.clerk.closed, l.clerk.open...) {
		if err := l.judge(ctx, db, t, posted); err != nil {
			return err
		}
	}
	l.acks()
	return l.logs()
}

// settle waits until the bot has nothing left to do.
func (l *leg) settle(ctx context.Context, db *store.DB) error {
	deadline := time.Now().Add(90 * time.Second)
	for quiet := 0; quiet < 10; {
		b, err := db.Backlog(ctx)
		if err != nil {
			return fmt.Errorf("read backlog: %w", err)
		}
		quiet++
		if b.Open > 0 || b.Unsent > 0 || !l.slack.Quiet() {
			quiet = 0
		}
		if time.Now().After(deadline) {
			l.report.problem("not at rest at the end: %d messages and %d deliveries wait", b.Open, b.Unsent)
			return nil
		}
		if !sleep(ctx, 200*time.Millisecond) {
			return ctx.Err()
		}
	}
	failed, err := db.FailedDeliveries(ctx, 100)
	if err != nil {
		return err
	}
	for _, d := range failed {
		l.report.problem("delivery %s failed for good: %s", d.Key, d.Error)
	}
	return nil
}

// key is the reply key of a post.
func key(m slacktest.Message) string {
	if m.Metadata == nil {
		return ""
	}
	k, _ := m.Metadata.EventPayload["key"].(string)
	return k
}

// judge compares a thread with the reference.
func (l *leg) judge(ctx context.Context, db *store.DB, t *talk, posted map[string]int) error {
	v := verdict{questions: len(t.part.script.says)}
	want := slices.Clone(t.part.want)
	var got []string
	keys := map[string]bool{}
	for _, m := range l.clerk.replies(t) {
		got = append(got, m.Text)
		k := key(m)
		if k == "" || keys[k] {
			v.twice++
		}
		keys[k] = true
	}
	for _, text := range got {
		if i := slices.Index(want, text); i >= 0 {
			want = slices.Delete(want, i, i+1)
		} else {
			v.extra++
		}
	}
	v.lost = len(want)
	v.order = v.lost == 0 && v.extra == 0 && !slices.Equal(got, t.part.want)
	n, wrong, err := l.tickets(ctx, db, t, posted)
	if err != nil {
		return err
	}
	v.tickets = n != t.part.tickets || wrong
	l.report.judged(t, v)
	if !v.good() {
		l.report.problem("%s thread %s/%s: %+v, tickets %d (want %d)%s\n    got  %s\n    want %s", t.part.place, t.channel, t.root, v, n, t.part.tickets, l.story(t), brief(got), brief(t.part.want))
	}
	return nil
}

// story tells what became of the messages of a thread on their way.
func (l *leg) story(t *talk) string {
	var b strings.Builder
	for _, line := range t.lines {
		fmt.Fprintf(&b, "\n    %s", line.ts)
		if line.silent {
			b.WriteString(" was never sent")
		}
		for _, d := range l.slack.Deliveries() {
			if d.TS == line.ts {
				fmt.Fprintf(&b, " %s%v", d.ID, d.Attempts)
			}
		}
	}
	return b.String()
}

// tickets counts the tickets of a thread; wrong says that one of them is not to be seen exactly once in the desk channel.
func (l *leg) tickets(ctx context.Context, db *store.DB, t *talk, posted map[string]int) (n int, wrong bool, err error) {
	thread, err := db.Find(ctx, store.Address{Door: "slack", Team: slacktest.TeamID, Channel: t.channel, Thread: t.root})
	if err != nil {
		return 0, false, nil //nolint:nilerr // a thread that is not there has lost its replies, which is told elsewhere
	}
	all, err := db.ThreadTickets(ctx, thread.ID)
	if err != nil {
		return 0, false, err
	}
	for _, k := range all {
		wrong = wrong || posted[k.Key] != 1
	}
	return len(all), wrong, nil
}

func brief(texts []string) string {
	var out []string
	for _, s := range texts {
		r := []rune(strings.ReplaceAll(s, "\n", " "))
		out = append(out, fmt.Sprintf("%q", string(r[:min(len(r), 40)])))
	}
	return strings.Join(out, " ")
}

// acks tells how fast acknowledgements were.
func (l *leg) acks() {
	for _, d := range l.slack.Deliveries() {
		if d.Acked {
			l.report.acks = append(l.report.acks, time.Duration(d.Took))
		}
		if len(d.Attempts) > 1 {
			l.report.retried++
		}
	}
	slices.Sort(l.report.acks)
}

// logs looks for what a bot never may write.
func (l *leg) logs() error {
	files, err := filepath.Glob(filepath.Join(l.folder, "*.log"))
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read the bot's log: %w", err)
		}
		for _, word := range []string{"panic", "fatal error:", "DATA RACE"} {
			if i := bytes.Index(text, []byte(word)); i >= 0 {
				l.report.problem("%s: %s", name, text[i:min(len(text), i+400)])
			}
		}
	}
	for _, r := range l.replicas {
		r.mu.Lock()
		l.report.own += r.own
		r.mu.Unlock()
	}
	return nil
}
