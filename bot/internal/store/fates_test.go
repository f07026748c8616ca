package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// talk is a thread that turns are added to.
type talk struct {
	t  *testing.T
	db *store.DB
	store.Thread
	turns int
}

func newTalk(t *testing.T, db *store.DB, name string) *talk {
	a := here
	a.Thread = name
	k := &talk{t: t, db: db}
	k.Thread = arrive(t, db, a, store.Message{TS: name, At: t0}, "U1").Thread
	return k
}

// turn stores a message with what the desk made of it, and gives its id.
func (k *talk) turn(m desk.Message, r desk.Reply, at time.Time) (message int64) {
	k.t.Helper()
	k.turns++
	update(k.t, k.db, func(tx *store.Tx) (err error) {
		message, err = add(k.t, tx, store.Message{
			ThreadID: k.ID, TS: fmt.Sprintf("%04d", k.turns), Author: "slack/T1/U1", Message: m, State: store.Done, At: at,
		})
		if err != nil {
			return err
		}
		turn := store.Turn{ThreadID: k.ID, MessageID: message, Reply: r, Before: desk.Thread{Question: "chosen before"}, At: at}
		return tx.SaveTurn(k.t.Context(), turn)
	})
	return message
}

func (k *talk) answer(text, intent string, at time.Time) int64 {
	k.t.Helper()
	return k.turn(desk.Message{Text: text}, desk.Reply{Decision: desk.Answer, Parts: []desk.Part{{Intent: intent}}}, at)
}

func (k *talk) ticket(question string, at time.Time) (id int64) {
	k.t.Helper()
	message := k.turn(desk.Message{Text: question}, desk.Reply{Decision: desk.Escalate}, at)
	update(k.t, k.db, func(tx *store.Tx) (err error) {
		id, err = tx.AddTicket(k.t.Context(), store.Ticket{ThreadID: k.ID, MessageID: message, Ticket: desk.Ticket{Question: question}, Created: at})
		return err
	})
	return id
}

func (k *talk) unhelpful(at time.Time) {
	k.t.Helper()
	message := k.turn(desk.Message{Action: desk.Unhelpful}, desk.Reply{Decision: desk.Escalate}, at)
	update(k.t, k.db, func(tx *store.Tx) error {
		return tx.AddFeedback(k.t.Context(), store.Feedback{ThreadID: k.ID, MessageID: message, At: at})
	})
}

func TestFatesBelongToTheAnswerBeforeThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		old := newTalk(t, db, "old")
		old.answer("before the window", "a", t0.Add(-time.Hour))
		quiet := newTalk(t, db, "quiet")
		quiet.answer("nobody complains", "a", t0)
		chosen := newTalk(t, db, "chosen")
		chosen.turn(desk.Message{Action: desk.Choose}, desk.Reply{Decision: desk.Answer}, t0)
		two := newTalk(t, db, "two")
		two.answer("first", "a", t0)
		two.unhelpful(t0)
		two.answer("second", "b", t0)
		ticket := two.ticket("second, again", t0)
		if err := db.Correct(ctx, ticket, "c", "U9", t0); err != nil {
			t.Fatal(err)
		}
		got, err := db.Fates(ctx, t0, 10)
		want := []store.Fate{{HandedOver: true, Corrected: true}, {Unhelpful: true}, {}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("fates %+v, %v, want %+v", got, err, want)
		}
		if got, err := db.Fates(ctx, t0, 1); err != nil || len(got) != 1 {
			t.Errorf("one fate asked for, got %+v, %v", got, err)
		}
		if err := db.Correct(ctx, ticket, "b", "U9", t0); err != nil { // the answer was right after all
			t.Fatal(err)
		}
		if got, err := db.Fates(ctx, t0, 1); err != nil || got[0].Corrected {
			t.Errorf("a confirmed answer counts as corrected: %+v, %v", got, err)
		}
	})
}

func TestCorrectionsSayWhatWasShownAndAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		answered := newTalk(t, db, "answered")
		message := answered.answer("질문", "a", t0)
		first := answered.ticket("사람 불러 주세요", t0)
		unsure := newTalk(t, db, "unsure")
		second := unsure.ticket("모를 질문", t0)
		unsure.answer("later", "a", t0) // after the ticket: not what it is about
		pressed := newTalk(t, db, "pressed")
		button := pressed.turn(desk.Message{Action: desk.Choose}, desk.Reply{Decision: desk.Answer, Parts: []desk.Part{{Intent: "a"}, {Intent: "b"}}}, t0)
		third := pressed.ticket("아니에요", t0)
		for id, intent := range map[int64]string{first: "b", second: "c", third: "oos"} {
			if err := db.Correct(ctx, id, "wrong at first", "U8", t0.Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
			if err := db.Correct(ctx, id, intent, "U9", t0); err != nil {
				t.Fatal(err)
			}
		}
		all, err := db.Corrections(ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int64]store.Correction{}
		for _, c := range all {
			if c.Agent != "U9" || !c.At.Equal(t0) {
				t.Errorf("%+v: the later word counts", c)
			}
			c.ID, c.Agent, c.At = 0, "", time.Time{}
			got[c.TicketID] = c
		}
		for _, want := range []store.Correction{
			{TicketID: first, AnswerID: message, Question: "질문", Shown: "a", Intent: "b"},
			{TicketID: second, Question: "모를 질문", Intent: "c"},
			{TicketID: third, AnswerID: button, Question: "chosen before", Shown: "a+b", Intent: "oos"},
		} {
			if got[want.TicketID] != want {
				t.Errorf("got %+v, want %+v", got[want.TicketID], want)
			}
		}
		if k, err := db.Ticket(ctx, first); err != nil || k.Right != "b" {
			t.Errorf("the ticket says that %q is right, %v", k.Right, err)
		}
		if err := db.Correct(ctx, 999, "a", "U9", t0); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a ticket that is not there: %v", err)
		}
	})
}

func TestOpeningsAreWhatThreadsBeganWith(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		newTalk(t, db, "old").answer("before the window", "a", t0.Add(-time.Hour))
		long := newTalk(t, db, "long")
		long.answer("first", "a", t0)
		long.answer("follow-up", "a", t0)
		newTalk(t, db, "talk").turn(desk.Message{Text: "among people"}, desk.Reply{Decision: desk.Ignore}, t0)
		newTalk(t, db, "file").turn(desk.Message{Files: true}, desk.Reply{Decision: desk.Chat}, t0)
		newTalk(t, db, "unsure").turn(desk.Message{Text: "second"}, desk.Reply{Decision: desk.Escalate}, t0)
		got, err := db.Openings(t.Context(), t0, 10)
		if err != nil || !slices.Equal(got, []string{"second", "first"}) {
			t.Errorf("openings %q, %v", got, err)
		}
	})
}
