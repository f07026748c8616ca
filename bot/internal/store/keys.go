package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrKnown says that an event came before.
var ErrKnown = errors.New("event is known")

// AddKeys records the dedupe keys of an event. When any of them is known already it, or a later statement, or the commit fails with
// ErrKnown.
func (tx *Tx) AddKeys(ctx context.Context, keys []string, at time.Time) error {
	// Two doors may bring the same keys in another order at once: sorted, neither waits for the other's.
	rows, args := []string{}, []any{millis(at)}
	for _, key := range slices.Sorted(slices.Values(keys)) {
		args = append(args, key)
		rows = append(rows, fmt.Sprintf("($%d, $1)", len(args)))
	}
	err := tx.expect(ctx, int64(len(keys)), ErrKnown,
		`INSERT INTO dedupe (key, at) VALUES `+strings.Join(rows, ", ")+` ON CONFLICT (key) DO NOTHING`, args...)
	if err != nil {
		return fmt.Errorf("add dedupe keys: %w", err)
	}
	return nil
}

// Claim records a dedupe key that may be claimed anew once it is as old as before. It reports whether the caller got it.
func (tx *Tx) Claim(ctx context.Context, key string, at, before time.Time) (mine bool, err error) {
	n, err := tx.exec(ctx, `INSERT INTO dedupe (key, at) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE dedupe.at <= $3`, key, millis(at), millis(before))
	if err != nil {
		return false, fmt.Errorf("claim key: %w", err)
	}
	return n == 1, nil
}

// Release forgets one dedupe key.
func (tx *Tx) Release(ctx context.Context, key string) error {
	if _, err := tx.exec(ctx, `DELETE FROM dedupe WHERE key = $1`, key); err != nil {
		return fmt.Errorf("release key: %w", err)
	}
	return nil
}

// PruneKeys forgets at most limit dedupe keys, and as many early edits, from before the given time. It reports whether more are left.
func (tx *Tx) PruneKeys(ctx context.Context, before time.Time, limit int) (more bool, err error) {
	keys, err := tx.exec(ctx, `DELETE FROM dedupe WHERE key IN (SELECT key FROM dedupe WHERE at < $1 ORDER BY at LIMIT $2)`, millis(before), limit)
	if err != nil {
		return false, fmt.Errorf("prune dedupe keys: %w", err)
	}
	edits, err := tx.exec(ctx, `DELETE FROM early WHERE (door, team, channel, ts) IN
		(SELECT door, team, channel, ts FROM early WHERE at < $1 ORDER BY at LIMIT $2)`, millis(before), limit)
	if err != nil {
		return false, fmt.Errorf("prune early edits: %w", err)
	}
	return keys == int64(limit) || edits == int64(limit), nil
}
