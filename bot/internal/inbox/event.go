// Package inbox makes delivery durable: once Accept has returned, exactly one visible reply appears, whatever dies.
//
// A message goes through three steps, each a transaction of its own:
//
//	Accept   dedupe keys, thread, message, answer job     before a door acknowledges
//	answer   turn, thread state, reply, ticket, deliver jobs
//	deliver  mark as sending │ post │ record what was made
//
// The rows of package store are the truth; a job of the queue (River) only says where to look, so that a job that runs
// twice, late or on another replica does no harm. Every message that is open and every delivery that is not final has
// a job. An answer is recorded only if neither its thread nor its message has changed since the desk read them.
//
// A delivery has a key, which goes out with the post. It is marked as sending, in a commit of its own, before the request.
// An attempt with a known end is recorded. After one with an unknown end (a timeout, a dropped connection, the death of the process)
// the post is looked for by its key, no sooner than 12 s after the mark, and made again only if it is surely absent: a
// request takes 10 s at most. Until then the rest of its thread waits, and nothing else does.
//
// The posts of a thread keep their order, and of them one is under way at a time, on all replicas together; so the database ensures.
// A channel is posted to at the pace of its door, in the order of the answers.
//
// On SQLite one process owns the folder and puts back what the last one had under way. On PostgreSQL replicas beat every 2 s;
// the jobs of one that is silent for 6 s are put back by another. Times that replicas compare are the database's.
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
