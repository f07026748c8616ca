// Package storetest opens real databases for tests: a fresh SQLite folder, and a fresh PostgreSQL database in a
// private cluster that lives as long as the test binary.
//
// With HAEDAP_TEST_POSTGRES set to a postgres:// URL, databases are made on that server instead. Where there is
// neither, tests on PostgreSQL are skipped and say how to install it.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver that makes the databases

	"haedap/bot/internal/store"
)

// Each runs check against an empty database of either kind.
func Each(t *testing.T, check func(t *testing.T, db *store.DB)) {
	t.Run("sqlite", func(t *testing.T) { check(t, OpenSQLite(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { check(t, OpenPostgres(t, PostgresURL(t))) })
}

// OpenSQLite opens the database in folder and closes it when the test ends.
func OpenSQLite(t testing.TB, folder string) *store.DB {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), folder)
	return closed(t, db, err)
}

// OpenPostgres opens the database at url and closes it when the test ends.
func OpenPostgres(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.OpenPostgres(t.Context(), url)
	return closed(t, db, err)
}

func closed(t testing.TB, db *store.DB, err error) *store.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

var (
	server  = sync.OnceValues(startServer)
	counter atomic.Int64
)

// PostgresURL makes an empty database and returns its URL, or skips the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base, err := server()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("PostgreSQL NOT TESTED: no initdb found. Install it (Debian: apt-get install postgresql) or set HAEDAP_TEST_POSTGRES to a postgres:// URL.")
	}
	if err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close() //nolint:errcheck // a test's connection
	name := fmt.Sprintf("haedap_test_%d_%d", os.Getpid(), counter.Add(1))
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("make test database: %v", err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Run runs a package's tests and takes the private cluster down after them; call it from TestMain.
func Run(m *testing.M) int {
	code := m.Run()
	for _, stop := range stops {
		if err := stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		}
	}
	return code
}

var stops []func() error

// startServer makes a cluster in a temporary folder, listening on a socket there and nowhere else.
func startServer() (string, error) {
	if given := os.Getenv("HAEDAP_TEST_POSTGRES"); given != "" {
		return given, nil
	}
	initdb, err := binary("initdb")
	if err != nil {
		return "", err
	}
	pgctl, err := binary("pg_ctl")
	if err != nil {
		return "", err
	}
	// A socket's path may have no more than about 100 characters: not t.TempDir.
	folder, err := os.MkdirTemp("/tmp", "haedap-pg")
	if err != nil {
		return "", fmt.Errorf("make PostgreSQL folder: %w", err)
	}
	as, err := unprivileged(folder)
	if err != nil {
		return "", err
	}
	data := filepath.Join(folder, "data")
	if err := run(as, initdb, "-D", data, "-U", "haedap", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"); err != nil {
		return "", err
	}
	options := "-c listen_addresses='' -c unix_socket_directories=" + folder + " -c max_connections=200"
	if err := run(as, pgctl, "-D", data, "-w", "-l", filepath.Join(folder, "log"), "-o", options, "start"); err != nil {
		return "", err
	}
	stops = append(stops, func() error {
		return errors.Join(run(as, pgctl, "-D", data, "-m", "immediate", "stop"), os.RemoveAll(folder))
	})
	return "postgres://haedap@/postgres?host=" + url.QueryEscape(folder), nil
}

// binary finds a PostgreSQL program on the PATH or where Debian puts it.
func binary(name string) (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	return exec.LookPath(name)
}

// unprivileged returns whom to run PostgreSQL as, since it refuses root, and gives folder to them.
func unprivileged(folder string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("find a user to run PostgreSQL as: %w", err)
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read uid of postgres: %w", err)
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read gid of postgres: %w", err)
	}
	if err := os.Chown(folder, int(uid), int(gid)); err != nil {
		return nil, fmt.Errorf("hand over PostgreSQL folder: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func run(as *syscall.Credential, program string, args ...string) error {
	var out strings.Builder
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = &out, &out
	if as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run %s: %w: %s", filepath.Base(program), err, out.String())
	}
	return nil
}
