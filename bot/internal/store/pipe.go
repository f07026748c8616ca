package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A round trip costs PostgreSQL and its client more than most statements do. Statements that nobody waits for, the beginning of
// a transaction and its commit are therefore sent together with the next one that somebody waits for.

// piped is a transaction of PostgreSQL's.
type piped struct {
	conn   *pgx.Conn
	queued *pgx.Batch // not sent yet
}

// rollbackTimeout bounds a rollback, which goes on when its caller has left.
const rollbackTimeout = 5 * time.Second

// pipe runs do in one transaction.
func (db *DB) pipe(ctx context.Context, do func(*Tx) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer conn.Release() // a connection that is not at rest is closed
	p := &piped{conn: conn.Conn(), queued: &pgx.Batch{}}
	defer p.rollback(ctx)
	p.queued.Queue("begin")
	if err := do(&Tx{run: p, db: db}); err != nil {
		return err
	}
	if _, err := p.exec(ctx, "commit"); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// rollback ends the transaction if it has begun and not ended.
func (p *piped) rollback(ctx context.Context) {
	if p.conn.IsClosed() || p.conn.PgConn().TxStatus() == idle {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_, _ = p.conn.Exec(ctx, "rollback") // when it fails, the connection is closed, and the transaction with it
}

// idle is the status of a connection outside of a transaction.
const idle = 'I'

// send sends what is queued and has read look at the outcome of the last statement. The first that fails keeps those after it,
// a commit too, from being run.
func (p *piped) send(ctx context.Context, read func(pgx.BatchResults) error) (err error) {
	batch := p.queued
	p.queued = &pgx.Batch{}
	results := p.conn.SendBatch(ctx, batch)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing
		}
	}()
	for range batch.Len() - 1 {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	return read(results)
}

func (p *piped) exec(ctx context.Context, query string, args ...any) (rows int64, err error) {
	p.queued.Queue(query, args...)
	err = p.send(ctx, func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		rows = tag.RowsAffected()
		return err
	})
	return rows, err
}

func (p *piped) row(ctx context.Context, query string, args ...any) scanner {
	p.queued.Queue(query, args...)
	return pipedRow{ctx, p}
}

func (p *piped) later(_ context.Context, query string, args ...any) error {
	p.queued.Queue(query, args...)
	return nil
}

// pipedRow is the row of the last statement that was queued. It must be scanned before anything else is done.
type pipedRow struct {
	ctx context.Context
	p   *piped
}

// Scan reads the row.
func (r pipedRow) Scan(dest ...any) error {
	return r.p.send(r.ctx, func(results pgx.BatchResults) error { return results.QueryRow().Scan(dest...) })
}

// pooled runs each statement as a transaction of its own.
type pooled struct{ pool *pgxpool.Pool }

func (p pooled) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := p.pool.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (p pooled) row(ctx context.Context, query string, args ...any) scanner {
	return p.pool.QueryRow(ctx, query, args...)
}

func (p pooled) later(ctx context.Context, query string, args ...any) error {
	_, err := p.pool.Exec(ctx, query, args...)
	return err
}
