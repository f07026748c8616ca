package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"haedap/bot/internal/desk"
)

// Correction is an agent's word on which article is right for a question that ended in a ticket.
type Correction struct {
	ID       int64
	TicketID int64
	AnswerID int64 // message whose answer is corrected; 0: the thread had none before the ticket
	Agent    string
	Question string // masked
	Shown    string // intents that were answered, joined by +; empty: none
	Intent   string // the right one, or the label of what no article answers
	At       time.Time
}

// Correct records that intent is right for the question of a ticket: for the last answer before it when there is one. It
// takes the place of what was said of that ticket before. It reports ErrNotFound when id names no ticket.
func (db *DB) Correct(ctx context.Context, id int64, intent, agent string, at time.Time) error {
	return db.Update(ctx, func(tx *Tx) error {
		k, err := scanTicket(tx.row(ctx, ticketQuery+`WHERE k.id = $1`, id))
		if err != nil {
			return found(err, "find ticket")
		}
		c := Correction{Question: k.Ticket.Question}
		if c, err = tx.answered(ctx, k, c); err != nil {
			return err
		}
		_, err = tx.exec(ctx, `INSERT INTO corrections (ticket_id, answer_id, agent, question, shown, intent, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (ticket_id) DO UPDATE SET agent = excluded.agent, intent = excluded.intent, at = excluded.at`,
			id, c.AnswerID, agent, c.Question, c.Shown, intent, millis(at))
		if err != nil {
			return fmt.Errorf("add correction: %w", err)
		}
		return nil
	})
}

// answered fills in the last answer before a ticket, when there is one.
func (tx *Tx) answered(ctx context.Context, k Ticket, c Correction) (Correction, error) {
	t, err := scanTurn(tx.row(ctx, `SELECT `+turnColumns+` FROM turns
		WHERE thread_id = $1 AND message_id < $2 AND decision = 'answer' ORDER BY id DESC LIMIT 1`, k.ThreadID, k.MessageID))
	if err = found(err, "find answer"); err != nil {
		if errors.Is(err, ErrNotFound) {
			return c, nil
		}
		return c, err
	}
	m, err := scanMessage(tx.row(ctx, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, t.MessageID))
	if err != nil {
		return c, found(err, "find question")
	}
	c.AnswerID, c.Question = t.MessageID, m.Message.Text
	if m.Message.Action != desk.NoAction {
		c.Question = t.Before.Question
	}
	var shown []string
	for _, p := range t.Reply.Parts {
		shown = append(shown, p.Intent)
	}
	c.Shown = strings.Join(shown, "+")
	return c, nil
}

// Corrections lists what agents corrected, the newest first, at most limit.
func (db *DB) Corrections(ctx context.Context, limit int) ([]Correction, error) {
	scan := func(row scanner) (Correction, error) {
		var c Correction
		var at int64
		err := row.Scan(&c.ID, &c.TicketID, &c.AnswerID, &c.Agent, &c.Question, &c.Shown, &c.Intent, &at)
		c.At = moment(at)
		return c, err
	}
	all, err := collect(ctx, db, scan, `SELECT id, ticket_id, answer_id, agent, question, shown, intent, at FROM corrections ORDER BY id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return all, nil
}
