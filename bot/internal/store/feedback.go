package store

import (
	"context"
	"fmt"
	"time"
)

// Feedback is an asker's word on an answer.
type Feedback struct {
	ID        int64
	ThreadID  int64
	MessageID int64 // the pressed button
	Author    string
	Helpful   bool
	Intent    string // of the answer
	Question  string
	At        time.Time
}

// AddFeedback stores f.
func (tx *Tx) AddFeedback(ctx context.Context, f Feedback) error {
	_, err := tx.exec(ctx, `INSERT INTO feedback (thread_id, message_id, author, helpful, intent, question, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (message_id) DO NOTHING`, f.ThreadID, f.MessageID, f.Author, flag(f.Helpful), f.Intent, f.Question, millis(f.At))
	if err != nil {
		return fmt.Errorf("add feedback: %w", err)
	}
	return nil
}

// Feedback lists what was said since a time, the newest first, at most limit.
func (db *DB) Feedback(ctx context.Context, since time.Time, limit int) ([]Feedback, error) {
	scan := func(row scanner) (Feedback, error) {
		var f Feedback
		var helpful, at int64
		err := row.Scan(&f.ID, &f.ThreadID, &f.MessageID, &f.Author, &helpful, &f.Intent, &f.Question, &at)
		f.Helpful, f.At = helpful == 1, moment(at)
		return f, err
	}
	all, err := collect(ctx, db, scan, `SELECT id, thread_id, message_id, author, helpful, intent, question, at
		FROM feedback WHERE at >= $1 ORDER BY at DESC LIMIT $2`, millis(since), limit)
	if err != nil {
		return nil, fmt.Errorf("list feedback: %w", err)
	}
	return all, nil
}
