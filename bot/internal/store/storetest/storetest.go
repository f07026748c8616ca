// Package storetest opens real databases for tests: a fresh SQLite folder, and a fresh PostgreSQL database in a
// private cluster that lives as long as the test binary.
//
// With HAEDAP_TEST_POSTGRES set to a postgres:// URL, databases are made on that server instead. Where there is
// neither, tests on PostgreSQL are skipped and say how to install it.
package storetest

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
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

// startServer makes a cluster that ends with the tests, unless one is given.
func startServer() (string, error) {
	if given := os.Getenv("HAEDAP_TEST_POSTGRES"); given != "" {
		return given, nil
	}
	// A socket's path may have no more than about 100 characters: not t.TempDir.
	folder, err := os.MkdirTemp("/tmp", "haedap-pg")
	if err != nil {
		return "", fmt.Errorf("make PostgreSQL folder: %w", err)
	}
	c, err := NewCluster(folder)
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(folder))
	}
	stops = append(stops, func() error { return errors.Join(c.Stop(), os.RemoveAll(folder)) })
	return c.URL("postgres"), nil
}
