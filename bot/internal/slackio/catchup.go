package slackio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"haedap/bot/internal/inbox"
)

// overlap is how far before a gap we look: a half-open connection is noticed late.
const overlap = 2 * time.Minute

// keepUp looks for what came while the process was away, and after every gap, until ctx ends. A look back that could not
// be finished is made again: what it did not see nobody else will tell us.
func (d *Doors) keepUp(ctx context.Context) {
	var since time.Time // of the look back that is due; zero: none
	var again <-chan time.Time
	wait := time.Second
	for unknown := d.opt.Since != nil; ; {
		if unknown {
			heard, err := d.opt.Since(ctx)
			if err != nil {
				d.log.Error("when we last heard from Slack is not known yet", "err", err, "retry_in", wait)
			} else if unknown = false; !heard.IsZero() {
				since = earlier(since, heard.Add(-overlap))
			}
		}
		if !since.IsZero() && d.catchUp(ctx, since) {
			since = time.Time{}
		}
		again = nil
		if unknown || !since.IsZero() {
			again = time.After(wait)
			wait = min(2*wait, time.Minute)
		} else {
			wait = time.Second
		}
		select {
		case lost := <-d.gaps:
			since = earlier(since, lost.Add(-overlap))
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// earlier is the earlier of two times; a zero one is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// catchUp accepts what was said, edited or deleted since then, as if it came as events: the keys make
// what came already count once. It leaves alone what is older than MaxAge, and what a human answered. It reports
// whether it saw everything.
func (d *Doors) catchUp(ctx context.Context, since time.Time) (whole bool) {
	// A time in the future was written before the clock was set back: it says nothing.
	if now := time.Now(); since.After(now) || since.Before(now.Add(-d.cfg.MaxAge)) {
		since = now.Add(-d.cfg.MaxAge)
	}
	c := d.lookBack(since)
	err := c.run(ctx)
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil:
		d.log.Info("caught up with Slack", "since", since, "threads", len(c.seen))
		return true
	case passing(err):
		d.log.Error("catch-up is incomplete; it is tried again", "since", since, "err", err)
		return false
	}
	d.log.Error("catch-up is incomplete: Slack refuses what an operator must mend", "since", since, "err", err)
	return true
}

// lookBack prepares one.
func (d *Doors) lookBack(since time.Time) *catchUp {
	return &catchUp{doors: d, decoder: d.decoder(), since: since, seen: map[inbox.Address]bool{}}
}

// passing tells whether one of the errors joined in err may be gone when it is tried again: all but Slack's refusals.
func passing(err error) bool {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.ContainsFunc(many.Unwrap(), passing)
	}
	var known *inbox.PostError
	return !errors.As(err, &known) || known.Outcome != inbox.Refused && !mendable[known.Code]
}

// catchUp is one look back.
type catchUp struct {
	doors   *Doors
	decoder decoder
	since   time.Time
	seen    map[inbox.Address]bool // threads that were read
}

func (c *catchUp) run(ctx context.Context) error {
	var problems []error
	cursor := ""
	for {
		var channels []slack.Channel
		err := c.patiently(ctx, func(ctx context.Context) (err error) {
			channels, cursor, err = c.doors.poster.api.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{
				Types: []string{"public_channel", "private_channel", "mpim", "im"}, ExcludeArchived: true, Cursor: cursor, Limit: pageSize,
			})
			return err
		})
		if err != nil {
			return fmt.Errorf("list our channels: %w", err)
		}
		for _, channel := range channels {
			if err := c.channel(ctx, channel.ID); err != nil {
				problems = append(problems, fmt.Errorf("read channel %s: %w", channel.ID, err))
			}
		}
		if cursor == "" {
			break
		}
	}
	return errors.Join(append(problems, c.threads(ctx))...)
}

// channel reads a channel back to MaxAge: an older question may have a newer reply.
func (c *catchUp) channel(ctx context.Context, id string) error {
	oldest := slackTime(time.Now().Add(-c.doors.cfg.MaxAge))
	messages, err := c.read(ctx, id, "", oldest)
	if err != nil {
		return err
	}
	for _, m := range messages { // newest first; the inbox orders by ts
		latest, _ := moment(m.LatestReply)
		if m.ReplyCount > 0 && latest.After(c.since) {
			if err := c.thread(ctx, id, m.Timestamp); err != nil {
				return err
			}
			continue
		}
		if err := c.take(ctx, id, m, nil); err != nil {
			return err
		}
	}
	return nil
}

// threads reads the threads that may have gone on, though their question is too old for channel.
func (c *catchUp) threads(ctx context.Context) error {
	if c.doors.opt.Threads == nil {
		return nil
	}
	recent, err := c.doors.opt.Threads(ctx)
	if err != nil {
		return fmt.Errorf("list recent threads: %w", err)
	}
	var problems []error
	for _, a := range recent {
		if a.Door == "slack" && a.Team == c.decoder.self.team && !c.seen[a] {
			problems = append(problems, c.thread(ctx, a.Channel, a.Thread))
		}
	}
	return errors.Join(problems...)
}

func (c *catchUp) thread(ctx context.Context, channel, ts string) error {
	c.seen[inbox.Address{Door: "slack", Team: c.decoder.self.team, Channel: channel, Thread: ts}] = true
	messages, err := c.read(ctx, channel, ts, slackTime(c.since))
	if err != nil {
		return fmt.Errorf("read thread: %w", err)
	}
	for i, m := range messages {
		if err := c.take(ctx, channel, m, messages[i+1:]); err != nil {
			return err
		}
	}
	return nil
}

// take accepts what one message tells; after is what followed in its thread.
func (c *catchUp) take(ctx context.Context, channel string, m slack.Message, after []slack.Message) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	var said message
	if err := json.Unmarshal(raw, &said); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	said.Type, said.Channel = "message", channel
	it, err := c.missed(said)
	if err != nil || it.event == nil && it.forward == nil {
		return nil // not for us, as at the door
	}
	if it.event != nil && it.event.Kind == inbox.Said && c.humanAnswered(said, after) {
		c.doors.opt.Count(answered)
		return nil
	}
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if it.forward != nil {
		return c.doors.answerForward(call, *it.forward)
	}
	return c.doors.acceptOurs(call, it, c.doors.opt.Known)
}

// missed makes of a stored message the event that we may have missed.
func (c *catchUp) missed(m message) (item, error) {
	if m.Subtype == "tombstone" {
		return c.decoder.changed(message{Channel: m.Channel, TS: m.TS, Changed: &m}, "")
	}
	at, err := moment(m.TS)
	if err != nil {
		return item{}, err
	}
	if at.After(c.since) {
		return c.decoder.message(m, "")
	}
	if m.Edited == nil {
		return item{}, nil
	}
	if at, err = moment(m.Edited.TS); err != nil || !at.After(c.since) {
		return item{}, err
	}
	return c.decoder.changed(message{Channel: m.Channel, TS: m.Edited.TS, Changed: &m}, "")
}

// humanAnswered tells whether somebody else, not a bot, wrote later in the thread.
func (c *catchUp) humanAnswered(m message, after []slack.Message) bool {
	for _, later := range after {
		if later.User != m.User && later.BotID == "" && later.User != c.decoder.self.user && later.User != "" && later.User != "USLACKBOT" {
			return true
		}
	}
	return false
}

// read gives all messages of a thread or a channel from oldest on.
func (c *catchUp) read(ctx context.Context, channel, thread, oldest string) (all []slack.Message, err error) {
	err = c.patiently(ctx, func(ctx context.Context) error {
		all = all[:0]
		for m, err := range c.doors.poster.messages(ctx, channel, thread, oldest) {
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// patiently repeats a call that only reads, as long as Slack asks us to wait or cannot be reached.
func (c *catchUp) patiently(ctx context.Context, call func(context.Context) error) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := call(ctx)
		if err == nil {
			return nil
		}
		var known *inbox.PostError
		if !errors.As(err, &known) {
			known = postError(err, false)
		}
		if known.Outcome != inbox.NotSent || mendable[known.Code] || wait >= time.Minute {
			return known
		}
		if !sleep(ctx, max(wait, known.After)) {
			return ctx.Err()
		}
	}
}

// slackTime writes a time as Slack's ts.
func slackTime(t time.Time) string {
	us := t.UnixMicro()
	return fmt.Sprintf("%d.%06d", us/1e6, us%1e6)
}
