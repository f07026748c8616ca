package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
)

// crashesAllowed is how often a message may take the process down with it before it goes to a human.
const crashesAllowed = 5

// workAnswer answers what is open in a thread, in order. Other replicas may do so at the same time: each
// answer is recorded only if neither thread nor message has changed since they were read.
func (in *Inbox) workAnswer(ctx context.Context, job *river.Job[answerJob]) error {
	// Nothing waits for longer than crowdMost, unless the clock was set back since.
	if wait := time.UnixMilli(job.Args.After).Sub(in.now()); wait > 0 && wait <= crowdMost {
		return river.JobSnooze(nap(wait))
	}
	unlock, err := in.threads.lock(ctx, strconv.FormatInt(job.Args.Thread, 10))
	if err != nil {
		return fmt.Errorf("wait for thread: %w", err)
	}
	defer unlock()
	// An attempt that left no error was cut short by the end of the process.
	crashes := job.Attempt - 1 - len(job.Errors)
	for {
		m, thread, more, err := in.db.NextMessage(ctx, job.Args.Thread)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		err = in.answerOne(ctx, thread, m, crashes > crashesAllowed)
		switch {
		case errors.Is(err, store.ErrStale): // the thread or the message changed: once more, from the start
		case err != nil:
			return err
		case !more: // what came since has a job of its own, which is after this one
			return nil
		}
		crashes = 0
	}
}

// made is what the desk made of a message.
type made struct {
	before desk.Thread
	after  desk.Thread
	reply  desk.Reply
	state  store.MessageState
}

// answerOne has the desk read m and records the outcome. When something changed meanwhile it records nothing, and reports ErrStale.
func (in *Inbox) answerOne(ctx context.Context, thread store.Thread, m store.Message, hopeless bool) error {
	before := thread.State
	if m.State == store.Revise {
		turn, err := in.db.TurnOf(ctx, m.ID)
		if err != nil {
			return err
		}
		before = turn.Before
	}
	m.Message.From = desk.Agent
	if m.Author == author(Address(thread.Address), thread.Opener) {
		m.Message.From = desk.Asker
	}
	out := in.ask(ctx, before, m, hopeless)
	var queues []string
	err := in.work(ctx, func(tx *store.Tx) (err error) {
		queues, err = in.record(ctx, tx, thread, m, out)
		return err
	})
	if err != nil {
		return fmt.Errorf("record answer: %w", err)
	}
	in.metrics.answered.WithLabelValues(string(out.reply.Decision)).Inc()
	if out.reply.Ticket != nil {
		in.metrics.escalated.WithLabelValues(out.reply.Ticket.Reason).Inc()
	}
	in.metrics.queueAge.Observe(in.since(m.At).Seconds())
	in.poke(queues...)
	return nil
}

// ask asks the desk. A message that the desk cannot take goes to a human.
func (in *Inbox) ask(ctx context.Context, before desk.Thread, m store.Message, hopeless bool) (out made) {
	out = made{before: before, state: store.Done}
	if hopeless {
		in.log.ErrorContext(ctx, "message ended the process again and again; a human gets it", "message", m.ID)
		return in.failed(out, m)
	}
	defer func() {
		if p := recover(); p != nil {
			in.log.ErrorContext(ctx, "desk panicked; a human gets the message", "message", m.ID, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			out = in.failed(made{before: before}, m)
		}
	}()
	out.after, out.reply = in.desk.Handle(before, m.Message)
	return out
}

// failed is the outcome of a message that cannot be answered for good.
func (in *Inbox) failed(out made, m store.Message) made {
	lang := language(out.before, m.Message)
	out.state = store.Failed
	out.after = out.before
	out.after.Escalated = true
	out.reply = desk.Reply{
		Decision: desk.Escalate, Lang: lang, Lead: desk.In(lang).HandFailed,
		Ticket: &desk.Ticket{Reason: desk.ReasonFailed, Question: m.Message.Text},
	}
	return out
}

// record stores an outcome: turn, state, reply, ticket and the jobs that make them visible. An outcome that stands on something old is not
// stored: see ErrStale.
func (in *Inbox) record(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, out made) ([]string, error) {
	turn := store.Turn{ThreadID: thread.ID, MessageID: m.ID, Before: out.before, Reply: out.reply, At: in.now()}
	state := out.after
	revising := m.State == store.Revise
	if revising {
		last, err := tx.LastTurn(ctx, thread.ID)
		if err != nil {
			return nil, err
		}
		if last.MessageID != m.ID {
			state = thread.State // the talk has moved on; only the words of the answer change
		}
	}
	// This update also keeps edits of the thread's messages out until the end of the transaction.
	if err := tx.SetThreadState(ctx, thread.ID, thread.Version, state); err != nil {
		return nil, err
	}
	if err := tx.SettleMessage(ctx, m, out.state); err != nil {
		return nil, err
	}
	var queues []string
	var err error
	if revising {
		turn, queues, err = in.revise(ctx, tx, thread, m, turn)
	} else if out.reply.Decision != desk.Ignore {
		turn, queues, err = in.show(ctx, tx, thread, m, turn)
	}
	if err != nil {
		return nil, err
	}
	if err := tx.SaveTurn(ctx, turn); err != nil {
		return nil, err
	}
	if err := in.noteFeedback(ctx, tx, m, out.before); err != nil {
		return nil, err
	}
	if out.reply.Ticket == nil && out.reply.Append == "" {
		return queues, nil
	}
	return []string{deliverQueue}, in.handOver(ctx, tx, thread, m, out.reply)
}

// show has a turn's reply delivered.
func (in *Inbox) show(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, turn store.Turn) (store.Turn, []string, error) {
	d := in.reply(thread, m, turn.Reply)
	turn.ReplyKey = d.Key
	return turn, []string{deliverQueue}, in.deliver(ctx, tx, d)
}

// revise replaces what an edited message was answered: before it is made, or in place.
func (in *Inbox) revise(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, turn store.Turn) (store.Turn, []string, error) {
	old, err := tx.TurnOf(ctx, m.ID)
	if err != nil {
		return turn, nil, err
	}
	silent := turn.Reply.Decision == desk.Ignore
	switch {
	case silent && old.ReplyKey == "":
		return turn, nil, nil
	case silent:
		queues, err := in.withdraw(ctx, tx, thread, m, old)
		return turn, queues, err
	case old.ReplyKey == "":
		return in.show(ctx, tx, thread, m, turn)
	}
	turn.ReplyKey = old.ReplyKey
	if ok, err := tx.ReviseDelivery(ctx, old.ReplyKey, turn.Reply); err != nil || ok {
		return turn, nil, err
	}
	d := in.reply(thread, m, turn.Reply)
	d.Kind, d.Target = Revise, old.ReplyKey
	return turn, []string{deliverQueue}, in.deliver(ctx, tx, d)
}

// ticket opens a ticket, and tells the desk when there is a channel for it. An edited question rewords the ticket that it has.
func (in *Inbox) ticket(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, reply desk.Reply) error {
	old, err := tx.TicketOf(ctx, m.ID)
	if err == nil {
		return tx.RewordTicket(ctx, old.ID, *reply.Ticket, in.now())
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	k := store.Ticket{ThreadID: thread.ID, MessageID: m.ID, Lang: reply.Lang, Ticket: *reply.Ticket, Created: in.now()}
	if in.cfg.DeskChannel == "" || thread.Address.Door != slackDoor {
		_, err := tx.AddTicket(ctx, k)
		return err
	}
	k.Key = rand.Text()
	if _, err := tx.AddTicket(ctx, k); err != nil {
		return err
	}
	d := in.reply(thread, m, reply)
	d.Key, d.Kind, d.Line, d.Link = k.Key, Ticket, ticketLine(k.Key), in.cfg.Link(Address(thread.Address))
	d.Address.Channel, d.Address.Thread = in.cfg.DeskChannel, ""
	return in.deliver(ctx, tx, d)
}

// handOver passes on to humans what a reply has for them.
func (in *Inbox) handOver(ctx context.Context, tx *store.Tx, thread store.Thread, m store.Message, reply desk.Reply) error {
	if reply.Ticket != nil {
		if err := in.ticket(ctx, tx, thread, m, reply); err != nil {
			return err
		}
	}
	if reply.Append == "" {
		return nil
	}
	k, err := tx.OpenTicketOf(ctx, thread.ID)
	if errors.Is(err, store.ErrNotFound) { // closed meanwhile
		reply.Ticket = &desk.Ticket{Reason: desk.ReasonFollowup, Question: reply.Append, Candidates: reply.Candidates}
		return in.ticket(ctx, tx, thread, m, reply)
	}
	if err != nil {
		return err
	}
	if err := tx.AddToTicket(ctx, k, reply.Append, in.now()); err != nil || k.Key == "" {
		return err
	}
	// Into the thread of the ticket in the desk channel, after it.
	d := in.reply(thread, m, desk.Reply{Decision: desk.Chat, Lang: reply.Lang, Lead: desk.In(reply.Lang).TicketAdded + "\n\n" + reply.Append})
	d.Line, d.Target, d.Address.Channel, d.Address.Thread = ticketLine(k.Key), k.Key, in.cfg.DeskChannel, ""
	return in.deliver(ctx, tx, d)
}

// ticketLine names what is kept in order: a ticket and what is added to it.
func ticketLine(key string) string { return "ticket/" + key }

// slackDoor is the door whose tickets go to the desk channel.
const slackDoor = "slack"

// noteFeedback keeps what the asker says of an answer.
func (in *Inbox) noteFeedback(ctx context.Context, tx *store.Tx, m store.Message, before desk.Thread) error {
	if m.Message.Action != desk.Helpful && m.Message.Action != desk.Unhelpful {
		return nil
	}
	return tx.AddFeedback(ctx, store.Feedback{
		ThreadID: m.ThreadID, MessageID: m.ID, Author: m.Author, Helpful: m.Message.Action == desk.Helpful,
		Intent: before.Intent, Question: before.Question, At: in.now(),
	})
}

// since is how long ago t was, never negative.
func (in *Inbox) since(t time.Time) time.Duration { return max(in.now().Sub(t), 0) }
