package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
)

// giveUp is the age at which a delivery that the far end never took fails for good.
const giveUp = 24 * time.Hour

// workDeliver brings the delivery of a job to its end, or says when to look again. In a paced lane it sends
// whichever delivery is first in the lane: jobs wake in any order, posts keep theirs. That is mostly the job's own, which is
// therefore looked at only when it turns out not to be.
func (in *Inbox) workDeliver(ctx context.Context, job *river.Job[deliverJob]) error {
	key, lane := job.Args.Key, job.Args.Lane
	if lane == "" { // put by an earlier version
		d, err := in.db.Delivery(ctx, key)
		if err != nil {
			return unlessGone(err)
		}
		lane = d.Address.Lane()
	}
	door, _, _ := strings.Cut(lane, "/")
	if in.posters[door] == nil { // started without this door; another start or replica may have it
		return river.JobSnooze(snoozeMost)
	}
	sent, rest, err := in.send(ctx, key, lane, door)
	if err != nil || sent == key {
		return err
	}
	d, err := in.db.Delivery(ctx, key)
	if err != nil || d.State.Final() {
		return unlessGone(err)
	}
	wait := time.Duration(0) // the next one of the lane may be this
	switch {
	case d.State == store.Sending:
		wait, err = in.reconcile(ctx, d)
	case rest > 0:
		wait, err = in.untilTurn(ctx, d, rest)
	case sent == "":
		wait = in.untilFree(d)
	}
	if err != nil {
		return err
	}
	return river.JobSnooze(nap(wait))
}

// unlessGone is err, unless it says that there is nothing to deliver any more.
func unlessGone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// nap is for how long a job is put away that has to wait. One for more than snoozeMost ends only when the queue's leader
// looks, and there may be none for a while: that is for those who are far back in a long line.
func nap(wait time.Duration) time.Duration {
	if wait <= 6*snoozeMost {
		return min(wait, snoozeMost)
	}
	return min(wait/2, napMost)
}

// send makes the delivery with key, or in a paced lane the one whose turn it is. It returns the key of the one that it brought to its
// end, or how long the lane must rest.
func (in *Inbox) send(ctx context.Context, key, lane, door string) (sent string, rest time.Duration, err error) {
	pace, paced := in.cfg.Pace[door]
	ahead := time.Duration(max(pace.Burst, 1)-1) * pace.Every
	var taken store.Delivery
	err = in.work(ctx, func(tx *store.Tx) (err error) {
		now := in.now()
		if paced {
			// Two posts that are under way at once may overtake each other: the next one waits for the last, but not for one that hangs.
			taken, err = tx.TakeHead(ctx, lane, in.replica, now, pace.Every, ahead)
		} else {
			taken, err = tx.Take(ctx, key, in.replica, now)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", 0, nil
	case errors.Is(err, store.ErrRests):
		rest, err = in.untilRested(ctx, lane, ahead)
		return "", rest, err
	case err != nil:
		return "", 0, fmt.Errorf("take delivery: %w", err)
	}
	if final, err := in.post(ctx, taken); err != nil || !final {
		return "", 0, err
	}
	return taken.Key, 0, nil
}

// untilRested is how long a lane must rest that may be booked so far ahead.
func (in *Inbox) untilRested(ctx context.Context, lane string, ahead time.Duration) (time.Duration, error) {
	booking, err := in.db.Lane(ctx, lane)
	if err != nil {
		return 0, err
	}
	now := in.now()
	return max(booking.Until.Sub(now), booking.Next.Sub(now)-ahead, time.Millisecond), nil
}

// untilFree is how long to wait for what is before d in its thread: not long, unless it takes long.
func (in *Inbox) untilFree(d store.Delivery) time.Duration {
	if wait := d.ReadyAt.Sub(in.now()); wait > 0 {
		return wait
	}
	return min(max(in.since(d.Created)/4, 10*time.Millisecond), time.Second)
}

// untilTurn is how long to wait in a lane that rests for wait: those before d in it go first.
func (in *Inbox) untilTurn(ctx context.Context, d store.Delivery, wait time.Duration) (time.Duration, error) {
	const enough = 1000
	before, err := in.db.Before(ctx, d.Address.Lane(), d.Seq, enough)
	if err != nil {
		return 0, err
	}
	return wait + time.Duration(before)*in.cfg.Pace[d.Address.Door].Every, nil
}

// post sends d, which is marked as sending, and records how that ended. It reports whether nothing more is to be done.
func (in *Inbox) post(ctx context.Context, d store.Delivery) (final bool, err error) {
	done, err := in.flying.lock(ctx, d.Key)
	if err != nil {
		return false, fmt.Errorf("send delivery: %w", err)
	}
	defer done()
	out, needed, err := in.outgoing(ctx, d)
	if err != nil {
		return false, err
	}
	if !needed {
		return in.settle(ctx, d, store.NotNeeded, "", "", time.Time{})
	}
	// The request may not outlive the time after which the post is looked for.
	posting, cancel := context.WithTimeout(ctx, in.cfg.settle*5/6-in.since(d.SendingAt))
	defer cancel()
	ts, err := in.posters[d.Address.Door].Post(posting, out)
	if err == nil {
		return in.sent(ctx, d, ts)
	}
	return false, in.ended(ctx, d, err)
}

// outgoing is what a poster gets. What changes or follows another post is not needed when that was never made.
func (in *Inbox) outgoing(ctx context.Context, d store.Delivery) (out Delivery, needed bool, err error) {
	out = Delivery{Key: d.Key, Address: Address(d.Address), Kind: d.Kind, Reply: d.Reply, Link: d.Link}
	if d.Kind == Ticket {
		thread, err := in.db.Thread(ctx, d.ThreadID)
		out.Origin = Address(thread.Address)
		return out, true, err
	}
	if d.Target == "" {
		return out, true, nil
	}
	target, err := in.db.Delivery(ctx, d.Target)
	if d.Kind == Reply { // an addition to a ticket goes under it
		out.Address.Thread = target.TS
	} else {
		out.TS = target.TS
	}
	return out, target.TS != "", err
}

// sent records that d is visible. It reports false when another has recorded something else meanwhile.
func (in *Inbox) sent(ctx context.Context, d store.Delivery, ts string) (ok bool, err error) {
	if ok, err = in.settle(ctx, d, store.Sent, ts, "", time.Time{}); err != nil || !ok {
		return false, err
	}
	in.metrics.delivered.WithLabelValues(d.Kind).Inc()
	if d.Kind == Reply && d.Target == "" {
		in.metrics.replyTime.Observe(in.since(d.AskedAt).Seconds())
	}
	in.log.DebugContext(ctx, "delivered", "delivery", d.Key, "kind", d.Kind, "thread", d.ThreadID, "attempt", d.Attempts)
	return true, nil
}

// ended records a post that failed.
func (in *Inbox) ended(ctx context.Context, d store.Delivery, failure error) error {
	var pe *PostError
	if !errors.As(failure, &pe) {
		pe = &PostError{Outcome: Ambiguous, Code: "unknown", Err: failure}
	}
	in.metrics.retries.WithLabelValues(pe.Outcome.String()).Inc()
	in.log.WarnContext(ctx, "post failed", "delivery", d.Key, "kind", d.Kind, "attempt", d.Attempts, "outcome", pe.Outcome.String(), "err", failure)
	switch {
	case pe.Outcome == Ambiguous:
		return nil // it stays marked; reconcile looks for it
	case pe.Outcome == Refused || in.since(d.Created) > giveUp:
		return in.undeliverable(ctx, d, pe.Code)
	}
	wait := max(pe.After, backoff(d.Attempts-1, 200*time.Millisecond))
	ready := in.now().Add(wait)
	if _, err := in.settle(ctx, d, store.Pending, "", pe.Code, ready); err != nil {
		return err
	}
	if _, paced := in.cfg.Pace[d.Address.Door]; paced && pe.Code == RateLimited {
		return in.rest(ctx, d.Address.Lane(), ready)
	}
	return nil
}

// rest keeps a whole lane from being posted to until a time: the far end asked for it.
func (in *Inbox) rest(ctx context.Context, lane string, until time.Time) error {
	return in.note(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.RestLane(ctx, lane, until) })
}

// settle records the end of an attempt. It reports false when another has recorded one meanwhile: theirs stands.
func (in *Inbox) settle(ctx context.Context, d store.Delivery, state store.DeliveryState, ts, failure string, ready time.Time) (ok bool, err error) {
	err = in.note(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		ok, err = tx.Settle(ctx, d, state, ts, failure, ready, in.now())
		return err
	})
	return ok, err
}

// note runs one statement that tells what has happened already.
func (in *Inbox) note(ctx context.Context, do func(context.Context, *store.Tx) error) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	return in.turn(ctx, func() error {
		return in.db.Single(ctx, func(tx *store.Tx) error { return do(ctx, tx) })
	})
}

// lasting is the context of what tells that something has happened already: a stop does not cut it short.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}

// again makes a delivery pending whose earlier attempt surely showed nothing that a new one would show twice.
func (in *Inbox) again(ctx context.Context, d store.Delivery) error {
	_, err := in.settle(ctx, d, store.Pending, "", "", time.Time{})
	return err
}

// reconcile finds out whether a delivery that was marked by an attempt with an unknown end was made. It returns how long
// to wait when it is too early to say.
func (in *Inbox) reconcile(ctx context.Context, d store.Delivery) (wait time.Duration, err error) {
	if in.flying.has(d.Key) {
		return 50 * time.Millisecond, nil // being sent right now, here
	}
	if early := in.cfg.settle - in.now().Sub(d.SendingAt); early > 0 {
		return early, nil
	}
	out, needed, err := in.outgoing(ctx, d)
	if err != nil {
		return 0, err
	}
	if !needed || d.Kind == Revise || d.Kind == Withdraw { // doing these again shows nothing twice
		return 0, in.again(ctx, d)
	}
	finding, cancel := context.WithTimeout(ctx, findTimeout)
	defer cancel()
	ts, found, err := in.posters[d.Address.Door].Find(finding, out)
	var pe *PostError
	switch {
	case errors.As(err, &pe) && pe.Outcome == Refused:
		return 0, in.undeliverable(ctx, d, pe.Code)
	case err != nil:
		in.log.WarnContext(ctx, "look for a post", "delivery", d.Key, "err", err)
		if pe != nil {
			return max(pe.After, time.Second), nil
		}
		return 2 * time.Second, nil
	case found:
		in.metrics.reconciled.WithLabelValues("found").Inc()
		_, err := in.sent(ctx, d, ts)
		return 0, err
	}
	in.metrics.reconciled.WithLabelValues("absent").Inc()
	return 0, in.again(ctx, d)
}

// undeliverable ends a delivery that the far end will never take. A reply that nobody can see becomes a ticket.
func (in *Inbox) undeliverable(ctx context.Context, d store.Delivery, code string) error {
	in.metrics.failed.WithLabelValues(d.Kind).Inc()
	in.log.ErrorContext(ctx, "delivery failed for good", "delivery", d.Key, "kind", d.Kind, "thread", d.ThreadID, "code", code)
	var queues []string
	ctx, cancel := lasting(ctx)
	defer cancel()
	err := in.work(ctx, func(tx *store.Tx) error {
		ok, err := tx.Settle(ctx, d, store.Undeliverable, "", code, time.Time{}, in.now())
		if err != nil || !ok || d.Kind != Reply {
			return err
		}
		turn, err := tx.TurnByReply(ctx, d.ThreadID, d.Key)
		if errors.Is(err, store.ErrNotFound) { // a notice, not an answer
			return nil
		}
		if err != nil {
			return err
		}
		queues, err = in.ticketFor(ctx, tx, d, turn)
		return err
	})
	in.poke(queues...)
	return err
}

// ticketFor opens a ticket for a turn whose reply cannot be shown.
func (in *Inbox) ticketFor(ctx context.Context, tx *store.Tx, d store.Delivery, turn store.Turn) ([]string, error) {
	thread, err := tx.Thread(ctx, d.ThreadID)
	if err != nil {
		return nil, err
	}
	m, err := tx.Message(ctx, turn.MessageID)
	if err != nil {
		return nil, err
	}
	reply := turn.Reply
	if reply.Ticket != nil || m.State == store.Dropped {
		return nil, nil // a human has it already, or nobody wants it any more
	}
	reply.Ticket = &desk.Ticket{Reason: desk.ReasonFailed, Question: m.Message.Text, Candidates: reply.Candidates}
	return []string{deliverQueue}, in.ticket(ctx, tx, thread, m, reply)
}
