package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
)

// MessageState is how far a message has come.
type MessageState string

// The states of a message.
const (
	Open    MessageState = "open"    // to be answered
	Revise  MessageState = "revise"  // answered, then edited: to be answered anew
	Done    MessageState = "done"    // answered, or rightly ignored
	Dropped MessageState = "dropped" // deleted by its author
	Flooded MessageState = "flooded" // over its author's limit
	Failed  MessageState = "failed"  // could not be answered; there is a ticket
)

// Message is one thing said in a thread.
type Message struct {
	ID       int64
	ThreadID int64
	TS       string // orders the messages of a thread, as text
	Author   string // door, team and user
	Message  desk.Message
	State    MessageState
	Rev      int64 // grows with every edit
	At       time.Time
}

const messageColumns = `id, thread_id, ts, author, message, state, rev, at`

func scanMessage(row scanner) (Message, error) {
	var m Message
	var text string
	var at int64
	if err := row.Scan(&m.ID, &m.ThreadID, &m.TS, &m.Author, &text, &m.State, &m.Rev, &at); err != nil {
		return Message{}, err
	}
	m.At = moment(at)
	err := decode(text, &m.Message)
	return m, err
}

// AddMessage stores m.
func (tx *Tx) AddMessage(ctx context.Context, m Message) error {
	text, err := encode(m.Message)
	if err != nil {
		return err
	}
	err = tx.Later(ctx, `INSERT INTO messages (thread_id, ts, author, message, state, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		m.ThreadID, m.TS, m.Author, text, m.State, millis(m.At))
	if err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	return nil
}

// MessageAt returns the last message of a thread with the given ts, or ErrNotFound.
func (tx *Tx) MessageAt(ctx context.Context, thread int64, ts string) (Message, error) {
	m, err := scanMessage(tx.row(ctx, `SELECT `+messageColumns+` FROM messages WHERE thread_id = $1 AND ts = $2 ORDER BY id DESC LIMIT 1`, thread, ts))
	return m, found(err, "find message")
}

// Message returns one message, or ErrNotFound.
func (tx *Tx) Message(ctx context.Context, id int64) (Message, error) {
	m, err := scanMessage(tx.row(ctx, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, id))
	return m, found(err, "read message")
}

// EditMessage gives a message a new text and state.
func (tx *Tx) EditMessage(ctx context.Context, id int64, message desk.Message, state MessageState) error {
	text, err := encode(message)
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE messages SET message = $1, state = $2, rev = rev + 1 WHERE id = $3`, text, state, id); err != nil {
		return fmt.Errorf("edit message: %w", err)
	}
	return nil
}

// SettleMessage ends the work on m. When m was edited, deleted or settled since it was read, it, or a later statement, or the
// commit fails with ErrStale.
func (tx *Tx) SettleMessage(ctx context.Context, m Message, state MessageState) error {
	err := tx.expect(ctx, 1, ErrStale, `UPDATE messages SET state = $1 WHERE id = $2 AND state = $3 AND rev = $4`, state, m.ID, m.State, m.Rev)
	if err != nil {
		return fmt.Errorf("settle message: %w", err)
	}
	return nil
}

// FloodedByAuthor counts what of an author's was refused as too much since a time, up to limit.
func (tx *Tx) FloodedByAuthor(ctx context.Context, author string, since time.Time, limit int) (int, error) {
	return tx.recent(ctx, `state = 'flooded'`, author, since, limit)
}

func (tx *Tx) recent(ctx context.Context, which, author string, since time.Time, limit int) (int, error) {
	var n int
	err := tx.row(ctx, `SELECT count(*) FROM (SELECT 1 FROM messages WHERE author = $1 AND at > $2 AND `+which+` LIMIT $3) AS recent`,
		author, millis(since), limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count an author's messages: %w", err)
	}
	return n, nil
}

// NextMessage returns the message of a thread that is to be worked next, the thread as it is then, and whether there are more to be
// worked, or ErrNotFound when none is. It names the tables in the order in which everything else locks them.
func (db *DB) NextMessage(ctx context.Context, thread int64) (m Message, t Thread, more bool, err error) {
	row := db.row(ctx, `SELECT m.id, m.thread_id, m.ts, m.author, m.message, m.state, m.rev, m.at,
			t.id, t.door, t.team, t.channel, t.thread, t.opener, t.state, t.version, t.created, t.updated,
			EXISTS (SELECT 1 FROM messages n WHERE n.thread_id = $1 AND n.state IN ('open', 'revise') AND n.id <> m.id)
		FROM threads t JOIN messages m ON m.thread_id = t.id
		WHERE t.id = $1 AND m.thread_id = $1 AND m.state IN ('open', 'revise') ORDER BY m.ts, m.id LIMIT 1`, thread)
	var text, state string
	var at, created, updated int64
	err = row.Scan(&m.ID, &m.ThreadID, &m.TS, &m.Author, &text, &m.State, &m.Rev, &at,
		&t.ID, &t.Address.Door, &t.Address.Team, &t.Address.Channel, &t.Address.Thread, &t.Opener, &state, &t.Version, &created, &updated, &more)
	if err != nil {
		return m, t, false, found(err, "find the next message")
	}
	m.At, t.Created, t.Updated = moment(at), moment(created), moment(updated)
	return m, t, more, errors.Join(decode(text, &m.Message), decode(state, &t.State))
}

// Messages lists a thread's messages in order, at most limit, the last ones when there are more.
func (db *DB) Messages(ctx context.Context, thread int64, limit int) ([]Message, error) {
	all, err := collect(ctx, db, scanMessage, `SELECT * FROM (
		SELECT `+messageColumns+` FROM messages WHERE thread_id = $1 ORDER BY ts DESC, id DESC LIMIT $2) AS latest ORDER BY ts, id`, thread, limit)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return all, nil
}

// AddEarly keeps an edit or a deletion whose message has not come yet.
func (tx *Tx) AddEarly(ctx context.Context, a Address, ts string, deleted bool, message desk.Message, at time.Time) error {
	text, err := encode(message)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO early (door, team, channel, ts, deleted, message, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (door, team, channel, ts) DO UPDATE SET deleted = excluded.deleted, message = excluded.message, at = excluded.at`,
		a.Door, a.Team, a.Channel, ts, flag(deleted), text, millis(at))
	if err != nil {
		return fmt.Errorf("keep early edit: %w", err)
	}
	return nil
}

// Arrival is what is known when a message comes.
type Arrival struct {
	Thread  Thread        // made when it is new; others cannot change it until the transaction ends
	Edit    *desk.Message // edit that came before the message; forgotten by now
	Deleted bool          // its deletion came before it; forgotten by now
	Recent  int           // what its author had answered lately
}

// Arrive opens the thread at a for the message m by user, and tells what is known of it. The first to speak in a thread counts as its opener; the author of its
// first message always does. Recent counts from since, up to limit.
func (tx *Tx) Arrive(ctx context.Context, a Address, m Message, user string, since time.Time, limit int) (known Arrival, err error) {
	if err := tx.openThread(ctx, &known.Thread, a, user, m.TS == a.Thread, m.At); err != nil {
		return Arrival{}, err
	}
	// By a statement of its own after the thread was locked: an edit that waited for the lock is seen.
	if err := tx.takeEarly(ctx, &known, a, m.TS); err != nil {
		return Arrival{}, err
	}
	known.Recent, err = tx.recent(ctx, `state <> 'flooded'`, m.Author, since, limit)
	return known, err
}

// takeEarly tells known, once a later statement was waited for, of the edit that came before the message at ts, and forgets it.
func (tx *Tx) takeEarly(ctx context.Context, known *Arrival, a Address, ts string) error {
	read := func(row scanner) error {
		var text string
		var gone int64
		if err := row.Scan(&gone, &text); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			return err
		}
		known.Deleted, known.Edit = gone == 1, &desk.Message{}
		return decode(text, known.Edit)
	}
	err := tx.soon(ctx, read, `DELETE FROM early WHERE door = $1 AND team = $2 AND channel = $3 AND ts = $4 RETURNING deleted, message`,
		a.Door, a.Team, a.Channel, ts)
	if err != nil {
		return fmt.Errorf("take early edit: %w", err)
	}
	return nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
