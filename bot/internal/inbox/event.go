// Package inbox makes delivery durable: accept → answer → deliver.
//
// Accept is one transaction (dedupe keys, thread, message, job) and must end before a door
// acknowledges. Answer is one transaction (turn, reply, delivery, job). Deliver posts under
// the delivery's key: it is marked as sending before the request, and after an ambiguous end it is looked for
// in the thread, no sooner than 12 s after the mark, before anything is sent again.
package inbox

import (
	"context"
	"time"

	"haedap/bot/internal/desk"
)

// Address is where a thread lives.
type Address struct {
	Door    string // "slack" or "console"
	Team    string
	Channel string
	Thread  string // ts of the question that opened it
}

// Kind is what an event does.
type Kind string

// The kinds of event that doors accept.
const (
	Said    Kind = "said"    // a new message or a pressed button
	Edited  Kind = "edited"  // Event.TS got a new text
	Deleted Kind = "deleted" // Event.TS is gone
)

// Event is one thing that happened at a door.
type Event struct {
	Keys    []string // dedupe keys, kept ≥ 24 h; an event with any known key is a duplicate
	Kind    Kind
	Address Address
	TS      string // the message's own id in its channel; orders messages in a thread, compared as text
	User    string
	Message desk.Message // masked by Accept before it is stored; From is decided by the inbox from User and the thread's opener
	At      time.Time
}

// Delivery is one thing to be made visible.
type Delivery struct {
	Key     string // reply key; in the post's metadata
	Address Address
	Kind    string // Reply, Ticket, Revise (replace TS in place) or Withdraw (delete TS)
	TS      string // what to revise or withdraw
	Reply   desk.Reply
	Link    string  // ticket: permalink of the thread
	Origin  Address // ticket: the thread that it is about
}

// The kinds of delivery.
const (
	Reply    = "reply"
	Ticket   = "ticket"
	Revise   = "revise"
	Withdraw = "withdraw"
)

// Poster makes deliveries visible at a door.
type Poster interface {
	// Post sends d once and returns the ts of what it made. Its error says what may follow: see PostError.
	Post(ctx context.Context, d Delivery) (ts string, err error)
	// Find looks for what an earlier Post of d may have made.
	Find(ctx context.Context, d Delivery) (ts string, found bool, err error)
}

// Outcome says what is known after a failed post.
type Outcome int

// The outcomes of a failed post.
const (
	NotSent   Outcome = iota // surely not made; may be sent again after PostError.After
	Ambiguous                // may have been made; Find before sending again
	Refused                  // will never be accepted (channel_not_found, is_archived, …)
)

// RateLimited is the PostError.Code after which a paced channel rests as a whole; other failures hold up their own thread only.
const RateLimited = "ratelimited"

// PostError is the error of Poster.
type PostError struct {
	Outcome Outcome
	After   time.Duration // wait at least so long
	Code    string        // Slack's word, or "timeout"
	Err     error
}

func (e *PostError) Error() string {
	if e.Err == nil {
		return "post: " + e.Code
	}
	return "post: " + e.Code + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *PostError) Unwrap() error { return e.Err }
