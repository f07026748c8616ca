package store

import (
	"context"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
)

// Turn is one message and what the desk made of it.
type Turn struct {
	ID        int64
	ThreadID  int64
	MessageID int64
	Before    desk.Thread // what the reply was made from
	Reply     desk.Reply
	ReplyKey  string // delivery that shows the reply; empty: there was nothing to show
	Revised   int    // how often an edit of the message changed it
	At        time.Time
	Message   Message // filled by Turns
}

const turnColumns = `id, thread_id, message_id, before, reply, reply_key, revised, at`

func scanTurn(row scanner) (Turn, error) {
	var t Turn
	var before, reply string
	var at int64
	if err := row.Scan(&t.ID, &t.ThreadID, &t.MessageID, &before, &reply, &t.ReplyKey, &t.Revised, &at); err != nil {
		return Turn{}, err
	}
	t.At = moment(at)
	if err := decode(before, &t.Before); err != nil {
		return Turn{}, err
	}
	err := decode(reply, &t.Reply)
	return t, err
}

// SaveTurn stores t, in place of an earlier turn of the same message.
func (tx *Tx) SaveTurn(ctx context.Context, t Turn) error {
	before, err := encode(t.Before)
	if err != nil {
		return err
	}
	reply, err := encode(t.Reply)
	if err != nil {
		return err
	}
	err = tx.Later(ctx, `INSERT INTO turns (thread_id, message_id, before, reply, decision, reply_key, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (message_id) DO UPDATE SET reply = excluded.reply, decision = excluded.decision,
			reply_key = excluded.reply_key, revised = turns.revised + 1`,
		t.ThreadID, t.MessageID, before, reply, t.Reply.Decision, t.ReplyKey, millis(t.At))
	if err != nil {
		return fmt.Errorf("save turn: %w", err)
	}
	return nil
}

// TurnOf returns the turn of a message, or ErrNotFound.
func (tx *Tx) TurnOf(ctx context.Context, message int64) (Turn, error) {
	t, err := scanTurn(tx.row(ctx, `SELECT `+turnColumns+` FROM turns WHERE message_id = $1`, message))
	return t, found(err, "find turn")
}

// LastTurn returns the last turn of a thread, or ErrNotFound.
func (tx *Tx) LastTurn(ctx context.Context, thread int64) (Turn, error) {
	t, err := scanTurn(tx.row(ctx, `SELECT `+turnColumns+` FROM turns WHERE thread_id = $1 ORDER BY id DESC LIMIT 1`, thread))
	return t, found(err, "find last turn")
}

// TurnOf returns the turn of a message, or ErrNotFound.
func (db *DB) TurnOf(ctx context.Context, message int64) (Turn, error) {
	t, err := scanTurn(db.row(ctx, `SELECT `+turnColumns+` FROM turns WHERE message_id = $1`, message))
	return t, found(err, "find turn")
}

// TurnByReply returns the turn that the delivery with the given key shows, or ErrNotFound.
func (tx *Tx) TurnByReply(ctx context.Context, thread int64, key string) (Turn, error) {
	t, err := scanTurn(tx.row(ctx, `SELECT `+turnColumns+` FROM turns WHERE thread_id = $1 AND reply_key = $2 ORDER BY id DESC LIMIT 1`, thread, key))
	return t, found(err, "find turn")
}

// Turns lists a thread's turns in order with their messages, at most limit, the last ones when there are more.
func (db *DB) Turns(ctx context.Context, thread int64, limit int) ([]Turn, error) {
	scan := func(row scanner) (Turn, error) {
		var t Turn
		var before, reply, message string
		var at, said int64
		err := row.Scan(&t.ID, &t.ThreadID, &t.MessageID, &before, &reply, &t.ReplyKey, &t.Revised, &at,
			&t.Message.TS, &t.Message.Author, &message, &t.Message.State, &t.Message.Rev, &said)
		if err != nil {
			return Turn{}, err
		}
		t.At, t.Message.At, t.Message.ID, t.Message.ThreadID = moment(at), moment(said), t.MessageID, t.ThreadID
		if err := decode(before, &t.Before); err != nil {
			return Turn{}, err
		}
		if err := decode(reply, &t.Reply); err != nil {
			return Turn{}, err
		}
		err = decode(message, &t.Message.Message)
		return t, err
	}
	all, err := collect(ctx, db, scan, `SELECT * FROM (
		SELECT t.id, t.thread_id, t.message_id, t.before, t.reply, t.reply_key, t.revised, t.at, m.ts, m.author, m.message, m.state, m.rev, m.at AS said
		FROM turns t JOIN messages m ON m.id = t.message_id WHERE t.thread_id = $1 ORDER BY t.id DESC LIMIT $2
		) AS latest ORDER BY id`, thread, limit)
	if err != nil {
		return nil, fmt.Errorf("list turns: %w", err)
	}
	return all, nil
}
