// Package store keeps threads, messages, turns, deliveries and tickets in SQLite or PostgreSQL.
//
// Both databases run the same statements and pass the same tests. A committed [DB.Update] survives
// the death of the process and of the machine (SQLite: WAL with synchronous FULL). Every statement on
// the way of a message is served by an index, so its cost does not grow with what is stored. Times are
// kept as milliseconds since 1970 and come from the caller: the store has no clock. Text must be masked
// before it gets here.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Dialect is which database stands underneath.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// ErrNotFound says that no row has the asked-for id or key.
var ErrNotFound = errors.New("not found")

// ErrStale says that a row is not any more what it was when it was read. The transaction must be given up.
var ErrStale = errors.New("changed since it was read")

// FileName is the SQLite database inside the data folder.
const FileName = "haedap.db"

// DB is an open, migrated database. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	writer  *sql.DB
	reader  *sql.DB // PostgreSQL: the writer again
	pool    *pgxpool.Pool
	folder  string  // SQLite
	lock    *sql.DB // held by Own
	group   group   // SQLite
}

// OpenSQLite opens the database in folder, which it creates when needed, and migrates it.
func OpenSQLite(ctx context.Context, folder string) (*DB, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	dsn := "file:" + filepath.ToSlash(filepath.Join(folder, FileName)) +
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=cache_size(-4000)&_pragma=temp_store(MEMORY)"
	writer, err := openKeeping(dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", folder, err)
	}
	writer.SetMaxOpenConns(1) // SQLite has one writer; queueing here is fair, its busy handler is not
	reader, err := openKeeping(dsn + "&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", folder, err), writer.Close())
	}
	reader.SetMaxOpenConns(4)
	reader.SetMaxIdleConns(4)
	db := &DB{dialect: SQLite, writer: writer, reader: reader, folder: folder}
	return db.migrated(ctx)
}

// OpenPostgres opens the database at url (postgres://…) and migrates it.
func OpenPostgres(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// ParseConfig's own error repeats the URL, password and all.
		return nil, errors.New("read database URL: it must look like postgres://user:password@host:5432/name")
	}
	if config.MaxConns < 16 && !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = 16
	}
	config.AfterConnect = planOnce
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	conns := stdlib.OpenDBFromPool(pool)
	// The pool keeps the connections; database/sql must not hold on to them as well.
	conns.SetMaxIdleConns(0)
	db := &DB{dialect: Postgres, writer: conns, reader: conns, pool: pool}
	return db.migrated(ctx)
}

// planOnce has a connection keep the plans of its statements: each has one good plan, by an index, whatever its arguments are. Left to
// itself PostgreSQL plans most of them anew each time, which costs it as much as running them. It may plan when a table is still
// empty, and would then read the whole table ever after; and a plan that it may not like it would compile.
func planOnce(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off")
	return err
}

func (db *DB) migrated(ctx context.Context) (*DB, error) {
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close releases the database. Nothing may use it afterwards.
func (db *DB) Close() error {
	err := db.writer.Close()
	if db.reader != db.writer {
		err = errors.Join(err, db.reader.Close())
	}
	if db.lock != nil {
		err = errors.Join(err, db.lock.Close())
	}
	if db.pool != nil {
		db.pool.Close()
	}
	return err
}

// Dialect says which database this is.
func (db *DB) Dialect() Dialect { return db.dialect }

// SQL is the pool that writes; the job queue works on it.
func (db *DB) SQL() *sql.DB { return db.writer }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.reader.PingContext(ctx); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	return nil
}

// Own makes this process the only one that works on a SQLite folder, until Close or the process's end.
// It fails when another process owns it. PostgreSQL is shared by its replicas: there it does nothing.
func (db *DB) Own(ctx context.Context) error {
	if db.dialect != SQLite || db.lock != nil {
		return nil
	}
	// A lock that SQLite itself holds is portable and ends with the process, however it ends.
	path := filepath.ToSlash(filepath.Join(db.folder, "owner.lock"))
	lock, err := sql.Open("sqlite", "file:"+path+"?_txlock=exclusive&_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return fmt.Errorf("open owner lock: %w", err)
	}
	lock.SetMaxOpenConns(1)
	if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		_ = lock.Close()
		if isBusy(err) {
			return fmt.Errorf("own data folder %s: another process is using it; stop that one or choose another folder", db.folder)
		}
		return fmt.Errorf("own data folder %s: %w", db.folder, err)
	}
	db.lock = lock
	return nil
}

// Tx is a transaction that writes.
type Tx struct {
	run runner
	db  *DB
}

// runner is a transaction, or a pool on which each statement is one.
type runner interface {
	executor
	// later is exec for what nobody waits for. Its error may come with a later statement, or with the commit.
	later(ctx context.Context, query string, args ...any) error
	// expect is later for a statement that must change so many rows: other is the error when it changes another number.
	expect(ctx context.Context, rows int64, other error, query string, args ...any) error
	// soon is row for what is read together with a later statement's row or outcome; read may be called as late as then.
	soon(ctx context.Context, read func(scanner) error, query string, args ...any) error
}

// executor runs statements whose outcome is waited for.
type executor interface {
	exec(ctx context.Context, query string, args ...any) (rows int64, err error)
	row(ctx context.Context, query string, args ...any) scanner
}

// attempts is how often a transaction that the database broke off is run.
const attempts = 4

// Update runs do in one transaction. SQLite may commit it together with others'. It may run do again after a deadlock or a busy database,
// so do must have no effect but through tx.
func (db *DB) Update(ctx context.Context, do func(*Tx) error) error {
	run := db.update
	if db.dialect == SQLite {
		run = db.grouped
	}
	var err error
	for range attempts {
		if err = run(ctx, do); err == nil || !isTransient(err) {
			return err
		}
	}
	return err
}

// Single runs do, which must be one statement, as Update does. PostgreSQL takes a statement for a transaction without being
// told twice more.
func (db *DB) Single(ctx context.Context, do func(*Tx) error) error {
	if db.dialect == SQLite {
		return db.Update(ctx, do)
	}
	return do(&Tx{run: prompt{pooled{db.pool}}, db: db})
}

func (db *DB) update(ctx context.Context, do func(*Tx) error) error {
	if db.dialect == Postgres {
		return db.pipe(ctx, do)
	}
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing, before it the error that matters is do's
	if err := do(&Tx{run: prompt{stepwise{tx}}, db: db}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

func isBusy(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

func isTransient(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40P01" || pg.Code == "40001" // deadlock, serialisation
	}
	return isBusy(err)
}

// place turns $1 into what the dialect calls it. Statements hold no other $.
func (db *DB) place(query string) string {
	if db.dialect == SQLite {
		return strings.ReplaceAll(query, "$", "?")
	}
	return query
}

// Exec runs a statement of the job queue's beside the rows that need it and returns how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return tx.exec(ctx, query, args...)
}

// Later is Exec for a statement whose outcome only decides whether there is a commit.
func (tx *Tx) Later(ctx context.Context, query string, args ...any) error {
	return tx.run.later(tx.db.steady(ctx), tx.db.place(query), args...)
}

func (tx *Tx) expect(ctx context.Context, rows int64, other error, query string, args ...any) error {
	return tx.run.expect(tx.db.steady(ctx), rows, other, tx.db.place(query), args...)
}

func (tx *Tx) soon(ctx context.Context, read func(scanner) error, query string, args ...any) error {
	return tx.run.soon(tx.db.steady(ctx), read, tx.db.place(query), args...)
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return tx.run.exec(tx.db.steady(ctx), tx.db.place(query), args...)
}

func (tx *Tx) row(ctx context.Context, query string, args ...any) scanner {
	return tx.run.row(tx.db.steady(ctx), tx.db.place(query), args...)
}

func (db *DB) row(ctx context.Context, query string, args ...any) scanner {
	if db.dialect == Postgres {
		return db.pool.QueryRow(ctx, query, args...)
	}
	return db.reader.QueryRowContext(ctx, db.place(query), args...)
}

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// collect reads every row of a query that reads. PostgreSQL plans each anew, unlike single rows: what is best depends on the limit.
func collect[T any](ctx context.Context, db *DB, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if db.dialect == Postgres {
		args = append([]any{pgx.QueryExecModeSimpleProtocol}, args...) // as text, with its arguments in it
	}
	rows, err := db.reader.QueryContext(ctx, db.place(query), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells what went wrong while reading
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
