package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func failure(o Outcome, after time.Duration) error {
	return &PostError{Outcome: o, After: after, Code: "scripted", Err: errors.New("scripted")}
}

func TestNotSentIsSentAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		far.script = func(try int, _ Delivery) (bool, error) {
			if try <= 3 {
				return false, failure(NotSent, 0)
			}
			return true, nil
		}
		in := start(t, db, echo{}, far, Config{})
		accept(t, in, said(at(1), 0, "U1", "q"))
		far.wait(t, 1)
		idle(t, db)
		if len(far.seen()) != 1 || far.tries != 4 || far.finds != 0 {
			t.Errorf("%d posts in %d tries with %d searches", len(far.seen()), far.tries, far.finds)
		}
	})
}

func TestAmbiguousEndIsLookedForFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, made := range []bool{true, false} {
			t.Run(fmt.Sprintf("made=%v", made), func(t *testing.T) {
				far := newFarEnd()
				var first, second time.Time
				far.script = func(try int, _ Delivery) (bool, error) {
					if try == 1 {
						first = time.Now()
						return made, failure(Ambiguous, 0)
					}
					second = time.Now()
					return true, nil
				}
				const settle = 700 * time.Millisecond
				in := start(t, db, echo{}, far, Config{settle: settle})
				a := at(1)
				a.Team = fmt.Sprint(made)
				accept(t, in, said2(a, "q"))
				follow := said2(a, "r")
				follow.TS, follow.Keys = a.Thread+"+1", []string{"follow" + a.Team}
				accept(t, in, follow)
				far.wait(t, 2)
				idle(t, db)
				got := leads(far.seen())
				if want := "reply 1:customer:q,reply 2:customer:r"; strings.Join(got, ",") != want {
					t.Errorf("got %v", got)
				}
				if far.finds != 1 || second.Sub(first) < settle-20*time.Millisecond {
					t.Errorf("looked %d times, next post after %v", far.finds, second.Sub(first))
				}
			})
		}
	})
}

func said2(a Address, words string) Event {
	ev := said(a, 0, "U1", words)
	ev.Keys = []string{a.Team + "/" + a.Thread + "/" + words}
	return ev
}

func TestOtherThreadsDoNotWaitForAnAmbiguousEnd(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	far.script = func(_ int, d Delivery) (bool, error) {
		if d.Address == at(5) {
			return false, failure(Ambiguous, 0)
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{}) // twelve seconds until it is looked for
	begun := time.Now()
	accept(t, in, said(at(5), 0, "U1", "q"))
	accept(t, in, said(at(10), 0, "U1", "q")) // the same channel
	far.wait(t, 1)
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("the other thread waited %v", took)
	}
}

func TestRefusedReplyBecomesATicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		far.script = func(_ int, d Delivery) (bool, error) {
			if d.Kind == Reply {
				return false, failure(Refused, 0)
			}
			return true, nil
		}
		in := start(t, db, echo{}, far, Config{DeskChannel: "CDESK"})
		accept(t, in, said(at(1), 0, "U1", "q"))
		got := far.wait(t, 1)
		idle(t, db)
		if got[0].Kind != Ticket || got[0].Reply.Ticket.Question != "q" {
			t.Errorf("the desk got %+v", got[0].Delivery)
		}
		failed, err := db.FailedDeliveries(t.Context(), 5)
		if err != nil || len(failed) != 1 || failed[0].Error != "scripted" {
			t.Fatalf("failed: %+v, %v", failed, err)
		}
		far.mu.Lock()
		far.script = nil
		far.mu.Unlock()
		if err := in.Retry(t.Context(), failed[0].Key); err != nil {
			t.Fatal(err)
		}
		if got := far.wait(t, 2); got[1].Reply.Lead != "1:customer:q" {
			t.Errorf("after a retry came %+v", got[1])
		}
		if err := in.Retry(t.Context(), failed[0].Key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retried what is not failed: %v", err)
		}
	})
}

func TestDeliveriesWaitForTheirDoor(t *testing.T) {
	folder := t.TempDir()
	db := storetest.OpenSQLite(t, folder)
	far := newFarEnd()
	accept(t, prepare(t, db, echo{}, far, Config{}), said(at(1), 0, "U1", "q"))
	page, err := New(t.Context(), db, echo{}, map[string]Poster{"console": far}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for b := (store.Backlog{}); b.Unsent == 0; { // until it is answered
		if b, err = db.Backlog(t.Context()); err != nil || time.Now().After(deadline) {
			t.Fatalf("not answered: %+v, %v", b, err)
		}
	}
	if err := page.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(far.seen()); n != 0 {
		t.Errorf("%d posts by another door", n)
	}
	start(t, db, echo{}, far, Config{})
	far.wait(t, 1)
}

func TestRefusedTicketStaysInTheStore(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	far.script = func(_ int, d Delivery) (bool, error) {
		if d.Kind == Ticket {
			return false, failure(Refused, 0)
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{DeskChannel: "CGONE"})
	accept(t, in, said(at(1), 0, "U1", "human"))
	got := far.wait(t, 1)
	idle(t, db)
	open, err := db.OpenTickets(t.Context(), 5)
	if err != nil || len(open) != 1 || got[0].Kind != Reply {
		t.Errorf("tickets %+v, %v", open, err)
	}
}

func TestChannelsArePacedAndFair(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	var mu sync.Mutex
	times := map[string][]time.Time{}
	far.script = func(_ int, d Delivery) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		times[d.Address.Channel] = append(times[d.Address.Channel], time.Now())
		return true, nil
	}
	const every, busy = 100 * time.Millisecond, 20
	in := prepare(t, db, echo{}, far, Config{Pace: map[string]Pace{"slack": {Every: every, Burst: 2}}, UserLimit: 1000})
	for i := range busy {
		a := at(i)
		a.Channel = "CBUSY"
		accept(t, in, said(a, 0, fmt.Sprint("U", i), fmt.Sprint(i)))
	}
	begin(t, in)
	begun := time.Now()
	quiet := at(99)
	quiet.Channel = "CQUIET"
	accept(t, in, said(quiet, 0, "UQ", "quiet"))
	got := far.wait(t, busy+1)
	took := time.Since(begun)
	mu.Lock()
	defer mu.Unlock()
	if least := (busy - 2) * every; took < least-every/2 {
		t.Errorf("%d posts took %v, want at least %v", busy, took, least)
	}
	if late := times["CQUIET"][0].Sub(begun); late > took/2 {
		t.Errorf("the quiet channel waited %v for the busy one", late)
	}
	for i, p := range got {
		if p.Address.Channel == "CQUIET" {
			got = append(got[:i:i], got[i+1:]...)
			break
		}
	}
	var last int64
	for i, p := range got {
		d, err := db.Delivery(t.Context(), p.Key)
		if err != nil {
			t.Fatal(err)
		}
		if i > 2 && d.Seq < last { // the burst may overtake itself
			t.Errorf("post %d was delivery %d, after %d: out of order in its channel", i, d.Seq, last)
		}
		last = d.Seq
	}
}

func TestRetryAfterRestsTheChannel(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	var limited, next time.Time
	far.script = func(try int, _ Delivery) (bool, error) {
		if try == 1 {
			limited = time.Now()
			return false, &PostError{Outcome: NotSent, After: time.Second, Code: RateLimited}
		}
		if next.IsZero() {
			next = time.Now()
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{Pace: map[string]Pace{"slack": {Every: time.Millisecond, Burst: 1}}})
	accept(t, in, said(at(5), 0, "U1", "a"))
	deadline := time.Now().Add(10 * time.Second)
	for { // until the limit is known
		if d, err := db.Unfinished(t.Context(), 5); err == nil && len(d) == 1 && d[0].Error != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first post did not fail")
		}
	}
	accept(t, in, said(at(10), 0, "U2", "b")) // the same channel
	far.wait(t, 2)
	if rested := next.Sub(limited); rested < 950*time.Millisecond {
		t.Errorf("the channel was posted to after %v, asked to rest 1 s", rested)
	}
}

func TestStopHandsBackWithinTenSeconds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		posting := make(chan struct{}, 100)
		hang := make(chan struct{})
		far.script = func(try int, _ Delivery) (bool, error) {
			posting <- struct{}{}
			if try == 1 {
				<-hang
			}
			return true, nil
		}
		in := prepare(t, db, echo{}, far, Config{settle: 100 * time.Millisecond})
		if err := in.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		accept(t, in, said(at(1), 0, "U1", "a"))
		<-posting
		stopped := make(chan error)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			stopped <- in.Stop(ctx)
		}()
		close(hang) // the post ends while the inbox stops
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		if len(far.seen()) != 1 {
			t.Errorf("%d posts", len(far.seen()))
		}
		accept(t, in, said(at(2), 0, "U1", "b")) // accepted, not worked
		again := start(t, db, echo{}, far, Config{settle: 100 * time.Millisecond})
		far.wait(t, 2)
		idle(t, db)
		if again.replica == in.replica || len(far.seen()) != 2 {
			t.Errorf("%d posts after the restart, want 2", len(far.seen()))
		}
	})
}
