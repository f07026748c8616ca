package store

import (
	"context"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
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

// Suggestion is a reply that was offered to an agent.
type Suggestion struct {
	ID       int64
	Agent    string
	Question string
	Reply    desk.Reply
	Intent   string // what the agent says is right; empty: not corrected
	At       time.Time
}

// AddSuggestion stores s and returns its id.
func (db *DB) AddSuggestion(ctx context.Context, s Suggestion) (int64, error) {
	reply, err := encode(s.Reply)
	if err != nil {
		return 0, err
	}
	var id int64
	err = db.Update(ctx, func(tx *Tx) error {
		return tx.row(ctx, `INSERT INTO suggestions (agent, question, reply, at) VALUES ($1, $2, $3, $4) RETURNING id`,
			s.Agent, s.Question, reply, millis(s.At)).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("add suggestion: %w", err)
	}
	return id, nil
}

// CorrectSuggestion records the intent that an agent says is right.
func (db *DB) CorrectSuggestion(ctx context.Context, id int64, intent string) error {
	return db.Update(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE suggestions SET intent = $1 WHERE id = $2`, intent, id)
		if err != nil {
			return fmt.Errorf("correct suggestion %d: %w", id, err)
		}
		if n == 0 {
			return fmt.Errorf("correct suggestion %d: %w", id, ErrNotFound)
		}
		return nil
	})
}

// Corrections lists the suggestions that agents corrected, the newest first, at most limit.
func (db *DB) Corrections(ctx context.Context, limit int) ([]Suggestion, error) {
	scan := func(row scanner) (Suggestion, error) {
		var s Suggestion
		var reply string
		var at int64
		if err := row.Scan(&s.ID, &s.Agent, &s.Question, &reply, &s.Intent, &at); err != nil {
			return Suggestion{}, err
		}
		s.At = moment(at)
		err := decode(reply, &s.Reply)
		return s, err
	}
	all, err := collect(ctx, db, scan, `SELECT id, agent, question, reply, intent, at FROM suggestions WHERE intent <> '' ORDER BY id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return all, nil
}
