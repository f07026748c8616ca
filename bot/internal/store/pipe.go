package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A round trip costs PostgreSQL and its client more than most statements do. Statements that nobody waits for, the beginning of
// a transaction and its commit are therefore sent together with the next one that somebody waits for.

// piped is a transaction of PostgreSQL's.
type piped struct {
	conn   *pgx.Conn
	queued *pgx.Batch // not sent yet
	asked  bool       // something that is queued may yet have the transaction given up
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
	if p.asked {
		if err := p.send(ctx); err != nil {
			return err
		}
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

// send sends what is queued and has the outcome of each statement looked at. The first that fails keeps those after it, a commit
// too, from being run; but one that is only disliked does not.
func (p *piped) send(ctx context.Context) error {
	batch := p.queued
	p.queued, p.asked = &pgx.Batch{}, false
	return p.conn.SendBatch(ctx, batch).Close()
}

func (p *piped) exec(ctx context.Context, query string, args ...any) (rows int64, err error) {
	p.queued.Queue(query, args...).Exec(func(tag pgconn.CommandTag) error {
		rows = tag.RowsAffected()
		return nil
	})
	err = p.send(ctx)
	return rows, err
}

func (p *piped) row(ctx context.Context, query string, args ...any) scanner {
	return pipedRow{ctx, p, p.queued.Queue(query, args...)}
}

func (p *piped) later(_ context.Context, query string, args ...any) error {
	p.queued.Queue(query, args...)
	return nil
}

func (p *piped) expect(_ context.Context, rows int64, other error, query string, args ...any) error {
	p.asked = true
	p.queued.Queue(query, args...).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != rows {
			return other
		}
		return nil
	})
	return nil
}

func (p *piped) soon(_ context.Context, read func(scanner) error, query string, args ...any) error {
	p.asked = true
	p.queued.Queue(query, args...).QueryRow(func(row pgx.Row) error { return read(row) })
	return nil
}

// pipedRow is the row of the last statement that was queued. It must be scanned before anything else is done.
type pipedRow struct {
	ctx   context.Context
	p     *piped
	query *pgx.QueuedQuery
}

// Scan reads the row.
func (r pipedRow) Scan(dest ...any) error {
	r.query.QueryRow(func(row pgx.Row) error { return row.Scan(dest...) })
	return r.p.send(r.ctx)
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

// prompt runs each statement at once, also one that nobody waits for.
type prompt struct{ executor }

func (p prompt) later(ctx context.Context, query string, args ...any) error {
	_, err := p.exec(ctx, query, args...)
	return err
}

func (p prompt) expect(ctx context.Context, rows int64, other error, query string, args ...any) error {
	changed, err := p.exec(ctx, query, args...)
	if err == nil && changed != rows {
		return other
	}
	return err
}

func (p prompt) soon(ctx context.Context, read func(scanner) error, query string, args ...any) error {
	return read(p.row(ctx, query, args...))
}
