package inbox

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestConcurrentDuplicatesAreAcceptedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{})
		// One message comes as app_mention and as message, on several sockets: one key is shared, the order of keys is not.
		var wg sync.WaitGroup
		var mu sync.Mutex
		accepted := 0
		for i := range 16 {
			wg.Go(func() {
				ev := said(at(1), 0, "U1", "질문")
				own := fmt.Sprint("event/", i%2)
				ev.Keys = append(ev.Keys, own)
				if i%2 == 0 {
					ev.Keys[0], ev.Keys[1] = ev.Keys[1], ev.Keys[0]
				}
				ok, err := in.Accept(t.Context(), ev)
				if err != nil {
					t.Error(err)
				}
				if ok {
					mu.Lock()
					accepted++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		idle(t, db)
		if got := far.seen(); accepted != 1 || len(got) != 1 {
			t.Errorf("accepted %d times, posted %d times, want once", accepted, len(got))
		}
	})
}

func TestThreadsAreAnsweredInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		// Two replicas on PostgreSQL; SQLite has one owner.
		inboxes := []*Inbox{start(t, db, echo{}, far, Config{UserLimit: 1000})}
		if db.Dialect() == store.Postgres {
			inboxes = append(inboxes, start(t, db, echo{}, far, Config{UserLimit: 1000}))
		}
		const threads, each = 12, 8
		var wg sync.WaitGroup
		for thread := range threads {
			wg.Go(func() {
				for n := range each {
					in := inboxes[rand.IntN(len(inboxes))]
					if _, err := in.Accept(t.Context(), said(at(thread), n, fmt.Sprint("U", thread), fmt.Sprint("m", n))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		got := far.wait(t, threads*each)
		idle(t, db)
		if len(far.seen()) != threads*each {
			t.Errorf("%d posts, want %d", len(far.seen()), threads*each)
		}
		next := map[Address]int{}
		for _, p := range got {
			n := next[p.Address]
			if want := fmt.Sprintf("%d:customer:m%d", n+1, n); p.Reply.Lead != want {
				t.Fatalf("in %s came %q, want %q", p.Address.Thread, p.Reply.Lead, want)
			}
			next[p.Address]++
		}
	})
}

func TestOnlyTheOpenerIsTheAsker(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	accept(t, in, said(at(1), 0, "U1", "a"))
	far.wait(t, 1)
	accept(t, in, said(at(1), 1, "U2", "b"))
	far.wait(t, 2)
	accept(t, in, said(at(1), 2, "U1", "c"))
	got := leads(far.wait(t, 3))
	if want := "reply 1:customer:a,reply 2:agent:b,reply 3:customer:c"; strings.Join(got, ",") != want {
		t.Errorf("got %v", got)
	}
}

func TestEditBeforeTheAnswerCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := prepare(t, db, echo{}, far, Config{})
		question := said(at(1), 0, "U1", "old")
		accept(t, in, question)
		accept(t, in, edit(question, "new"))
		early := said(at(2), 0, "U1", "old")
		accept(t, in, edit(early, "newer")) // the edit comes first
		accept(t, in, early)
		begin(t, in)
		got := leads(far.wait(t, 2))
		idle(t, db)
		if len(far.seen()) != 2 || !contains(got, "reply 1:customer:new") || !contains(got, "reply 1:customer:newer") {
			t.Errorf("got %v", got)
		}
	})
}

func TestEditDuringTheAnswerCounts(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	gate := make(chan struct{})
	in := start(t, db, echo{gate}, far, Config{})
	question := said(at(1), 0, "U1", "old")
	accept(t, in, question)
	gate <- struct{}{} // the desk has the old text
	accept(t, in, edit(question, "new"))
	close(gate)
	idle(t, db)
	// Either the old answer was recorded before the edit and then revised, or it was thrown away.
	posts := far.seen()
	last := posts[len(posts)-1]
	if !strings.HasSuffix(last.Reply.Lead, ":new") || len(posts) > 1 && last.Kind != Revise {
		t.Errorf("got %v", leads(posts))
	}
}

func TestEditAfterTheAnswerRevisesIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{})
		question := said(at(1), 0, "U1", "old")
		accept(t, in, question)
		first := far.wait(t, 1)[0]
		accept(t, in, said(at(1), 1, "U1", "second"))
		far.wait(t, 2)
		accept(t, in, edit(question, "new"))
		got := far.wait(t, 3)[2]
		if got.Kind != Revise || got.Delivery.TS != first.TS || got.Reply.Lead != "1:customer:new" {
			t.Errorf("got %s of %q: %q", got.Kind, got.Delivery.TS, got.Reply.Lead)
		}
		unfurl := edit(question, "new")
		unfurl.Keys = []string{"unfurl"}
		accept(t, in, unfurl)
		idle(t, db)
		thread, err := db.Find(t.Context(), store.Address(at(1)))
		if err != nil || thread.State.Turns != 2 {
			t.Errorf("the talk that moved on has state %+v, %v", thread.State, err)
		}
		if n := len(far.seen()); n != 3 {
			t.Errorf("%d posts after an unfurl, want 3", n)
		}
	})
}

func TestEditThatBecomesSilentWithdraws(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	question := said(at(1), 0, "U1", "q")
	accept(t, in, question)
	first := far.wait(t, 1)[0]
	accept(t, in, edit(question, "silent"))
	if got := far.wait(t, 2)[1]; got.Kind != Withdraw || got.Delivery.TS != first.TS {
		t.Errorf("got %+v", got)
	}
	accept(t, in, edit(question, "loud again"))
	idle(t, db)
}

func TestDeletedQuestions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := prepare(t, db, echo{}, far, Config{})
		pending, early, answered := said(at(1), 0, "U1", "a"), said(at(2), 0, "U1", "b"), said(at(3), 0, "U1", "c")
		accept(t, in, pending)
		accept(t, in, deletion(pending))
		accept(t, in, deletion(early))
		accept(t, in, early)
		begin(t, in)
		accept(t, in, answered)
		first := far.wait(t, 1)[0]
		idle(t, db)
		accept(t, in, deletion(answered))
		got := far.wait(t, 2)
		idle(t, db)
		if len(far.seen()) != 2 || first.Reply.Lead != "1:customer:c" || got[1].Kind != Withdraw || got[1].Delivery.TS != first.TS {
			t.Errorf("got %v", leads(far.seen()))
		}
		thread, err := db.Find(t.Context(), store.Address(at(3)))
		if err != nil || thread.State.Turns != 0 {
			t.Errorf("a withdrawn answer is still remembered: %+v, %v", thread.State, err)
		}
	})
}

func TestEscalationReachesAskerAndDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{DeskChannel: "CDESK", Link: func(a Address) string { return "link to " + a.Thread }})
		question := said(at(1), 0, "U1", "a human please, 010-1234-5678")
		accept(t, in, question)
		var reply, ticket post
		for _, p := range far.wait(t, 2) {
			if p.Kind == Ticket {
				ticket = p
			} else {
				reply = p
			}
		}
		if reply.Address != at(1) || ticket.Address.Channel != "CDESK" || ticket.Address.Thread != "" ||
			ticket.Origin != at(1) || ticket.Link != "link to "+at(1).Thread {
			t.Errorf("reply %+v, ticket %+v", reply.Address, ticket.Delivery)
		}
		accept(t, in, edit(question, "a human soon"))
		far.wait(t, 3)
		idle(t, db)
		open, err := db.OpenTickets(t.Context(), 10)
		if err != nil || len(open) != 1 || open[0].Ticket.Question != "a human soon" {
			t.Errorf("tickets %+v, %v", open, err)
		}
	})
}

func TestAdditionsGoUnderTheTicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{DeskChannel: "CDESK"})
		accept(t, in, said(at(1), 0, "U1", "human"))
		accept(t, in, said(at(1), 1, "U1", "one thing more"))
		got := far.wait(t, 3)
		idle(t, db)
		var ticket post
		for _, p := range got {
			if p.Kind == Ticket {
				ticket = p
			}
		}
		added := got[2]
		if added.Address.Channel != "CDESK" || added.Address.Thread != ticket.TS || !strings.HasSuffix(added.Reply.Lead, "one thing more") {
			t.Errorf("the desk got %+v in %+v", added.Reply, added.Address)
		}
		open, err := db.OpenTickets(t.Context(), 5)
		if err != nil || len(open) != 1 || open[0].Added != "one thing more" {
			t.Fatalf("tickets %+v, %v", open, err)
		}
		if err := db.MoveTicket(t.Context(), open[0].ID, store.TicketClosed, "U9", in.now()); err != nil {
			t.Fatal(err)
		}
		accept(t, in, said(at(1), 2, "U1", "and more"))
		far.wait(t, 4)
		open, err = db.OpenTickets(t.Context(), 5)
		if err != nil || len(open) != 1 || open[0].Ticket.Question != "and more" {
			t.Errorf("after the first was closed: %+v, %v", open, err)
		}
	})
}

func TestTicketsStayWithoutADeskChannel(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	accept(t, in, said(at(1), 0, "U1", "human"))
	far.wait(t, 1)
	idle(t, db)
	if open, err := db.OpenTickets(t.Context(), 10); err != nil || len(open) != 1 || len(far.seen()) != 1 {
		t.Errorf("%d tickets, %d posts, %v", len(open), len(far.seen()), err)
	}
}

func TestMessageThatBreaksTheDeskGoesToAHuman(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	accept(t, in, said(at(1), 0, "U1", "panic"))
	got := far.wait(t, 1)[0]
	if got.Reply.Decision != desk.Escalate || got.Reply.Lead != desk.In("en").HandFailed {
		t.Errorf("the asker sees %+v", got.Reply)
	}
	idle(t, db)
	open, err := db.OpenTickets(t.Context(), 10)
	if err != nil || len(open) != 1 || open[0].Ticket.Reason != desk.ReasonFailed {
		t.Errorf("tickets %+v, %v", open, err)
	}
	accept(t, in, said(at(2), 0, "U1", "fine"))
	far.wait(t, 2)
}

func TestFloodIsToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := start(t, db, echo{}, far, Config{UserLimit: 3})
		for i := range 10 {
			accept(t, in, said(at(i), 0, "U1", "질문"))
		}
		accept(t, in, said(at(11), 0, "U2", "질문"))
		far.wait(t, 5)
		idle(t, db)
		notices := 0
		for _, p := range far.seen() {
			if p.Reply.Lead == desk.In("ko").Flood {
				notices++
			}
		}
		if n := len(far.seen()); n != 5 || notices != 1 {
			t.Errorf("%d posts with %d notices, want 3 answers, one notice and the other user's answer", n, notices)
		}
	})
}

func TestPersonalDataIsNotStored(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	accept(t, in, said(at(1), 0, "U1", "제 번호는 010-1234-5678이에요"))
	far.wait(t, 1)
	thread, err := db.Find(t.Context(), store.Address(at(1)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := db.Messages(t.Context(), thread.ID, 5)
	if err != nil || len(all) != 1 || strings.Contains(all[0].Message.Text, "1234") {
		t.Errorf("stored %+v, %v", all, err)
	}
}

func TestFeedbackIsKept(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{})
	accept(t, in, said(at(1), 0, "U1", "q"))
	press := said(at(1), 1, "U1", "")
	press.Message.Action = desk.Unhelpful
	accept(t, in, press)
	far.wait(t, 2)
	idle(t, db)
	words, err := db.Feedback(t.Context(), in.now().Add(-1e9), 5)
	if err != nil || len(words) != 1 || words[0].Helpful || words[0].Question != "q" {
		t.Errorf("feedback %+v, %v", words, err)
	}
}

func TestEventsThatCannotBeAccepted(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	in := prepare(t, db, echo{}, newFarEnd(), Config{})
	good := said(at(1), 0, "U1", "q")
	for name, spoil := range map[string]func(*Event){
		"no key": func(e *Event) { e.Keys = nil },
		"door":   func(e *Event) { e.Address.Door = "fax" },
		"no ts":  func(e *Event) { e.TS = "" },
		"kind":   func(e *Event) { e.Kind = "sung" },
	} {
		bad := good
		spoil(&bad)
		if _, err := in.Accept(t.Context(), bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	odd := good
	odd.Message.Text = "a\x00b\xff" + strings.Repeat("가", textLimit)
	accept(t, in, odd)
	thread, err := db.Find(t.Context(), store.Address(at(1)))
	if err != nil {
		t.Fatal(err)
	}
	m, _, _, err := db.NextMessage(t.Context(), thread.ID)
	if err != nil || !strings.HasPrefix(m.Message.Text, "ab\uFFFD가") || len(m.Message.Text) > textLimit+8 {
		t.Errorf("stored %d bytes, %v", len(m.Message.Text), err)
	}
	if _, _, _, err := db.NextMessage(t.Context(), 99); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
