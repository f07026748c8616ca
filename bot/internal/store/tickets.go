package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"haedap/bot/internal/desk"
)

// TicketState is how far a human has come with a ticket.
type TicketState string

// The states of a ticket.
const (
	TicketOpen    TicketState = "open"
	TicketClaimed TicketState = "claimed"
	TicketClosed  TicketState = "closed"
)

// Ticket is a question that waits for a human.
type Ticket struct {
	ID        int64
	ThreadID  int64
	MessageID int64
	Address   Address // of the thread; filled when read
	Lang      string
	Ticket    desk.Ticket
	Added     string // what the asker told after it was opened
	State     TicketState
	Agent     string // who claimed or closed it
	Key       string // delivery that shows it to the desk; empty: it is kept here only
	Right     string // intent that an agent says is right; filled when read, empty: nobody said
	Created   time.Time
	Updated   time.Time
}

const ticketQuery = `SELECT k.id, k.thread_id, k.message_id, t.door, t.team, t.channel, t.thread, k.lang, k.ticket, k.added, k.state, k.agent, k.key, coalesce(c.intent, ''), k.created, k.updated
	FROM tickets k JOIN threads t ON t.id = k.thread_id LEFT JOIN corrections c ON c.ticket_id = k.id `

func scanTicket(row scanner) (Ticket, error) {
	var k Ticket
	var text string
	var created, updated int64
	err := row.Scan(&k.ID, &k.ThreadID, &k.MessageID, &k.Address.Door, &k.Address.Team, &k.Address.Channel, &k.Address.Thread,
		&k.Lang, &text, &k.Added, &k.State, &k.Agent, &k.Key, &k.Right, &created, &updated)
	if err != nil {
		return Ticket{}, err
	}
	k.Created, k.Updated = moment(created), moment(updated)
	err = decode(text, &k.Ticket)
	return k, err
}

// AddTicket stores k as open and returns its id.
func (tx *Tx) AddTicket(ctx context.Context, k Ticket) (int64, error) {
	text, err := encode(k.Ticket)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.row(ctx, `INSERT INTO tickets (thread_id, message_id, lang, ticket, state, key, created, updated)
		VALUES ($1, $2, $3, $4, 'open', $5, $6, $6) RETURNING id`, k.ThreadID, k.MessageID, k.Lang, text, k.Key, millis(k.Created)).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("add ticket: %w", err)
	}
	return id, nil
}

// TicketOf returns the ticket of a message, or ErrNotFound.
func (tx *Tx) TicketOf(ctx context.Context, message int64) (Ticket, error) {
	k, err := scanTicket(tx.row(ctx, ticketQuery+`WHERE k.message_id = $1 ORDER BY k.id DESC LIMIT 1`, message))
	return k, found(err, "find ticket")
}

// OpenTicketOf returns the last ticket of a thread that is not closed, or ErrNotFound.
func (tx *Tx) OpenTicketOf(ctx context.Context, thread int64) (Ticket, error) {
	k, err := scanTicket(tx.row(ctx, ticketQuery+`WHERE k.thread_id = $1 AND k.state <> 'closed' ORDER BY k.id DESC LIMIT 1`, thread))
	return k, found(err, "find open ticket")
}

// addedMost bounds what is kept of an asker's additions to one ticket, in bytes.
const addedMost = 16 << 10

// AddToTicket adds the asker's words to a ticket. Words beyond 16 KiB in all are left out: the thread has them.
func (tx *Tx) AddToTicket(ctx context.Context, k Ticket, words string, at time.Time) error {
	added := strings.TrimPrefix(k.Added+"\n"+words, "\n")
	if len(added) > addedMost {
		return nil
	}
	if _, err := tx.exec(ctx, `UPDATE tickets SET added = $1, updated = $2 WHERE id = $3`, added, millis(at), k.ID); err != nil {
		return fmt.Errorf("add to ticket: %w", err)
	}
	return nil
}

// RewordTicket gives a ticket that is not closed the words of an edited question.
func (tx *Tx) RewordTicket(ctx context.Context, id int64, ticket desk.Ticket, at time.Time) error {
	text, err := encode(ticket)
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE tickets SET ticket = $1, updated = $2 WHERE id = $3 AND state <> 'closed'`, text, millis(at), id); err != nil {
		return fmt.Errorf("reword ticket: %w", err)
	}
	return nil
}

// MoveTicket says that agent claimed or closed a ticket. It reports ErrNotFound when id names none that is open to it.
func (db *DB) MoveTicket(ctx context.Context, id int64, state TicketState, agent string, at time.Time) error {
	return db.Update(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE tickets SET state = $1, agent = $2, updated = $3 WHERE id = $4 AND state <> 'closed'`, state, agent, millis(at), id)
		if err != nil {
			return fmt.Errorf("move ticket %d: %w", id, err)
		}
		if n == 0 {
			return fmt.Errorf("move ticket %d: %w", id, ErrNotFound)
		}
		return nil
	})
}

// Ticket returns one ticket, or ErrNotFound.
func (db *DB) Ticket(ctx context.Context, id int64) (Ticket, error) {
	k, err := scanTicket(db.row(ctx, ticketQuery+`WHERE k.id = $1`, id))
	return k, found(err, "read ticket")
}

// OpenTickets lists the tickets that are not closed, the newest first, at most limit.
func (db *DB) OpenTickets(ctx context.Context, limit int) ([]Ticket, error) {
	all, err := collect(ctx, db, scanTicket, ticketQuery+`WHERE k.state <> 'closed' ORDER BY k.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list tickets: %w", err)
	}
	return all, nil
}

// ThreadTickets lists a thread's tickets in order.
func (db *DB) ThreadTickets(ctx context.Context, thread int64) ([]Ticket, error) {
	all, err := collect(ctx, db, scanTicket, ticketQuery+`WHERE k.thread_id = $1 ORDER BY k.id`, thread)
	if err != nil {
		return nil, fmt.Errorf("list tickets of a thread: %w", err)
	}
	return all, nil
}
