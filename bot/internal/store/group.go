package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// A commit costs SQLite a write to disk, whatever it holds. Updates that come while one is being committed are therefore
// run in one transaction, each in a savepoint of its own, so that one that fails takes no other with it.

const (
	groupMost    = 32              // updates of a group
	groupTimeout = 5 * time.Second // of a group's transaction; after it each member has its own time
)

// group collects updates. Whoever finds no group being run runs the next one, and then has the first of those who wait run theirs.
type group struct {
	mu      sync.Mutex
	running bool
	waiting []*update
}

// update is one call of DB.Update.
type update struct {
	ctx  context.Context
	do   func(*Tx) error
	err  error
	done chan struct{} // closed when err is set
	lead chan struct{} // closed when this one's caller is to run the next group
}

// run does u's work. A panic in it is its own error: the caller that runs it for others must go on.
func (u *update) run(tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked with %T: %s", p, debug.Stack())
		}
	}()
	return u.do(tx)
}

// errGroup says that a transaction was lost with all that was done in it.
var errGroup = errors.New("transaction was lost")

// grouped runs do together with what others have to run.
func (db *DB) grouped(ctx context.Context, do func(*Tx) error) error {
	u := &update{ctx: ctx, do: do, done: make(chan struct{}), lead: make(chan struct{})}
	g := &db.group
	g.mu.Lock()
	g.waiting = append(g.waiting, u)
	if !g.running {
		g.running = true
		close(g.waiting[0].lead)
	}
	g.mu.Unlock()
	select {
	case <-u.done:
		return u.err
	case <-u.lead:
		db.runGroup()
		<-u.done
		return u.err
	case <-ctx.Done():
	}
	if g.leave(u) {
		return fmt.Errorf("wait for the database: %w", context.Cause(ctx))
	}
	// It is being run, or is to run the others.
	select {
	case <-u.done:
	case <-u.lead:
		db.runGroup()
		<-u.done
	}
	return u.err
}

// leave takes u out of those who wait. It reports false when u was taken already or has to lead.
func (g *group) leave(u *update) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-u.lead:
		return false
	default:
	}
	i := slices.Index(g.waiting, u)
	if i < 0 {
		return false
	}
	g.waiting = slices.Delete(slices.Clone(g.waiting), i, i+1)
	return true
}

// runGroup runs the first of those that wait, and has another run the rest.
func (db *DB) runGroup() {
	g := &db.group
	g.mu.Lock()
	n := min(len(g.waiting), groupMost)
	members := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.running = len(g.waiting) > 0
		if g.running {
			close(g.waiting[0].lead)
		}
	}()
	if n > 1 && db.together(members) == nil {
		for _, u := range members {
			close(u.done)
		}
		return
	}
	// Alone, or something took the whole transaction down: each gets one of its own.
	for _, u := range members {
		u.err = db.update(u.ctx, u.run)
		close(u.done)
	}
}

// together runs members in one transaction and sets their errors. When it fails, nothing was done.
func (db *DB) together(members []*update) error {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	return db.update(ctx, func(tx *Tx) error {
		for _, u := range members {
			if u.err = context.Cause(u.ctx); u.err != nil {
				continue
			}
			if err := tx.member(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// member runs one update in a savepoint. Its error means that the transaction is lost.
func (tx *Tx) member(ctx context.Context, u *update) error {
	if _, err := tx.exec(ctx, "SAVEPOINT member"); err != nil {
		return fmt.Errorf("%w: %w", errGroup, err)
	}
	if u.err = u.run(tx); u.err != nil {
		if _, err := tx.exec(ctx, "ROLLBACK TO member"); err != nil {
			return fmt.Errorf("%w: %w", errGroup, errors.Join(u.err, err))
		}
	}
	if _, err := tx.exec(ctx, "RELEASE member"); err != nil {
		return fmt.Errorf("%w: %w", errGroup, err)
	}
	return nil
}

// stepwise is a transaction of SQLite's.
type stepwise struct{ tx *sql.Tx }

func (s stepwise) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := s.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s stepwise) row(ctx context.Context, query string, args ...any) scanner {
	return s.tx.QueryRowContext(ctx, query, args...)
}

// steady is ctx without its end: SQLite gives up a whole transaction with the statement that is interrupted in it.
func (db *DB) steady(ctx context.Context) context.Context {
	if db.dialect == SQLite {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
