package store

import (
	"context"
	"fmt"
	"time"
)

// clock is PostgreSQL's time in milliseconds: replicas on several machines agree on it.
const clock = `(extract(epoch from clock_timestamp()) * 1000)::bigint`

// Beat says that a replica is alive and returns the database's time. Only PostgreSQL has replicas.
func (db *DB) Beat(ctx context.Context, replica string) (time.Time, error) {
	var now int64
	err := db.writer.QueryRowContext(ctx, `INSERT INTO replicas (id, seen) VALUES ($1, `+clock+`)
		ON CONFLICT (id) DO UPDATE SET seen = excluded.seen RETURNING seen`, replica).Scan(&now)
	if err != nil {
		return time.Time{}, fmt.Errorf("beat: %w", err)
	}
	return moment(now), nil
}

// Bury removes the replicas that have not been seen for silence, and self when it is not empty, and returns their ids.
// Of several that call it at once one gets an id.
func (tx *Tx) Bury(ctx context.Context, self string, silence time.Duration) ([]string, error) {
	rows, err := tx.tx.QueryContext(ctx, `DELETE FROM replicas WHERE seen < `+clock+` - $1 OR id = $2 RETURNING id`, silence.Milliseconds(), self)
	if err != nil {
		return nil, fmt.Errorf("bury replicas: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells what went wrong while reading
	var dead []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("bury replicas: %w", err)
		}
		dead = append(dead, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("bury replicas: %w", err)
	}
	return dead, nil
}

// Backlog is the work that waits.
type Backlog struct {
	Open         int       // messages to be answered
	OldestOpen   time.Time // zero when none
	Unsent       int       // deliveries to be made
	OldestUnsent time.Time // zero when none
	Failed       int       // deliveries that failed for good
	Tickets      int       // tickets that are not closed
}

// Backlog counts the work that waits.
func (db *DB) Backlog(ctx context.Context) (Backlog, error) {
	var b Backlog
	var open, unsent int64
	err := db.row(ctx, `SELECT
		(SELECT count(*) FROM messages WHERE state IN ('open', 'revise')),
		(SELECT coalesce(min(at), 0) FROM messages WHERE state IN ('open', 'revise')),
		(SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')),
		(SELECT coalesce(min(created), 0) FROM deliveries WHERE state IN ('pending', 'sending')),
		(SELECT count(*) FROM deliveries WHERE state = 'failed'),
		(SELECT count(*) FROM tickets WHERE state <> 'closed')`).Scan(&b.Open, &open, &b.Unsent, &unsent, &b.Failed, &b.Tickets)
	if err != nil {
		return Backlog{}, fmt.Errorf("count the backlog: %w", err)
	}
	b.OldestOpen, b.OldestUnsent = moment(open), moment(unsent)
	return b, nil
}
