package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

var (
	t0   = time.UnixMilli(1_700_000_000_000)
	here = store.Address{Door: "slack", Team: "T1", Channel: "C1", Thread: "1700000000.000100"}
)

// update runs do in a transaction and fails the test when it fails.
func update(t *testing.T, db *store.DB, do func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// arrive opens the thread at a for m.
func arrive(t *testing.T, db *store.DB, a store.Address, m store.Message, user string) (known store.Arrival) {
	t.Helper()
	update(t, db, func(tx *store.Tx) (err error) {
		known, err = tx.Arrive(t.Context(), a, m, user, t0.Add(-time.Second), 5)
		return err
	})
	return known
}

// add stores m and returns its id.
func add(t *testing.T, tx *store.Tx, m store.Message) (id int64, err error) {
	t.Helper()
	if err := tx.AddMessage(t.Context(), m); err != nil {
		return 0, err
	}
	m, err = tx.MessageAt(t.Context(), m.ThreadID, m.TS)
	return m.ID, err
}

// stale runs do in a transaction and reports whether it failed since something had changed.
func stale(t *testing.T, db *store.DB, do func(*store.Tx) error) bool {
	t.Helper()
	err := db.Update(t.Context(), do)
	if err != nil && !errors.Is(err, store.ErrStale) {
		t.Fatal(err)
	}
	return err != nil
}

// say stores a thread with one open message.
func say(t *testing.T, db *store.DB, a store.Address, ts, text string) (thread store.Thread, message int64) {
	t.Helper()
	m := store.Message{TS: ts, Author: "slack/T1/U1", Message: desk.Message{Text: text}, State: store.Open, At: t0}
	thread = arrive(t, db, a, m, "U1").Thread
	m.ThreadID = thread.ID
	update(t, db, func(tx *store.Tx) (err error) {
		message, err = add(t, tx, m)
		return err
	})
	return thread, message
}

func TestKeysAreKnownOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		add := func(at time.Time, keys ...string) (fresh bool) {
			err := db.Update(ctx, func(tx *store.Tx) error { return tx.AddKeys(ctx, keys, at) })
			if err != nil && !errors.Is(err, store.ErrKnown) {
				t.Fatal(err)
			}
			return err == nil
		}
		if !add(t0, "event/1", "ts/1") {
			t.Error("new keys taken for known")
		}
		if add(t0, "event/2", "ts/1") {
			t.Error("a known key among new ones was not seen")
		}
		for i := range 10 {
			add(t0.Add(time.Hour), fmt.Sprint("later/", i))
		}
		more := true
		for rounds := 0; more; rounds++ {
			update(t, db, func(tx *store.Tx) (err error) {
				more, err = tx.PruneKeys(ctx, t0.Add(time.Minute), 1)
				return err
			})
			if rounds > 5 {
				t.Fatal("pruning does not end")
			}
		}
		if !add(t0, "event/1") || add(t0, "later/3") {
			t.Error("pruning must forget the old keys and only them")
		}
	})
}

func TestThreadKeepsOpenerAndState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		arrive(t, db, here, store.Message{TS: "2", At: t0}, "U2")
		arrive(t, db, here, store.Message{TS: here.Thread, At: t0}, "U1")
		arrive(t, db, here, store.Message{TS: "3", At: t0.Add(time.Second)}, "U3")
		thread, err := db.Find(ctx, here)
		if err != nil {
			t.Fatal(err)
		}
		if thread.Opener != "U1" {
			t.Errorf("opener %q, want U1, who wrote the first message", thread.Opener)
		}
		set := func(version int64) (ok bool) {
			return !stale(t, db, func(tx *store.Tx) error {
				return tx.SetThreadState(ctx, thread.ID, version, desk.Thread{Lang: "ko", Turns: 1})
			})
		}
		if !set(thread.Version) || set(thread.Version) {
			t.Error("a state must be set once for each version read")
		}
		again, err := db.Thread(ctx, thread.ID)
		if err != nil || again.State.Lang != "ko" || again.State.Turns != 1 {
			t.Errorf("read back %+v, %v", again.State, err)
		}
		if _, err := db.Thread(ctx, 999); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown thread: %v, want ErrNotFound", err)
		}
		if all, err := db.Threads(ctx, 10); err != nil || len(all) != 1 || all[0].Address != here {
			t.Errorf("list: %+v, %v", all, err)
		}
	})
}

func TestMessagesComeInOrderOfTS(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		thread, _ := say(t, db, here, "1700000000.000300", "second")
		say(t, db, here, "1700000000.000100", "first")
		first, _, more, err := db.NextMessage(ctx, thread.ID)
		if err != nil || first.Message.Text != "first" || !more {
			t.Fatalf("next is %+v, %v", first, err)
		}
		update(t, db, func(tx *store.Tx) error {
			return tx.EditMessage(ctx, first.ID, desk.Message{Text: "first, edited"}, store.Open)
		})
		settle := func(m store.Message) (ok bool) {
			return !stale(t, db, func(tx *store.Tx) error { return tx.SettleMessage(ctx, m, store.Done) })
		}
		if settle(first) {
			t.Error("a message that was edited meanwhile must not settle")
		}
		edited, _, _, err := db.NextMessage(ctx, thread.ID)
		if err != nil || edited.Message.Text != "first, edited" || !settle(edited) {
			t.Errorf("edited message %+v, %v", edited, err)
		}
		second, _, more, err := db.NextMessage(ctx, thread.ID)
		if err != nil || second.Message.Text != "second" || more || !settle(second) {
			t.Errorf("second message %+v, %v", second, err)
		}
		if _, _, _, err := db.NextMessage(ctx, thread.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after the last: %v, want ErrNotFound", err)
		}
		if known := arrive(t, db, here, store.Message{TS: "3", Author: "slack/T1/U1", At: t0}, "U1"); known.Recent != 2 {
			t.Errorf("counted %d recent messages, want 2", known.Recent)
		}
	})
}

func TestEarlyEditsWaitForTheirMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		update(t, db, func(tx *store.Tx) error {
			return tx.AddEarly(ctx, here, "7", false, desk.Message{Text: "new"}, t0)
		})
		update(t, db, func(tx *store.Tx) error {
			return tx.AddEarly(ctx, here, "7", true, desk.Message{}, t0)
		})
		m := store.Message{TS: "7", At: t0}
		if known := arrive(t, db, here, m, "U1"); !known.Deleted {
			t.Error("the later of two early changes must count")
		}
		if known := arrive(t, db, here, m, "U1"); known.Deleted || known.Edit != nil {
			t.Errorf("taken twice: %+v", known)
		}
	})
}

func TestTurnsTicketsAndFeedback(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		thread, message := say(t, db, here, here.Thread, "왜 안 되나요")
		turn := store.Turn{
			ThreadID: thread.ID, MessageID: message, Reply: desk.Reply{Decision: desk.Escalate, Lead: "a"}, ReplyKey: "k1", At: t0,
		}
		update(t, db, func(tx *store.Tx) error {
			if err := tx.SaveTurn(ctx, turn); err != nil {
				return err
			}
			if _, err := tx.AddTicket(ctx, store.Ticket{ThreadID: thread.ID, MessageID: message, Lang: "ko", Ticket: desk.Ticket{Reason: "asked"}, Created: t0}); err != nil {
				return err
			}
			return tx.AddFeedback(ctx, store.Feedback{ThreadID: thread.ID, MessageID: message, Helpful: true, Intent: "i", At: t0})
		})
		turn.Reply.Lead = "b"
		update(t, db, func(tx *store.Tx) error { return tx.SaveTurn(ctx, turn) })

		turns, err := db.Turns(ctx, thread.ID, 10)
		if err != nil || len(turns) != 1 || turns[0].Reply.Lead != "b" || turns[0].Revised != 1 || turns[0].Message.Message.Text != "왜 안 되나요" {
			t.Errorf("turns %+v, %v", turns, err)
		}
		tickets, err := db.OpenTickets(ctx, 10)
		if err != nil || len(tickets) != 1 || tickets[0].Address != here || tickets[0].Ticket.Reason != "asked" {
			t.Fatalf("tickets %+v, %v", tickets, err)
		}
		for _, words := range []string{"하나", "둘"} {
			update(t, db, func(tx *store.Tx) error {
				k, err := tx.OpenTicketOf(ctx, thread.ID)
				if err != nil {
					return err
				}
				return tx.AddToTicket(ctx, k, words, t0)
			})
		}
		if k, err := db.Ticket(ctx, tickets[0].ID); err != nil || k.Added != "하나\n둘" {
			t.Errorf("added %q, %v", k.Added, err)
		}
		if err := db.MoveTicket(ctx, tickets[0].ID, store.TicketClosed, "U9", t0); err != nil {
			t.Error(err)
		}
		if left, err := db.OpenTickets(ctx, 10); err != nil || len(left) != 0 {
			t.Errorf("closed ticket still open: %+v, %v", left, err)
		}
		if err := db.MoveTicket(ctx, tickets[0].ID, store.TicketClaimed, "U9", t0); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a closed ticket was claimed: %v", err)
		}
		words, err := db.Feedback(ctx, t0, 10)
		if err != nil || len(words) != 1 || !words[0].Helpful {
			t.Errorf("feedback %+v, %v", words, err)
		}
	})
}

func TestDeliveriesOfALineGoOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		thread, _ := say(t, db, here, here.Thread, "q")
		update(t, db, func(tx *store.Tx) error {
			for i, line := range []string{"a", "a", "b"} {
				d := store.Delivery{Key: fmt.Sprint("k", i), ThreadID: thread.ID, Address: here, Line: line, Kind: "reply", Created: t0}
				if err := tx.AddDelivery(ctx, d); err != nil {
					return err
				}
			}
			return nil
		})
		patience := time.Duration(0)
		take := func() (d store.Delivery, err error) {
			err = db.Update(ctx, func(tx *store.Tx) (err error) {
				d, err = tx.TakeHead(ctx, here.Lane(), "r1", t0, patience, 0)
				return err
			})
			return d, err
		}
		first, err := take()
		if err != nil || first.Key != "k0" || first.State != store.Sending || first.Sender != "r1" || first.Attempts != 1 || !first.SendingAt.Equal(t0) {
			t.Fatalf("first head %+v, %v", first, err)
		}
		patience = time.Second
		if d, err := take(); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("with k0 just under way %s went out, %v", d.Key, err)
		}
		patience = 0
		if second, err := take(); err != nil || second.Key != "k2" {
			t.Fatalf("with line a under way the head is %s, %v, want k2", second.Key, err)
		}
		if _, err := take(); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("k1 must wait for k0: %v", err)
		}
		settle := func(d store.Delivery) (ok bool) {
			err := db.Single(ctx, func(tx *store.Tx) (err error) {
				ok, err = tx.Settle(ctx, d, store.Sent, "ts", "", time.Time{}, t0)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !settle(first) || settle(first) {
			t.Error("a delivery must settle once")
		}
		if third, err := take(); err != nil || third.Key != "k1" {
			t.Errorf("head %s, %v, want k1", third.Key, err)
		}
		if n, err := db.Before(ctx, here.Lane(), 99, 10); err != nil || n != 2 {
			t.Errorf("%d unfinished, %v, want 2", n, err)
		}
	})
}

func TestALaneIsBookedAtItsPace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		const every, ahead = time.Second, 2 * time.Second // three at once
		book := func(now time.Time) (booked bool, lane store.Lane) {
			update(t, db, func(tx *store.Tx) (err error) {
				lane, booked, err = tx.BookLane(ctx, "l", now, every, ahead)
				return err
			})
			return booked, lane
		}
		for n := range 3 {
			if booked, lane := book(t0); !booked || !lane.Next.Equal(t0.Add(time.Duration(n+1)*every)) {
				t.Errorf("post %d: booked = %v, %+v", n, booked, lane)
			}
		}
		if booked, _ := book(t0.Add(every - time.Millisecond)); booked {
			t.Error("a post more than the burst was booked")
		}
		if booked, lane := book(t0.Add(every)); !booked || !lane.Next.Equal(t0.Add(4*every)) {
			t.Errorf("the next one in its time: booked = %v, %+v", booked, lane)
		}
		later := t0.Add(time.Minute)
		if booked, lane := book(later); !booked || !lane.Next.Equal(later.Add(every)) {
			t.Errorf("after a rest: booked = %v, %+v", booked, lane)
		}
		update(t, db, func(tx *store.Tx) error { return tx.RestLane(ctx, "l", later.Add(time.Hour)) })
		update(t, db, func(tx *store.Tx) error { return tx.RestLane(ctx, "l", later.Add(time.Minute)) }) // asks for less
		if booked, lane := book(later.Add(30 * time.Minute)); booked || !lane.Until.Equal(later.Add(time.Hour)) {
			t.Errorf("while it was asked to rest: booked = %v, %+v", booked, lane)
		}
	})
}

func TestOwnedFolderIsRefusedToOthers(t *testing.T) {
	folder := t.TempDir()
	one := storetest.OpenSQLite(t, folder)
	if err := one.Own(t.Context()); err != nil {
		t.Fatal(err)
	}
	two := storetest.OpenSQLite(t, folder)
	if err := two.Own(t.Context()); err == nil {
		t.Error("a folder was owned twice")
	}
	if _, err := two.Threads(t.Context(), 1); err != nil {
		t.Errorf("reading an owned folder: %v", err)
	}
}

func TestUpdatesAtOnceStandOrFallAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		refused := errors.New("refused")
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := db.Update(ctx, func(tx *store.Tx) error {
					err := tx.AddKeys(ctx, []string{fmt.Sprint("key/", i)}, t0)
					switch i % 4 {
					case 1:
						return refused
					case 2:
						cancel() // in the middle of it
						again := tx.AddKeys(ctx, []string{fmt.Sprint("more/", i)}, t0)
						return errors.Join(err, again, ctx.Err())
					}
					return err
				})
				if want := map[int]error{1: refused, 2: context.Canceled}[i%4]; !errors.Is(err, want) {
					t.Errorf("update %d: %v, want %v", i, err, want)
				}
			})
		}
		wg.Wait()
		for i := range 64 {
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				return tx.AddKeys(t.Context(), []string{fmt.Sprint("key/", i)}, t0)
			})
			if kept := i%4 == 0 || i%4 == 3; errors.Is(err, store.ErrKnown) != kept {
				t.Errorf("update %d: kept = %v, want %v (%v)", i, !kept, kept, err)
			}
		}
	})
}

func TestUpdateThatHasNotBegunEndsWithItsContext(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := db.Update(ctx, func(*store.Tx) error {
		t.Error("it began")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
