package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if where := os.Getenv(childEnv); where != "" {
		fmt.Fprintln(os.Stderr, "child:", runChild(where))
		os.Exit(1)
	}
	os.Exit(storetest.Run(m))
}

// echo is a desk whose replies tell what it was given.
type echo struct {
	gate chan struct{} // when not nil, every message waits for a token
}

func (e echo) Handle(t desk.Thread, m desk.Message) (desk.Thread, desk.Reply) {
	if e.gate != nil {
		<-e.gate
	}
	t.Turns++
	t.Question = m.Text
	r := desk.Reply{Decision: desk.Answer, Lang: "ko", Lead: fmt.Sprintf("%d:%s:%s", t.Turns, m.From, m.Text)}
	switch {
	case strings.Contains(m.Text, "panic"):
		panic("the desk has a fault")
	case strings.Contains(m.Text, "human"):
		r.Decision, r.Ticket = desk.Escalate, &desk.Ticket{Reason: desk.ReasonAsked, Question: m.Text}
	case strings.Contains(m.Text, "more"):
		r.Decision, r.Append = desk.Ignore, m.Text
	case strings.Contains(m.Text, "silent"):
		r.Decision = desk.Ignore
	}
	return t, r
}

// post is one thing that became visible at the far end.
type post struct {
	Delivery
	TS string
}

// farEnd is a channel that keeps what is posted and misbehaves by script. What it shows outlives the process under test.
type farEnd struct {
	mu     sync.Mutex
	posts  []post
	n      int
	tries  int
	finds  int
	script func(try int, d Delivery) (made bool, err error) // nil: all goes well
	news   chan struct{}
}

func newFarEnd() *farEnd { return &farEnd{news: make(chan struct{}, 1)} }

func (f *farEnd) Post(ctx context.Context, d Delivery) (string, error) {
	f.mu.Lock()
	script := f.script
	f.tries++
	try := f.tries
	f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", &PostError{Outcome: NotSent, Code: "late", Err: err} // as a client does whose time is over
	}
	made, err := true, error(nil)
	if script != nil {
		made, err = script(try, d)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	ts := ""
	if made {
		f.n++
		ts = fmt.Sprintf("ts%06d", f.n)
		f.posts = append(f.posts, post{Delivery: d, TS: ts})
		select {
		case f.news <- struct{}{}:
		default:
		}
	}
	if err != nil {
		return "", err
	}
	return ts, ctx.Err()
}

func (f *farEnd) Find(_ context.Context, d Delivery) (string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.finds++
	for _, p := range f.posts {
		if p.Key == d.Key && p.Address == d.Address {
			return p.TS, true, nil
		}
	}
	return "", false, nil
}

func (f *farEnd) seen() []post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]post(nil), f.posts...)
}

// wait returns the posts once there are n, and fails the test when they do not come.
func (f *farEnd) wait(t testing.TB, n int) []post {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		if got := f.seen(); len(got) >= n {
			return got
		}
		select {
		case <-f.news:
		case <-deadline:
			t.Fatalf("%d posts came, want %d: %+v", len(f.seen()), n, leads(f.seen()))
		}
	}
}

func leads(posts []post) []string {
	var all []string
	for _, p := range posts {
		all = append(all, p.Kind+" "+p.Reply.Lead)
	}
	return all
}

// start runs an inbox until the test ends.
func start(t testing.TB, db *store.DB, answerer Answerer, far Poster, cfg Config) *Inbox {
	t.Helper()
	in := prepare(t, db, answerer, far, cfg)
	begin(t, in)
	return in
}

// prepare makes an inbox that does not work yet.
func prepare(t testing.TB, db *store.DB, answerer Answerer, far Poster, cfg Config) *Inbox {
	t.Helper()
	level := slog.LevelError
	if testing.Verbose() {
		level = slog.LevelWarn
	}
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: level}))
	in, err := New(t.Context(), db, answerer, map[string]Poster{"slack": far, "console": far}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// at is an address; events say things in it.
func at(thread int) Address {
	return Address{Door: "slack", Team: "T1", Channel: fmt.Sprint("C", thread%5), Thread: fmt.Sprintf("1700000000.%06d", thread)}
}

func said(a Address, n int, user, words string) Event {
	ts := a.Thread
	if n > 0 {
		ts = fmt.Sprintf("%s+%03d", a.Thread, n)
	}
	return Event{
		Keys: []string{"ts/" + a.Channel + "/" + ts}, Kind: Said, Address: a, TS: ts, User: user,
		Message: desk.Message{Text: words, Addressed: true},
	}
}

func edit(e Event, words string) Event {
	e.Kind, e.Message.Text, e.Keys = Edited, words, []string{e.Keys[0] + "/edit/" + words}
	return e
}

func deletion(e Event) Event {
	e.Kind, e.Message.Text, e.Keys = Deleted, "", []string{e.Keys[0] + "/deleted"}
	return e
}

func accept(t testing.TB, in *Inbox, ev Event) bool {
	t.Helper()
	ok, err := in.Accept(t.Context(), ev)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestOneQuestionGetsOneReply(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{})
		if !accept(t, in, said(at(1), 0, "U1", "첫 질문")) {
			t.Error("a new event was taken for a duplicate")
		}
		for range 4 {
			if accept(t, in, said(at(1), 0, "U1", "첫 질문")) {
				t.Error("a duplicate was accepted")
			}
		}
		got := far.wait(t, 1)
		if got[0].Address != at(1) || got[0].Reply.Lead != "1:customer:첫 질문" {
			t.Errorf("posted %+v", got[0])
		}
		idle(t, db)
		if got := far.seen(); len(got) != 1 {
			t.Errorf("%d posts, want 1", len(got))
		}
	})
}

// idle waits until nothing is left to be done.
func idle(t testing.TB, db *store.DB) {
	t.Helper()
	deadline := time.Now().Add(40 * time.Second)
	for {
		b, err := db.Backlog(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if b.Open == 0 && b.Unsent == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("work is left: %+v", b)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// begin starts a prepared inbox and stops it when the test ends.
func begin(t testing.TB, in *Inbox) {
	t.Helper()
	if err := in.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := in.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}
