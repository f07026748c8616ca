package slackio

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/slack-go/slack/socketmode"

	"haedap/bot/internal/slacktest"
)

// On disconnect slack-go drops the old socket before a new one is open: keep two connections.
func TestDisconnectLosesNothing(t *testing.T) {
	w := start(t, setup{})
	for i := range 20 {
		if i == 5 || i == 12 {
			w.Disconnect(1, "refresh_requested")
		}
		must(w.DM("U1", "질문"))
	}
	w.ledger.await(t, 20)
	w.quiet()
	for _, d := range w.Deliveries() {
		if !d.Acked {
			t.Errorf("not acknowledged: %+v", d)
		}
	}
	w.eventually("both are open again", func() bool { return w.Sockets() == sockets })
}

// Socket Mode redelivers unacked envelopes.
func TestDroppedSocketIsRedelivered(t *testing.T) {
	w := start(t, setup{slack: slacktest.Config{RetryDelays: []time.Duration{0, 2 * time.Second, 2 * time.Second, 2 * time.Second}}})
	w.ledger.mu.Lock()
	w.ledger.block = make(chan struct{}) // the database is stalled
	w.ledger.mu.Unlock()
	must(w.DM("U1", "막혔대요"))
	w.DropSockets()
	w.ledger.mu.Lock()
	close(w.ledger.block)
	w.ledger.block = nil
	w.ledger.mu.Unlock()
	w.quiet()
	if n := len(w.ledger.all()); n != 1 {
		t.Fatalf("%d events, want 1", n)
	}
	if d := w.Deliveries()[0]; !d.Acked || len(d.Attempts) < 2 {
		t.Errorf("delivery = %+v, want it redelivered and acknowledged", d)
	}
}

// After any gap catch up from conversations.history.
func TestGapIsCaughtUp(t *testing.T) {
	w := start(t, setup{slack: slacktest.Config{RetryDelays: []time.Duration{}}}) // Slack does not try twice
	w.DropSockets()
	missed := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요", Silent: true}))
	got := w.ledger.await(t, 1)
	if got[0].TS != missed.TS || got[0].Message.Text != "막혔대요" {
		t.Errorf("event = %+v", got[0])
	}
}

// A half-open connection is noticed by the pings that do not come.
func TestHalfOpenSocketIsReplaced(t *testing.T) {
	w := start(t, setup{slack: slacktest.Config{Ping: 50 * time.Millisecond}, doors: func(d *Doors) { d.pingWithin = 400 * time.Millisecond }})
	w.MuteSockets()
	missed := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요", Silent: true}))
	if got := w.ledger.await(t, 1); got[0].TS != missed.TS {
		t.Errorf("event = %+v", got[0])
	}
}

func TestConnectionsAreKeptApartInAge(t *testing.T) {
	d := New(start(t, setup{http: true}).poster, newLedger(), suggestFake, wholeFake, Options{})
	hello := &socketmode.Request{DebugInfo: socketmode.DebugInfo{ApproximateConnectionTime: 18000}}
	if _, alike := d.opened(0, hello); alike {
		t.Error("the first connection is to be renewed")
	}
	if wait, alike := d.opened(1, hello); !alike || wait != 9000*time.Second {
		t.Errorf("the second is renewed in %v, %v; want in 2h30m", wait, alike)
	}
	d.open[0] = time.Now().Add(-2 * time.Hour)
	if _, alike := d.opened(1, hello); alike {
		t.Error("a connection of another age is to be renewed")
	}
}

// Garbage on the socket costs neither the connection nor what follows.
func TestGarbageFrames(t *testing.T) {
	w := start(t, setup{})
	w.SendRaw(json.RawMessage(`{"type":"interactive","envelope_id":"e1","payload":"what"}`))
	w.SendRaw(json.RawMessage(`[1,2]`))
	w.SendRaw(json.RawMessage(`{"type":"new_kind","envelope_id":"e2","payload":{}}`))
	must(w.DM("U1", "막혔대요"))
	w.ledger.await(t, 1)
	w.quiet()
	w.count.await(t, badEvent, sockets)
	w.count.await(t, unknown, sockets)
}

func TestBothDoorsOneIngress(t *testing.T) {
	w := start(t, setup{both: true})
	for range 5 {
		must(w.Mention(help, "U1", "막혔대요"))
	}
	w.quiet()
	if n := len(w.ledger.all()); n != 5 {
		t.Errorf("%d events, want 5", n)
	}
	if n := w.count.get(duplicate); n != 15 {
		t.Errorf("%d duplicates, want 15: each mention comes twice through either door", n)
	}
}

func TestRefusedAppTokenIsSaid(t *testing.T) {
	w := start(t, setup{http: true})
	cfg := w.poster.cfg
	cfg.AppToken = "xapp-wrong-one"
	poster, err := NewPoster(cfg)
	if err != nil {
		t.Fatal(err)
	}
	err = New(poster, w.ledger, suggestFake, wholeFake, Options{}).Run(t.Context())
	if err == nil || err.Error() != "SLACK_APP_TOKEN is refused by Slack (invalid_auth): make a new App-Level Token with connections:write" {
		t.Errorf("Run = %v", err)
	}
	cfg.BotToken = "xoxb-wrong-one"
	if poster, err = NewPoster(cfg); err != nil {
		t.Fatal(err)
	}
	doors := New(poster, w.ledger, suggestFake, wholeFake, Options{})
	if err := doors.Run(t.Context()); err == nil || doors.Health() == nil {
		t.Errorf("Run = %v, Health = %v", err, doors.Health())
	}
}

// A channel whose events cannot be stored holds up no other.
func TestStalledChannelHoldsUpNoOther(t *testing.T) {
	w := start(t, setup{before: func(w *world) { w.ledger.block, w.ledger.only = make(chan struct{}), room }})
	defer close(w.ledger.block)
	for range 3 {
		must(w.Mention(room, "U1", "멈춘 채널"))
	}
	began := time.Now()
	for range 10 {
		must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "다른 채널"}))
	}
	w.ledger.await(t, 10)
	if took := time.Since(began); took > ackTimeout/2 {
		t.Errorf("the other channel waited %v", took)
	}
}

// hello is not acked: it has no envelope.
func TestHelloIsNotAcked(t *testing.T) {
	w := start(t, setup{})
	must(w.DM("U1", "막혔대요"))
	w.ledger.await(t, 1)
	w.quiet()
	if err := w.end(); err != nil { // nothing is under way any more
		t.Fatal(err)
	}
	if acks := w.Acks(); len(acks) != 1 || acks[0].Envelope == "" || acks[0].Sent != acks[0].Came {
		t.Errorf("the app sent %+v, want one acknowledgement, of the message", acks)
	}
}

// Acks queue client-wide: those of envelopes whose connection is gone leave by the next one, where Slack knows nothing of
// them. They hold nothing up, and what Slack therefore sends again is acknowledged and counts once.
func TestAcksQueueClientWide(t *testing.T) {
	w := start(t, setup{slack: slacktest.Config{RetryDelays: []time.Duration{0, 2 * time.Second, 2 * time.Second, 2 * time.Second}}})
	w.ledger.mu.Lock()
	block := make(chan struct{})
	w.ledger.block = block // every acknowledgement is still to be made when the connections go
	w.ledger.mu.Unlock()
	const questions = 30 // more than the 20 that slack-go's queue holds
	for n := range questions {
		must(w.DM(fmt.Sprintf("U%d", n), "막혔대요"))
	}
	w.Disconnect(0, "refresh_requested")
	w.eventually("both connections are new", func() bool { return w.Opened() == 2*sockets && w.Sockets() == sockets })
	w.ledger.mu.Lock()
	w.ledger.block = nil
	w.ledger.mu.Unlock()
	close(block)
	w.quiet()
	for _, d := range w.Deliveries() {
		if !d.Acked {
			t.Errorf("not acknowledged: %+v", d)
		}
	}
	if n := len(w.ledger.all()); n != questions {
		t.Errorf("%d events, want %d", n, questions)
	}
	strayed := 0
	for _, a := range w.Acks() {
		if a.Sent != a.Came {
			strayed++
		}
	}
	if strayed == 0 {
		t.Error("no acknowledgement left by another connection than its envelope came on: nothing was tested")
	}
}
