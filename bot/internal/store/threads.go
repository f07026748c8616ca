package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
)

// Address is where a thread lives.
type Address struct {
	Door    string
	Team    string
	Channel string
	Thread  string
}

// Lane names the channel of a; posts are paced by it.
func (a Address) Lane() string { return a.Door + "/" + a.Team + "/" + a.Channel }

// Thread is a stored thread.
type Thread struct {
	ID      int64
	Address Address
	Opener  string // user who opened it
	State   desk.Thread
	Version int64 // grows with every change of State
	Created time.Time
	Updated time.Time
}

const threadColumns = `id, door, team, channel, thread, opener, state, version, created, updated`

func scanThread(row scanner) (Thread, error) {
	var t Thread
	var state string
	var created, updated int64
	err := row.Scan(&t.ID, &t.Address.Door, &t.Address.Team, &t.Address.Channel, &t.Address.Thread,
		&t.Opener, &state, &t.Version, &created, &updated)
	if err != nil {
		return Thread{}, err
	}
	t.Created, t.Updated = moment(created), moment(updated)
	err = decode(state, &t.State)
	return t, err
}

// openThread has t be the thread at a, made when it is new, once a later statement was waited for, and keeps others from changing it until the
// transaction ends. The first to speak in it counts as its opener; the author of its first message always does.
func (tx *Tx) openThread(ctx context.Context, t *Thread, a Address, user string, first bool, at time.Time) error {
	opener := "threads.opener"
	if first {
		opener = "excluded.opener"
	}
	read := func(row scanner) (err error) {
		*t, err = scanThread(row)
		return err
	}
	err := tx.soon(ctx, read, `INSERT INTO threads (door, team, channel, thread, opener, created, updated)
		VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (door, team, channel, thread) DO UPDATE SET updated = excluded.updated, opener = `+opener+`
		RETURNING `+threadColumns, a.Door, a.Team, a.Channel, a.Thread, user, millis(at))
	if err != nil {
		return fmt.Errorf("open thread: %w", err)
	}
	return nil
}

// FindThread returns the thread at a, or ErrNotFound, and keeps others from changing it until the transaction ends.
func (tx *Tx) FindThread(ctx context.Context, a Address) (Thread, error) {
	lock := ""
	if tx.db.dialect == Postgres {
		lock = " FOR UPDATE"
	}
	t, err := scanThread(tx.row(ctx, `SELECT `+threadColumns+` FROM threads
		WHERE door = $1 AND team = $2 AND channel = $3 AND thread = $4`+lock, a.Door, a.Team, a.Channel, a.Thread))
	return t, found(err, "find thread")
}

// Thread returns one thread, or ErrNotFound.
func (tx *Tx) Thread(ctx context.Context, id int64) (Thread, error) {
	t, err := scanThread(tx.row(ctx, `SELECT `+threadColumns+` FROM threads WHERE id = $1`, id))
	return t, found(err, "read thread")
}

// SetThreadState replaces what the desk remembers of a thread. When the thread has changed since version was read, it, or a later
// statement, or the commit fails with ErrStale.
func (tx *Tx) SetThreadState(ctx context.Context, id, version int64, state desk.Thread) error {
	text, err := encode(state)
	if err != nil {
		return err
	}
	err = tx.expect(ctx, 1, ErrStale, `UPDATE threads SET state = $1, lang = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		text, state.Lang, id, version)
	if err != nil {
		return fmt.Errorf("set thread state: %w", err)
	}
	return nil
}

// Thread returns one thread, or ErrNotFound.
func (db *DB) Thread(ctx context.Context, id int64) (Thread, error) {
	t, err := scanThread(db.row(ctx, `SELECT `+threadColumns+` FROM threads WHERE id = $1`, id))
	return t, found(err, "read thread")
}

// Find returns the thread at a, or ErrNotFound.
func (db *DB) Find(ctx context.Context, a Address) (Thread, error) {
	t, err := scanThread(db.row(ctx, `SELECT `+threadColumns+` FROM threads
		WHERE door = $1 AND team = $2 AND channel = $3 AND thread = $4`, a.Door, a.Team, a.Channel, a.Thread))
	return t, found(err, "find thread")
}

// Threads lists at most limit threads, the last touched first.
func (db *DB) Threads(ctx context.Context, limit int) ([]Thread, error) {
	all, err := collect(ctx, db, scanThread, `SELECT `+threadColumns+` FROM threads ORDER BY updated DESC, id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list threads: %w", err)
	}
	return all, nil
}

// LastHeard is when something was last said at a door; zero when nothing ever was.
func (db *DB) LastHeard(ctx context.Context, door string) (time.Time, error) {
	var at int64
	// Neither database is to look a door up, which has nearly all threads: the last ones are first in the index of when.
	err := db.row(ctx, `SELECT updated FROM threads WHERE door || '' = $1 ORDER BY updated DESC, id DESC LIMIT 1`, door).Scan(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("find when a door was last heard: %w", err)
	}
	return moment(at), nil
}

// found words an error of reading one row.
func found(err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(text), nil
}

func decode(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}
