package slackio

import (
	"context"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slacktest"
)

// stuck is an ingress that does not come back before it is let go, whatever its context says. It stores all the same.
type stuck struct {
	*ledger
	free chan struct{}
}

func (s stuck) Accept(ctx context.Context, e inbox.Event) (bool, error) {
	<-s.free
	return s.ledger.Accept(context.WithoutCancel(ctx), e)
}

// An acknowledgement that cannot be made within the 3 s that Slack waits is refused by HTTP and not sent through a socket, and
// what Slack then sends again counts once.
func TestLateAcknowledgementsAreNotMade(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		t.Parallel()
		free := make(chan struct{})
		s.slack.AckTimeout = 5 * time.Second // a Slack that would take a late one
		s.slack.RetryDelays = []time.Duration{0, 0, 0}
		s.doors = func(d *Doors) { d.ingress = stuck{d.ingress.(*ledger), free} }
		w := start(t, s)
		let := sync.OnceFunc(func() { close(free) })
		t.Cleanup(let)
		begun := time.Now()
		for range 3 { // one after the other in a lane of the socket
			must(w.DM("U1", "막혔대요"))
		}
		w.count.await(t, failed, 3)
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("given up after %v", took)
		}
		for _, d := range w.Deliveries() {
			if d.Acked {
				t.Errorf("acknowledged: %+v", d)
			}
		}
		let()
		w.ledger.await(t, 3)
		w.quiet()
		for _, d := range w.Deliveries() {
			if !d.Acked || time.Duration(d.Took) > 3*time.Second {
				t.Errorf("not acknowledged in time when sent again: %+v", d)
			}
		}
		if n := len(w.ledger.all()); n != 3 {
			t.Errorf("%d events, want 3", n)
		}
	})
}

// A follow-up that is handled before the mention of its own thread waits for it; one that has waited long enough is read again
// with its thread.
func TestFollowUpOvertakesItsMention(t *testing.T) {
	for name, late := range map[string]bool{"by little": false, "by much": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan bool, 10)
			var w *world
			w = start(t, setup{http: true, option: func(o *Options) {
				o.Known = func(context.Context, inbox.Address) (bool, error) {
					defer func() { asked <- true }()
					return len(w.ledger.all()) > 0, nil // as it is once the mention is accepted
				}
			}})
			mention := w.silently(slacktest.Post{Channel: room, User: "U1", Text: "<@U0BOT> 막혔대요"})
			followUp := must(w.Say(slacktest.Post{Channel: room, User: "U1", Text: "급해요", Thread: mention.TS}))
			<-asked
			if late {
				w.count.await(t, elsewhere, 1)
			}
			w.Emit(map[string]any{"type": "app_mention", "channel": room, "user": "U1", "text": mention.Text, "ts": mention.TS, "event_ts": mention.TS})
			got := w.ledger.await(t, 2)
			if got[0].TS != mention.TS || got[1].TS != followUp.TS {
				t.Errorf("accepted %s and %s, want the mention %s and then %s", got[0].TS, got[1].TS, mention.TS, followUp.TS)
			}
			w.quiet()
			if n := len(w.ledger.all()); n != 2 {
				t.Errorf("%d events, want 2", n)
			}
		})
	}
}

// What is said in a thread of others is not waited for: its question is older than that.
func TestForeignThreadsHoldNothingUp(t *testing.T) {
	w := start(t, setup{http: true, option: func(o *Options) {
		o.Known = func(context.Context, inbox.Address) (bool, error) { return false, nil }
	}})
	root := w.silently(slacktest.Post{Channel: room, User: "U1", Text: "우리끼리", At: time.Now().Add(-5 * time.Second)})
	must(w.Say(slacktest.Post{Channel: room, User: "U2", Text: "그래", Thread: root.TS}))
	w.quiet()
	if d := w.Deliveries()[0]; !d.Acked || time.Duration(d.Took) > time.Second {
		t.Errorf("delivery = %+v", d)
	}
}

// A response_url takes five answers within 30 minutes: whatever is asked by one, it is answered with one.
func TestOneAnswerForEachResponseURL(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		m := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
		ts, err := w.poster.Post(t.Context(), delivery(m, help, "k"))
		if err != nil {
			t.Fatal(err)
		}
		w.Inject(slacktest.Fault{Method: "views.open", Kind: slacktest.Refuse, Code: "expired_trigger_id"})
		asked := []func() error{
			func() error { return w.Shortcut("UAGENT", "haedap_suggest", help, m.TS) },
			func() error { return w.Click("U2", help, ts, "전체 보기") },
			func() error {
				w.Command("U1", help, "/haedap", "막혔대요")
				return nil
			},
		}
		for n, ask := range asked {
			if err := ask(); err != nil {
				t.Fatal(err)
			}
			w.eventually("an answer", func() bool { return len(w.Ephemerals()) > n })
		}
		if err := w.end(); err != nil { // nothing is under way any more
			t.Fatal(err)
		}
		if n := len(w.Ephemerals()); n != len(asked) {
			t.Errorf("%d answers to %d requests", n, len(asked))
		}
	})
}
