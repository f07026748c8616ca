package slackio

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/slacktest"
)

func (w *world) ephemeral() slacktest.Ephemeral {
	w.t.Helper()
	w.eventually("an ephemeral message", func() bool { return len(w.Ephemerals()) > 0 })
	return w.Ephemerals()[0]
}

// The message shortcut shows the agent, and nobody else, the article and a reply to copy.
func TestShortcutSuggests(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		m := must(w.Say(slacktest.Post{Channel: room, User: "U1", Text: "번호가 막혔대요"}))
		if err := w.Shortcut("UAGENT", "haedap_suggest", room, m.TS); err != nil {
			t.Fatal(err)
		}
		e := w.ephemeral()
		text := strings.Join(decodeBlocks(t, e.Blocks), "\n")
		if e.User != "UAGENT" || !strings.Contains(text, "```\n안녕하세요, 고객님.\n\n서류를 &lt;제출&gt;해 주세요.\n```") || !strings.Contains(text, "97%") {
			t.Errorf("ephemeral = %+v\n%s", e, text)
		}
		inert(t, text)
		if len(w.BotPosts(room)) != 0 || len(w.ledger.all()) != 0 {
			t.Error("others see the suggestion, or it went to the inbox")
		}
	})
}

// A forwarded message decodes as an attachment with IsShare, AuthorID, FromURL and Text.
func TestForwardedMessageSuggests(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		s.both = s.http // a forward that comes through both doors is answered once
		w := start(t, s)
		for name, say := range map[string]func() (slacktest.Message, error){
			"forwarded": func() (slacktest.Message, error) { return w.Share("UAGENT", "U1", "번호가 막혔대요", "") },
			"pasted":    func() (slacktest.Message, error) { return w.DM("UAGENT", "고객 문의: 번호가 막혔대요") },
			"quoted":    func() (slacktest.Message, error) { return w.DM("UAGENT", "&gt; 번호가 막혔대요") },
		} {
			m := must(say())
			w.quiet()
			thread := w.Thread(w.DMChannel("UAGENT"), m.TS)
			if len(thread) != 2 {
				t.Fatalf("%s: %d messages in the thread, want 2", name, len(thread))
			}
			if text := strings.Join(decodeBlocks(t, thread[1].Blocks), "\n"); !strings.Contains(text, "안녕하세요, 고객님.") {
				t.Errorf("%s: %s", name, text)
			}
		}
		if n := len(w.ledger.all()); n != 0 {
			t.Errorf("%d events went to the inbox", n)
		}
	})
}

// A suggestion that Slack lost is sent again; one that it kept is not.
func TestSuggestionIsShownOnce(t *testing.T) {
	for kind, requests := range map[slacktest.FaultKind]int{slacktest.DropBefore: 2, slacktest.DropAfter: 1, slacktest.RateLimitedIn200: 2} {
		t.Run(string(kind), func(t *testing.T) {
			w := start(t, setup{http: true, before: func(w *world) {
				w.Inject(slacktest.Fault{Method: "chat.postMessage", Times: 1, Kind: kind})
			}})
			m := must(w.Share("UAGENT", "U1", "번호가 막혔대요", ""))
			w.quiet()
			if n := len(w.Thread(w.DMChannel("UAGENT"), m.TS)); n != 2 {
				t.Errorf("%d messages in the thread, want 2", n)
			}
			if n := len(w.Calls("chat.postMessage")); n != requests {
				t.Errorf("%d requests, want %d", n, requests)
			}
		})
	}
}

// claims is held by another replica until it is given up.
type claims struct {
	mu   sync.Mutex
	held bool
	got  []string
}

func (c *claims) Claim(_ context.Context, key string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, key)
	return !c.held, nil
}

func (c *claims) Release(context.Context, string) error { return nil }

func (c *claims) set(held bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = held
}

// Of two replicas that get the same forwarded message one answers; the other has Slack send it again.
func TestForwardedMessageIsAnsweredByOneReplica(t *testing.T) {
	other := &claims{held: true}
	w := start(t, setup{http: true, option: func(o *Options) { o.Claims = other }})
	m := must(w.Share("UAGENT", "U1", "번호가 막혔대요", ""))
	w.quiet()
	if posts := w.BotPosts(w.DMChannel("UAGENT")); len(posts) != 0 {
		t.Fatalf("answered though another replica has it: %+v", posts)
	}
	if d := w.Deliveries()[0]; d.Acked {
		t.Errorf("acknowledged before it was answered: %+v", d)
	}
	other.set(false) // it died
	event := map[string]any{"type": "message", "channel": w.DMChannel("UAGENT"), "channel_type": "im", "user": "UAGENT", "text": "", "ts": m.TS, "event_ts": m.TS, "attachments": m.Attachments}
	w.Emit(event)
	w.quiet()
	if posts := w.BotPosts(w.DMChannel("UAGENT")); len(posts) != 1 {
		t.Fatalf("%d answers, want 1", len(posts))
	}
	if len(other.got) < 2 || other.got[0] != other.got[1] {
		t.Errorf("claimed %q, want one key", other.got)
	}
}

func TestUnsureSuggestion(t *testing.T) {
	w := start(t, setup{http: true})
	must(w.Share("UAGENT", "U1", "몰라요", ""))
	w.quiet()
	posts := w.BotPosts(w.DMChannel("UAGENT"))
	text := strings.Join(decodeBlocks(t, posts[0].Blocks), "\n")
	for _, want := range []string{desk.In("ko").SuggestNone, "인증번호 미수신", "이용제한"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

func TestCommandAnswersPrivately(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		for text, want := range map[string]string{
			"번호가 막혔대요": "이용계약등록사항증명서", "": desk.In("ko").Empty, "fail": desk.In("ko").Failure, "몰라요": desk.In("ko").SuggestNone,
		} {
			w := start(t, s)
			w.Command("U1", help, "/haedap", text)
			w.quiet()
			e := w.ephemeral()
			shown := e.Text
			if e.Blocks != nil {
				shown += strings.Join(decodeBlocks(t, e.Blocks), "\n")
			}
			if e.User != "U1" || !strings.Contains(shown, want) {
				t.Errorf("/haedap %s: %+v", text, e)
			}
			if len(w.BotPosts(help)) != 0 {
				t.Error("others see the answer")
			}
		}
	})
}

// Trigger_id lives 3 s.
func TestWholeArticleOpensAsAWindow(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		m := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
		ts, err := w.poster.Post(t.Context(), delivery(m, help, "k"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Click("U1", help, ts, "전체 보기"); err != nil {
			t.Fatal(err)
		}
		w.eventually("a window", func() bool { return len(w.Views()) == 1 })
		if v := w.Views()[0]; !strings.Contains(string(v.Raw), "*운영정책*") {
			t.Errorf("view = %s", v.Raw)
		}
		w.Inject(slacktest.Fault{Method: "views.open", Times: 1, Kind: slacktest.Refuse, Code: "expired_trigger_id"})
		if err := w.Click("U2", help, ts, "전체 보기"); err != nil {
			t.Fatal(err)
		}
		if e := w.ephemeral(); e.User != "U2" || !strings.Contains(string(e.Blocks), "운영정책") {
			t.Errorf("ephemeral = %+v", e)
		}
	})
}

func TestAcksDoNotWaitForTheWindow(t *testing.T) {
	w := start(t, setup{http: true, before: func(w *world) {
		w.Inject(slacktest.Fault{Method: "views.open", Kind: slacktest.Slow, Delay: 700 * time.Millisecond})
	}})
	m := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	ts, err := w.poster.Post(t.Context(), delivery(m, help, "k"))
	if err != nil {
		t.Fatal(err)
	}
	w.quiet()
	if err := w.Click("U1", help, ts, "전체 보기"); err != nil {
		t.Fatal(err)
	}
	w.quiet()
	for _, d := range w.Deliveries() {
		if d.Kind == "interactive" && (!d.Acked || time.Duration(d.Took) > 500*time.Millisecond) {
			t.Errorf("delivery = %+v", d)
		}
	}
}

func TestAnswersGoToSlackAlone(t *testing.T) {
	_, p := posterTo(t, slacktest.Config{})
	for address, ok := range map[string]bool{
		p.cfg.APIURL + "x": true, "https://hooks.slack.com/actions/T/1/x": true, "https://slack.com/x": true,
		"http://hooks.slack.com/x": false, "https://slack.com.evil.kr/x": false, "https://evil.kr/": false, "::": false, "": false,
	} {
		if err := p.checkResponseURL(address); (err == nil) != ok {
			t.Errorf("checkResponseURL(%q) = %v", address, err)
		}
	}
}
