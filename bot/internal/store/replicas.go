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
	err := db.row(ctx, `INSERT INTO replicas (id, seen) VALUES ($1, `+clock+`)
		ON CONFLICT (id) DO UPDATE SET seen = excluded.seen RETURNING seen`, replica).Scan(&now)
	if err != nil {
		return time.Time{}, fmt.Errorf("beat: %w", err)
	}
	return moment(now), nil
}

// Bury removes the replicas that have not been seen for silence, and self when it is not empty, and returns their ids.
// Of several that call it at once one gets an id.
func (tx *Tx) Bury(ctx context.Context, self string, silence time.Duration) ([]string, error) {
	var dead []string
	err := tx.row(ctx, `WITH gone AS (DELETE FROM replicas WHERE seen < `+clock+` - $1 OR id = $2 RETURNING id)
		SELECT coalesce(array_agg(id), '{}') FROM gone`, silence.Milliseconds(), self).Scan(&dead)
	if err != nil {
		return nil, fmt.Errorf("bury replicas: %w", err)
	}
	return dead, nil
}
