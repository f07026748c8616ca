package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// database is where the bot keeps its work, and what may befall that.
type database struct {
	kind    string // sqlite or postgres
	folder  string
	small   bool // folder is a small file system of its own
	cluster *storetest.Cluster
}

// smallSize holds what a campaign stores, and can be filled in a moment.
const smallSize = 512 << 20

func havePostgres() bool {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is sound
	_, err := exec.LookPath("initdb")
	return len(found) > 0 || err == nil
}

// newDatabase makes an empty database in folder; with small on a small file system of its own, where the machine lets it.
func newDatabase(kind, folder string, small bool) (*database, error) {
	d := &database{kind: kind, folder: folder}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return nil, fmt.Errorf("make database folder: %w", err)
	}
	d.small = small && syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=755,size="+strconv.Itoa(smallSize)) == nil
	if kind == "sqlite" {
		return d, nil
	}
	var err error
	if d.cluster, err = storetest.NewCluster(folder); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// arguments tell serve where the database is.
func (d *database) arguments() []string {
	if d.kind == "sqlite" {
		return []string{"--data", filepath.Join(d.folder, "data")}
	}
	return []string{"--database-url", d.cluster.URL("postgres")}
}

// open opens it beside the bot.
func (d *database) open(ctx context.Context) (*store.DB, error) {
	if d.kind == "sqlite" {
		return store.OpenSQLite(ctx, filepath.Join(d.folder, "data"))
	}
	return store.OpenPostgres(ctx, d.cluster.URL("postgres"))
}

// lock keeps everybody else from writing for a time.
func (d *database) lock(ctx context.Context, hold time.Duration) error {
	db, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()                      //nolint:errcheck // nothing was written
	tx, err := db.SQL().BeginTx(ctx, nil) // SQLite: the write lock
	if err != nil {
		return fmt.Errorf("lock database: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	if db.Dialect() == store.Postgres {
		if _, err := tx.ExecContext(ctx, `LOCK TABLE threads, messages, deliveries IN ACCESS EXCLUSIVE MODE`); err != nil {
			return fmt.Errorf("lock database: %w", err)
		}
	}
	sleep(ctx, hold)
	return nil
}

// cut breaks every connection to PostgreSQL.
func (d *database) cut(ctx context.Context) error {
	db, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing was written
	_, err = db.SQL().ExecContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`)
	return err
}

// restart takes PostgreSQL down for a time.
func (d *database) restart(ctx context.Context, down time.Duration) error {
	if err := d.cluster.Stop(); err != nil {
		return err
	}
	sleep(ctx, down)
	return d.cluster.Start()
}

// fill leaves no byte of the small file system free for a time.
func (d *database) fill(ctx context.Context, hold time.Duration) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(d.folder, &fs); err != nil {
		return fmt.Errorf("ask for free space: %w", err)
	}
	name := filepath.Join(d.folder, "filler")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("fill the file system: %w", err)
	}
	defer f.Close() //nolint:errcheck // only its size matters
	size := int64(0)
	for step := int64(fs.Bavail) * fs.Bsize; step >= fs.Bsize; step /= 2 {
		for syscall.Fallocate(int(f.Fd()), 0, size, step) == nil { // until others have taken the last byte, or we
			size += step
		}
	}
	sleep(ctx, hold)
	if err := os.Remove(name); err != nil {
		return fmt.Errorf("give the space back: %w", err)
	}
	_ = f.Close() // now it is free
	if d.cluster != nil {
		return d.revive()
	}
	return nil
}

// revive starts PostgreSQL unless it has come up again by itself.
func (d *database) revive() error {
	_ = d.cluster.Stop() // it may be down already
	return d.cluster.Start()
}

// shift moves everything that is stored by so much in time: to the bot, its clock has jumped the other way.
func (d *database) shift(ctx context.Context, by time.Duration) error {
	db, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // an error would have come with the update
	var errs error
	for _, column := range []string{
		"dedupe.at", "threads.created", "threads.updated", "messages.at", "turns.at", "deliveries.sending_at", "deliveries.ready_at",
		"deliveries.asked_at", "deliveries.created", "deliveries.updated", "lanes.tat", "lanes.until", "tickets.created", "tickets.updated",
	} {
		table, name := cutDot(column)
		_, err := db.SQL().ExecContext(ctx, fmt.Sprintf(`UPDATE %s SET %s = %s + %d WHERE %s <> 0`, table, name, name, by.Milliseconds(), name))
		errs = errors.Join(errs, err)
	}
	jobs := `UPDATE river_job SET scheduled_at = scheduled_at + interval '%d seconds'`
	if d.kind == "sqlite" {
		jobs = `UPDATE river_job SET scheduled_at = strftime('%%Y-%%m-%%d %%H:%%M:%%f', scheduled_at, '%d seconds')`
	}
	_, err = db.SQL().ExecContext(ctx, fmt.Sprintf(jobs, int(by.Seconds())))
	return errors.Join(errs, err)
}

// close takes the database down.
func (d *database) close() error {
	var err error
	if d.cluster != nil {
		err = d.cluster.Stop()
	}
	if d.small {
		err = errors.Join(err, syscall.Unmount(d.folder, syscall.MNT_DETACH))
	}
	return err
}
