package slackio

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slacktest"
)

const (
	help     = "C0HELP" // listened to
	room     = "C0ROOM" // the bot is in it, but does not listen
	deskroom = "C0DESK"
)

// ledger is an ingress that keeps events in memory and knows their keys.
type ledger struct {
	mu      sync.Mutex
	known   map[string]bool
	events  []inbox.Event
	failing int           // so many calls fail first
	block   chan struct{} // holds calls up
	only    string        // … for this channel alone, when set
	changed chan struct{}
}

func newLedger() *ledger {
	return &ledger{known: map[string]bool{}, changed: make(chan struct{})}
}

func (l *ledger) Accept(ctx context.Context, e inbox.Event) (bool, error) {
	l.mu.Lock()
	block := l.block
	if l.only != "" && l.only != e.Address.Channel {
		block = nil
	}
	l.mu.Unlock()
	if block != nil {
		select {
		case <-block:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	if l.failing > 0 {
		l.failing--
		return false, errors.New("database is down")
	}
	fresh := true
	for _, k := range e.Keys {
		fresh = fresh && !l.known[k]
		l.known[k] = true
	}
	if fresh {
		l.events = append(l.events, e)
	}
	return fresh, nil
}

func (l *ledger) all() []inbox.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]inbox.Event(nil), l.events...)
}

// await returns the first n events.
func (l *ledger) await(t *testing.T, n int) []inbox.Event {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		l.mu.Lock()
		got, changed := append([]inbox.Event(nil), l.events...), l.changed
		l.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d events came, want %d", len(got), n)
		}
	}
}

// tally counts what the doors count.
type tally struct {
	mu      sync.Mutex
	n       map[string]int
	changed chan struct{}
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[what]++
	close(c.changed)
	c.changed = make(chan struct{})
}

// await waits until what was counted n times.
func (c *tally) await(t *testing.T, what string, n int) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		c.mu.Lock()
		got, changed := c.n[what], c.changed
		c.mu.Unlock()
		if got >= n {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%s counted %d times, want %d", what, got, n)
		}
	}
}

func (c *tally) get(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[what]
}

// world is a fake Slack with our doors open to it.
type world struct {
	*slacktest.Server
	t      *testing.T
	ledger *ledger
	poster *Poster
	doors  *Doors
	count  *tally
	http   *httptest.Server
	end    func() error
}

type setup struct {
	slack  slacktest.Config
	config func(*Config)
	http   bool // the HTTP door, else Socket Mode
	both   bool
	option func(*Options)
	before func(*world)
	doors  func(*Doors)
}

func start(t *testing.T, s setup) *world {
	t.Helper()
	if s.slack.RetryDelays == nil {
		s.slack.RetryDelays = []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond}
	}
	s.slack.Both = s.both
	w := &world{Server: slacktest.Start(t, s.slack), t: t, ledger: newLedger(), count: &tally{n: map[string]int{}, changed: make(chan struct{})}}
	for _, c := range []string{help, room, deskroom} {
		w.AddChannel(c, "channel", slacktest.BotUser, "U1", "U2", "UAGENT")
	}
	cfg := Config{BotToken: w.Config().BotToken, APIURL: w.API(), DeskChannel: deskroom, ListenChannels: []string{help}}
	if s.http || s.both {
		cfg.SigningSecret = w.Config().SigningSecret
	}
	if !s.http || s.both {
		cfg.AppToken = w.Config().AppToken
	}
	if s.config != nil {
		s.config(&cfg)
	}
	var err error
	if w.poster, err = NewPoster(cfg); err != nil {
		t.Fatal(err)
	}
	opt := Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Count: w.count.add}
	if s.option != nil {
		s.option(&opt)
	}
	w.doors = New(w.poster, w.ledger, suggestFake, wholeFake, opt)
	if s.doors != nil {
		s.doors(w.doors)
	}
	if s.before != nil {
		s.before(w)
	}
	w.http = httptest.NewServer(w.doors.Handler())
	t.Cleanup(w.http.Close)
	if s.http || s.both {
		w.SetEndpoint(w.http.URL)
	}
	w.run()
	return w
}

// run opens the doors until the test ends.
func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.doors.Run(ctx) }()
	w.end = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	w.t.Cleanup(func() { _ = w.end() })
	select {
	case <-w.doors.known:
	case <-time.After(20 * time.Second):
		w.t.Fatal("Slack was not asked who we are")
	}
	if w.doors.cfg.AppToken != "" {
		w.eventually("both sockets are open", func() bool { return w.Sockets() == sockets })
	}
}

// eventually waits until something about the fake Slack holds.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := w.Await(ctx, ok); err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

// quiet waits until everything sent to us was acknowledged or given up.
func (w *world) quiet() {
	w.t.Helper()
	w.eventually("everything is delivered", w.Quiet)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func suggestFake(_ context.Context, text string) (desk.Suggestion, error) {
	switch text {
	case "fail":
		return desk.Suggestion{}, errors.New("engine is down")
	case "몰라요":
		return desk.Suggestion{Lang: "ko", Alternatives: []desk.Candidate{{Label: "이용제한", Score: 0.2}}, Topic: "인증번호 미수신"}, nil
	}
	return desk.Suggestion{Lang: "ko", Sure: true, Confidence: 0.97, Parts: reply().Parts, Text: "안녕하세요, 고객님.\n\n서류를 <제출>해 주세요."}, nil
}

func wholeFake(article, lang string) (string, string, bool) {
	if article != "phone_number_blocked" {
		return "", "", false
	}
	return "인증번호를 보낼 수 없는 번호라고 나와요", "## 이유\n\n" + lang + " **운영정책** 위반에 쓰인 번호입니다.", true
}

func reply() desk.Reply {
	return desk.Reply{
		Decision: desk.Answer, Lang: "ko", Confidence: 0.97, Lead: "아래 도움말을 확인해 주세요.",
		Parts: []desk.Part{{
			Intent: "phone_number_blocked", Article: "phone_number_blocked", Section: "documents",
			Title: "인증번호를 보낼 수 없는 번호라고 나와요", Shown: "가입한 통신사의 **서류**를 내 주세요.\n\n- SKT: 이용계약등록사항증명서\n- KT: 원부증명서",
			Folded: "### 이유\n\n운영정책 위반에 쓰인 번호입니다.", Source: "카카오 고객센터 (2026-11 확인)", URL: "https://cs.kakao.com/",
		}},
	}
}

func delivery(m slacktest.Message, channel, key string) inbox.Delivery {
	return inbox.Delivery{Key: key, Kind: "reply", Reply: reply(), Address: inbox.Address{Door: "slack", Team: slacktest.TeamID, Channel: channel, Thread: m.TS}}
}
