package slackio

import (
	"context"
	"testing"

	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slacktest"
)

// eachDoor runs a test through the HTTP door and through Socket Mode.
func eachDoor(t *testing.T, test func(t *testing.T, s setup)) {
	t.Helper()
	t.Run("http", func(t *testing.T) { test(t, setup{http: true}) })
	t.Run("socket", func(t *testing.T) { test(t, setup{}) })
}

// One message can arrive both as app_mention and as message.
func TestMentionComesTwiceAndCountsOnce(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		m := must(w.Mention(room, "U1", "인증번호가 &lt;안&gt; 와요"))
		w.quiet()
		got := w.ledger.all()
		if len(got) != 1 {
			t.Fatalf("%d events, want 1: %+v", len(got), got)
		}
		e := got[0]
		want := inbox.Address{Door: "slack", Team: slacktest.TeamID, Channel: room, Thread: m.TS}
		if e.Address != want || e.TS != m.TS || e.User != "U1" || e.Kind != inbox.Said {
			t.Errorf("event = %+v", e)
		}
		if e.Message.Text != "인증번호가 <안> 와요" || !e.Message.Addressed {
			t.Errorf("message = %+v", e.Message)
		}
		if w.count.get(duplicate) != 1 {
			t.Errorf("%d duplicates counted, want 1", w.count.get(duplicate))
		}
	})
}

func TestReplyGoesIntoTheThreadOnce(t *testing.T) {
	w := start(t, setup{http: true})
	m := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "번호가 막혔대요"}))
	w.quiet()
	d := delivery(m, help, "key-1")
	ts, err := w.poster.Post(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	thread := w.Thread(help, m.TS)
	if len(thread) != 2 || thread[1].TS != ts || thread[1].Metadata.EventPayload["key"] != "key-1" {
		t.Fatalf("thread = %+v", thread)
	}
	found, ok, err := w.poster.Find(context.Background(), d)
	if err != nil || !ok || found != ts {
		t.Fatalf("Find = %q, %v, %v; want %q", found, ok, err, ts)
	}
	w.quiet()
	if n := len(w.ledger.all()); n != 1 {
		t.Errorf("%d events after our own post, want 1", n)
	}
	if w.count.get(ownPost) != 1 {
		t.Errorf("own post counted %d times, want 1", w.count.get(ownPost))
	}
}
