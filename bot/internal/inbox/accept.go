package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/mask"
	"haedap/bot/internal/store"
	"haedap/knowledge/text"
)

// textLimit is how much of a message is kept, in bytes. The desk reads less, and says so.
const textLimit = 64 << 10

// Accept makes an event durable. Only when it returns without error may a door acknowledge the event.
// It reports false for an event that was accepted before. It waits for nothing but the database.
func (in *Inbox) Accept(ctx context.Context, ev Event) (accepted bool, err error) {
	if err := in.valid(ev); err != nil {
		return false, err
	}
	ev.Message.Text = mask.Mask(clip(ev.Message.Text, textLimit))
	var queues []string
	err = in.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddKeys(ctx, ev.Keys, in.now()); err != nil {
			return err
		}
		switch ev.Kind {
		case Edited:
			queues, err = in.edited(ctx, tx, ev)
		case Deleted:
			queues, err = in.deleted(ctx, tx, ev)
		default:
			queues, err = in.said(ctx, tx, ev)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrKnown):
		in.metrics.duplicates.Inc()
		return false, nil
	case err != nil:
		return false, fmt.Errorf("accept event: %w", err)
	}
	in.metrics.accepted.WithLabelValues(string(ev.Kind)).Inc()
	in.poke(queues...)
	return true, nil
}

func (in *Inbox) valid(ev Event) error {
	switch {
	case len(ev.Keys) == 0:
		return errors.New("accept event: it has no dedupe key")
	case in.posters[ev.Address.Door] == nil:
		return fmt.Errorf("accept event: no poster for door %q", ev.Address.Door)
	case ev.TS == "" || ev.Address.Thread == "":
		return errors.New("accept event: it has no ts or thread")
	case ev.Kind != Said && ev.Kind != Edited && ev.Kind != Deleted:
		return fmt.Errorf("accept event: unknown kind %q", ev.Kind)
	}
	return nil
}

// clip cuts s to at most n bytes of valid UTF-8 without NUL, which PostgreSQL does not store.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		if len(s) > 0 && s[len(s)-1] >= utf8.RuneSelf {
			s = s[:len(s)-1] // the first byte of a character that was cut
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// said stores a new message and has it answered.
func (in *Inbox) said(ctx context.Context, tx *store.Tx, ev Event) ([]string, error) {
	m := store.Message{TS: ev.TS, Author: author(ev.Address, ev.User), Message: ev.Message, State: store.Open, At: in.now()}
	known, err := tx.Arrive(ctx, store.Address(ev.Address), m, ev.User, m.At.Add(-floodSpan), in.cfg.UserLimit)
	if err != nil {
		return nil, err
	}
	m.ThreadID = known.Thread.ID
	switch {
	case known.Deleted:
		m.State = store.Dropped
	case known.Edit != nil:
		m.Message.Text = known.Edit.Text
	}
	if m.State == store.Open && m.Author == author(ev.Address, known.Thread.Opener) {
		return in.saidByAsker(ctx, tx, known, m)
	}
	return in.open(ctx, tx, m, 0)
}

// open stores m and adds the job that answers it, after a wait, unless it is not to be answered.
func (in *Inbox) open(ctx context.Context, tx *store.Tx, m store.Message, wait time.Duration) ([]string, error) {
	if err := tx.AddMessage(ctx, m); err != nil {
		return nil, err
	}
	if m.State != store.Open {
		return nil, nil
	}
	job := answerJob{Thread: m.ThreadID}
	if wait > 0 {
		job.After = in.now().Add(wait).UnixMilli()
	}
	return []string{answerQueue}, in.put(ctx, tx, job)
}

// saidByAsker has m answered, in its turn when the channel is crowded, unless its author asks more in a minute than one
// person may; the first time they are told so.
func (in *Inbox) saidByAsker(ctx context.Context, tx *store.Tx, known store.Arrival, m store.Message) ([]string, error) {
	if known.Recent < in.cfg.UserLimit {
		return in.inTurn(ctx, tx, known.Thread, m)
	}
	told, err := tx.FloodedByAuthor(ctx, m.Author, m.At.Add(-floodSpan), 1)
	if err != nil {
		return nil, err
	}
	in.metrics.flooded.Inc()
	m.State = store.Flooded
	if err := tx.AddMessage(ctx, m); err != nil || told > 0 {
		return nil, err
	}
	return []string{deliverQueue}, in.notice(ctx, tx, known.Thread, m, func(w desk.Words) string { return w.Flood })
}

// floodSpan is in what time a person may ask so much.
const floodSpan = time.Minute

// crowdMost is how long a question in a crowded channel waits at the longest. After that its answer waits for the channel's
// pace only.
const crowdMost = 5 * time.Minute

// inTurn has m answered: at once, or in its turn when more is asked in the channel than is answered in a minute. The channel
// is told so once a minute.
func (in *Inbox) inTurn(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message) ([]string, error) {
	now, every := in.now(), time.Minute/time.Duration(in.cfg.ChannelLimit)
	lane := "questions/" + thread.Address.Lane()
	booking, _, err := tx.BookLane(ctx, lane, now, every, time.Minute+crowdMost-every)
	if err != nil {
		return nil, err
	}
	wait := booking.Next.Sub(now) - time.Minute
	queues, err := in.open(ctx, tx, m, wait)
	if err != nil || wait <= 0 {
		return queues, err
	}
	in.metrics.crowded.Inc()
	first, err := tx.Claim(ctx, lane, now, now.Add(-time.Minute))
	if err != nil || !first {
		return queues, err
	}
	return append(queues, deliverQueue), in.notice(ctx, tx, thread, m, func(w desk.Words) string { return w.Crowd })
}

// notice tells the author of m something that is no answer.
func (in *Inbox) notice(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, words func(desk.Words) string) error {
	lang := language(thread.State, m.Message)
	reply := desk.Reply{Decision: desk.Chat, Lang: lang, Lead: words(desk.In(lang))}
	return in.deliver(ctx, tx, in.reply(thread, m, reply))
}

// edited gives a message another text: the one to be answered, or a reason to revise the answer.
func (in *Inbox) edited(ctx context.Context, tx *store.Tx, ev Event) ([]string, error) {
	m, err := in.changed(ctx, tx, ev)
	if errors.Is(err, store.ErrNotFound) {
		return nil, tx.AddEarly(ctx, store.Address(ev.Address), ev.TS, false, ev.Message, in.now())
	}
	if err != nil || m.Message.Text == ev.Message.Text { // an unfurl or a pin changes a message, not its text
		return nil, err
	}
	m.Message.Text = ev.Message.Text
	m.Message.Files = m.Message.Files || ev.Message.Files
	if m.State == store.Done {
		m.State = store.Revise
	}
	if err := tx.EditMessage(ctx, m.ID, m.Message, m.State); err != nil || m.State != store.Revise {
		return nil, err
	}
	return []string{answerQueue}, in.put(ctx, tx, answerJob{Thread: m.ThreadID})
}

// deleted drops a message: it is not answered, or its answer is withdrawn.
func (in *Inbox) deleted(ctx context.Context, tx *store.Tx, ev Event) ([]string, error) {
	m, err := in.changed(ctx, tx, ev)
	if errors.Is(err, store.ErrNotFound) {
		return nil, tx.AddEarly(ctx, store.Address(ev.Address), ev.TS, true, ev.Message, in.now())
	}
	if err != nil || m.State == store.Dropped {
		return nil, err
	}
	if err := tx.EditMessage(ctx, m.ID, m.Message, store.Dropped); err != nil {
		return nil, err
	}
	turn, err := tx.TurnOf(ctx, m.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return in.takeBack(ctx, tx, ev, m, turn)
}

// takeBack withdraws the answer to m and, when nothing was said since, forgets it.
func (in *Inbox) takeBack(ctx context.Context, tx *store.Tx, ev Event, m store.Message, turn store.Turn) ([]string, error) {
	thread, err := tx.FindThread(ctx, store.Address(ev.Address))
	if err != nil {
		return nil, err
	}
	last, err := tx.LastTurn(ctx, thread.ID)
	if err != nil {
		return nil, err
	}
	if last.ID == turn.ID {
		if err := tx.SetThreadState(ctx, thread.ID, thread.Version, turn.Before); err != nil {
			return nil, err
		}
	}
	if turn.ReplyKey == "" {
		return nil, nil
	}
	return in.withdraw(ctx, tx, thread, m, turn)
}

// withdraw has a reply not made, or taken away.
func (in *Inbox) withdraw(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, turn store.Turn) ([]string, error) {
	dropped, err := tx.DropDelivery(ctx, turn.ReplyKey, in.now())
	if err != nil || dropped {
		return nil, err
	}
	d := in.reply(thread, m, desk.Reply{Lang: turn.Reply.Lang})
	d.Kind, d.Target = Withdraw, turn.ReplyKey
	return []string{deliverQueue}, in.deliver(ctx, tx, d)
}

// changed finds the message that an edit or a deletion is about, and keeps its thread from being answered meanwhile.
func (in *Inbox) changed(ctx context.Context, tx *store.Tx, ev Event) (store.Message, error) {
	thread, err := tx.FindThread(ctx, store.Address(ev.Address))
	if err != nil {
		return store.Message{}, err
	}
	return tx.MessageAt(ctx, thread.ID, ev.TS)
}

// reply is a delivery of r into the thread of m.
func (in *Inbox) reply(thread store.Thread, m store.Message, r desk.Reply) store.Delivery {
	return store.Delivery{
		Key: rand.Text(), ThreadID: thread.ID, Address: thread.Address, Line: line(thread.ID), Kind: Reply,
		Reply: r, AskedAt: m.At, Created: in.now(),
	}
}

// line names what is kept in order: the posts in a thread.
func line(thread int64) string { return fmt.Sprintf("thread/%d", thread) }

// deliver stores d and adds the job that makes it.
func (in *Inbox) deliver(ctx context.Context, tx *store.Tx, d store.Delivery) error {
	if err := tx.AddDelivery(ctx, d); err != nil {
		return err
	}
	return in.put(ctx, tx, deliverJob{Key: d.Key, Lane: d.Address.Lane()})
}

// author names a user beyond their door and team.
func author(a Address, user string) string { return a.Door + "/" + a.Team + "/" + user }

// language is what a thread is held in.
func language(thread desk.Thread, m desk.Message) string {
	if thread.Lang != "" {
		return thread.Lang
	}
	return text.Lang(m.Text)
}
