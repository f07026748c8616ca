package slackio

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slacktest"
)

// after opens the doors of a process that last heard from Slack at a time.
func after(t *testing.T, since time.Time, before func(*world)) *world {
	t.Helper()
	return start(t, setup{http: true, before: before, option: func(o *Options) {
		o.Since = func(context.Context) (time.Time, error) { return since, nil }
	}})
}

func (w *world) silently(p slacktest.Post) slacktest.Message {
	p.Silent = true
	return must(w.Say(p))
}

// After any gap, catch up from conversations.history and conversations.replies.
func TestStartCatchesUp(t *testing.T) {
	var question, reply, mention, direct, handled slacktest.Message
	w := after(t, time.Now(), func(w *world) {
		question = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"})
		reply = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "급해요", Thread: question.TS})
		mention = w.silently(slacktest.Post{Channel: room, User: "U1", Text: "<@U0BOT> 왜요"})
		w.silently(slacktest.Post{Channel: room, User: "U1", Text: "우리끼리 이야기"})
		direct = w.silently(slacktest.Post{Channel: w.DMChannel("U2"), User: "U2", Text: "저도요"})
		handled = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "이건 상담원이 답한 질문"})
		w.silently(slacktest.Post{Channel: help, User: "UAGENT", Text: "제가 봤습니다", Thread: handled.TS})
		w.silently(slacktest.Post{Channel: help, User: "U9", BotID: "B9", Text: "다른 봇"})
	})
	got := map[string]inbox.Event{}
	for _, e := range w.ledger.await(t, 5) {
		got[e.TS] = e
	}
	for _, m := range []slacktest.Message{question, reply, mention, direct} {
		if e, ok := got[m.TS]; !ok || e.Kind != inbox.Said {
			t.Errorf("%q was not caught up on", m.Text)
		}
	}
	if got[reply.TS].Address.Thread != question.TS {
		t.Errorf("reply = %+v", got[reply.TS])
	}
	if _, ok := got[handled.TS]; ok {
		t.Error("a question that a human answered was accepted")
	}
	if w.count.get(answered) != 1 {
		t.Errorf("%d counted as answered, want 1", w.count.get(answered))
	}
	// The same messages as events are known now.
	w.doors.gap(time.Now().Add(-time.Hour))
	must(w.DM("U2", "마지막"))
	w.ledger.await(t, 6)
}

func TestCatchUpLeavesTheOldAlone(t *testing.T) {
	var fresh slacktest.Message
	w := start(t, setup{
		http: true,
		option: func(o *Options) {
			o.Since = func(context.Context) (time.Time, error) { return time.Now().Add(-24 * time.Hour), nil }
		},
		before: func(w *world) {
			w.silently(slacktest.Post{Channel: help, User: "U1", Text: "오래된 질문", At: time.Now().Add(-2 * defaultMaxAge)})
			fresh = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "새 질문"})
		},
	})
	if got := w.ledger.await(t, 1); len(got) != 1 || got[0].TS != fresh.TS {
		t.Errorf("events = %+v", got)
	}
}

func TestCatchUpSeesEditsAndDeletions(t *testing.T) {
	var edited, deleted slacktest.Message
	w := after(t, time.Now(), func(w *world) {
		edited = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "옛 글"})
		deleted = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "지울 글"})
		w.silently(slacktest.Post{Channel: help, User: "U1", Text: "답글", Thread: deleted.TS})
		if err := errors.Join(w.Edit(help, edited.TS, "새 글"), w.Delete(help, deleted.TS)); err != nil {
			t.Fatal(err)
		}
	})
	texts := map[string]string{}
	gone := false
	for _, e := range w.ledger.await(t, 3) {
		texts[e.TS] = e.Message.Text
		gone = gone || e.Kind == inbox.Deleted && e.TS == deleted.TS
	}
	if texts[edited.TS] != "새 글" || !gone {
		t.Errorf("events = %+v", w.ledger.all())
	}
}

// A thread may go on after its question has grown too old to be found in the channel.
func TestCatchUpReadsThreadsThatTheInboxNames(t *testing.T) {
	var reply, question slacktest.Message
	w := start(t, setup{
		http: true,
		option: func(o *Options) {
			o.Since = func(context.Context) (time.Time, error) { return time.Now(), nil }
			o.Threads = func(context.Context) ([]inbox.Address, error) {
				return []inbox.Address{{Door: "slack", Team: slacktest.TeamID, Channel: help, Thread: question.TS}, {Door: "console"}}, nil
			}
		},
		before: func(w *world) {
			question = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "오래된 질문", At: time.Now().Add(-2 * defaultMaxAge)})
			reply = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "그럼 언제요?", Thread: question.TS})
		},
	})
	if got := w.ledger.await(t, 1); got[0].TS != reply.TS {
		t.Errorf("events = %+v", got)
	}
}

func TestCatchUpWaitsWhenSlackAsks(t *testing.T) {
	var m slacktest.Message
	w := after(t, time.Now(), func(w *world) {
		m = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"})
		w.Inject(slacktest.Fault{Method: "users.conversations", Times: 1, Kind: slacktest.RateLimit, RetryAfter: 1})
		w.Inject(slacktest.Fault{Method: "conversations.history", Times: 1, Kind: slacktest.DropBefore})
	})
	if got := w.ledger.await(t, 1); got[0].TS != m.TS {
		t.Errorf("events = %+v", got)
	}
}

// Slack leaves events out when there are too many, and says so: app_rate_limited.
func TestHeldBackEventsAreCaughtUp(t *testing.T) {
	w := start(t, setup{http: true})
	m := w.silently(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"})
	code, _ := w.knock("/slack/events", w.Config().SigningSecret, time.Now(), `{"type":"app_rate_limited","team_id":"T0FAKE","minute_rate_limited":`+slackTime(time.Now())[:10]+`}`)
	if code != 200 {
		t.Fatalf("answered %d", code)
	}
	if got := w.ledger.await(t, 1); got[0].TS != m.TS {
		t.Errorf("events = %+v", got)
	}
}

func TestRepliesInForeignThreadsAreDropped(t *testing.T) {
	ours := map[string]bool{}
	w := start(t, setup{http: true, option: func(o *Options) {
		o.Known = func(_ context.Context, a inbox.Address) (bool, error) {
			if a.Channel != room {
				return false, errors.New("asked about " + a.Channel)
			}
			return ours[a.Thread], nil
		}
	}})
	root := must(w.Say(slacktest.Post{Channel: room, User: "U1", Text: "우리끼리"}))
	must(w.Say(slacktest.Post{Channel: room, User: "U2", Text: "그래", Thread: root.TS}))
	if err := w.Edit(room, root.TS, "고침"); err != nil {
		t.Fatal(err)
	}
	w.quiet()
	if n := len(w.ledger.all()); n != 0 {
		t.Fatalf("%d events from a thread that is not ours", n)
	}
	ours[root.TS] = true
	must(w.Say(slacktest.Post{Channel: room, User: "U2", Text: "또", Thread: root.TS}))
	listened := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "질문"}))
	must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "답글", Thread: listened.TS}))
	w.quiet()
	if n := len(w.ledger.all()); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

// A look back that Slack or the database cut short is made again: nobody else tells what was missed.
func TestCatchUpIsFinishedLater(t *testing.T) {
	var m slacktest.Message
	w := after(t, time.Now(), func(w *world) {
		m = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"})
		w.Inject(slacktest.Fault{Method: "conversations.history", Channel: help, Kind: slacktest.ServerError, Times: 1})
	})
	if e := w.ledger.await(t, 1)[0]; e.TS != m.TS {
		t.Errorf("caught up on %+v, want the message at %s", e, m.TS)
	}
}

// What an operator must mend is not asked for again and again.
func TestCatchUpTakesRefusalsForAnAnswer(t *testing.T) {
	for code, want := range map[string]bool{"missing_scope": false, "channel_not_found": false, "internal_error": true, "ratelimited": true} {
		refusal := postError(slack.SlackErrorResponse{Err: code}, false)
		if got := passing(errors.Join(fmt.Errorf("read channel C1: %w", refusal))); got != want {
			t.Errorf("%s: tried again: %v, want %v", code, got, want)
		}
	}
	if !passing(errors.New("database is away")) {
		t.Error("a failure of our own is not tried again")
	}
}

// A clock that was set back leaves a time in the future behind: everything that is not too old is looked at.
func TestCatchUpAfterAClockSetBack(t *testing.T) {
	var m slacktest.Message
	w := after(t, time.Now().Add(time.Hour), func(w *world) {
		m = w.silently(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"})
	})
	if e := w.ledger.await(t, 1)[0]; e.TS != m.TS {
		t.Errorf("caught up on %+v, want the message at %s", e, m.TS)
	}
}

// A follow-up that comes before its own mention is accepted once the mention is there.
func TestFollowUpBeforeItsMention(t *testing.T) {
	var mu sync.Mutex
	ours := map[string]bool{}
	w := start(t, setup{http: true, option: func(o *Options) {
		o.Known = func(_ context.Context, a inbox.Address) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			return ours[a.Thread], nil
		}
	}})
	mention := w.silently(slacktest.Post{Channel: room, User: "U1", Text: "<@U0BOT> 막혔대요", At: time.Now().Add(-3 * time.Second)})
	followUp := must(w.Say(slacktest.Post{Channel: room, User: "U1", Text: "급해요", Thread: mention.TS}))
	w.quiet()
	if n := len(w.ledger.all()); n != 0 {
		t.Fatalf("%d events from a thread that is not ours", n)
	}
	mu.Lock()
	ours[mention.TS] = true // as it is once the mention is accepted
	mu.Unlock()
	w.Emit(map[string]any{"type": "app_mention", "channel": room, "user": "U1", "text": mention.Text, "ts": mention.TS, "event_ts": mention.TS})
	got := w.ledger.await(t, 2)
	if got[0].TS != mention.TS || got[1].TS != followUp.TS {
		t.Errorf("accepted %s and %s, want the mention %s and what was said under it, %s", got[0].TS, got[1].TS, mention.TS, followUp.TS)
	}
}
