package store

import (
	"context"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
)

// Fate is what became of an answer until the next one in its thread.
type Fate struct {
	Unhelpful  bool // the asker said that it did not help
	HandedOver bool // a ticket was opened
	Corrected  bool // an agent said that another article is right, or none
}

// Fates lists what became of the answers since a time, the newest first, at most limit. An answer that the asker chose
// from a clarification is left out: the desk did not decide on it.
func (db *DB) Fates(ctx context.Context, since time.Time, limit int) ([]Fate, error) {
	type row struct {
		fate   Fate
		chosen bool
	}
	scan := func(s scanner) (row, error) {
		var r row
		var message string
		var unhelpful, tickets, corrections int
		if err := s.Scan(&message, &unhelpful, &tickets, &corrections); err != nil {
			return row{}, err
		}
		var m desk.Message
		err := decode(message, &m)
		r.chosen, r.fate = m.Action == desk.Choose, Fate{unhelpful > 0, tickets > 0, corrections > 0}
		return r, err
	}
	all, err := collect(ctx, db, scan, `WITH answers AS (
			SELECT t.id, t.thread_id, t.message_id, t.at, m.message, coalesce((SELECT min(n.message_id) FROM turns n
				WHERE n.thread_id = t.thread_id AND n.message_id > t.message_id AND n.decision = 'answer'), 9223372036854775807) AS next
			FROM turns t JOIN messages m ON m.id = t.message_id WHERE t.decision = 'answer' ORDER BY t.id DESC LIMIT $1)
		SELECT a.message,
			(SELECT count(*) FROM feedback f WHERE f.thread_id = a.thread_id AND f.helpful = 0 AND f.message_id > a.message_id AND f.message_id < a.next),
			(SELECT count(*) FROM tickets k WHERE k.thread_id = a.thread_id AND k.message_id > a.message_id AND k.message_id < a.next),
			(SELECT count(*) FROM corrections c WHERE c.answer_id = a.message_id AND c.intent <> c.shown)
		FROM answers a WHERE a.at >= $2 ORDER BY a.id DESC`, limit, millis(since))
	if err != nil {
		return nil, fmt.Errorf("list what became of answers: %w", err)
	}
	var out []Fate
	for _, r := range all {
		if !r.chosen {
			out = append(out, r.fate)
		}
	}
	return out, nil
}

// turnsAThread bounds how many turns are looked through for each opening that is asked for.
const turnsAThread = 10

// Openings lists the words that threads began with since a time, the newest first, at most limit. What the desk passed
// over, what was deleted, and messages without words are left out.
func (db *DB) Openings(ctx context.Context, since time.Time, limit int) ([]string, error) {
	scan := func(s scanner) (string, error) {
		var message string
		if err := s.Scan(&message); err != nil {
			return "", err
		}
		var m desk.Message
		err := decode(message, &m)
		return m.Text, err
	}
	all, err := collect(ctx, db, scan, `SELECT m.message FROM (SELECT id, thread_id, message_id, decision, at FROM turns ORDER BY id DESC LIMIT $1) t
		JOIN messages m ON m.id = t.message_id
		WHERE t.at >= $2 AND t.decision <> 'ignore' AND m.state = 'done' AND NOT EXISTS
			(SELECT 1 FROM turns e WHERE e.thread_id = t.thread_id AND e.id < t.id)
		ORDER BY t.id DESC LIMIT $3`, turnsAThread*limit, millis(since), limit)
	if err != nil {
		return nil, fmt.Errorf("list openings of threads: %w", err)
	}
	var out []string
	for _, words := range all {
		if words != "" {
			out = append(out, words)
		}
	}
	return out, nil
}
