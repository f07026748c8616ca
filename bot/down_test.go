package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// A database that cannot be written to is named by /readyz, and what Slack sends meanwhile is refused, so that it comes again.
func TestADatabaseThatIsDownIsSaid(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		folder := t.TempDir()
		o := newOfficeOn(t, byHTTP, "--data", folder)
		db, err := store.OpenSQLite(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		lock, err := db.SQL().BeginTx(context.Background(), nil) // nobody else can write
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = lock.Rollback() })
		o.sitsOut(t, lock.Rollback)
	})
	t.Run("postgres", func(t *testing.T) {
		folder, err := os.MkdirTemp("/tmp", "haedap-d") //nolint:usetesting // short: PostgreSQL puts a socket into it
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
		cluster, err := storetest.NewCluster(folder)
		if errors.Is(err, exec.ErrNotFound) {
			t.Skip("PostgreSQL NOT TESTED: no initdb found. Install it (Debian: apt-get install postgresql).")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cluster.Stop() })
		o := newOfficeOn(t, byHTTP, "--database-url", cluster.URL("postgres"))
		if err := cluster.Stop(); err != nil {
			t.Fatal(err)
		}
		o.sitsOut(t, cluster.Start)
	})
}

// sitsOut holds the bot to what it owes while its database is down, and after it was mended.
func (o *office) sitsOut(t *testing.T, mend func() error) {
	t.Helper()
	m := must(t)(o.DM("U1", blockedQuestion))
	o.poll("word that the database is down", func() (bool, string) {
		status, body, err := get("http://" + o.listen + "/readyz")
		return err == nil && status == http.StatusServiceUnavailable && strings.HasPrefix(body, "database: "), body
	})
	o.eventually("a refusal", func() bool { return slices.Contains(o.attempts(m.TS), "http_error") })
	if o.Acked(m.TS) {
		t.Errorf("acknowledged without a database: %v", o.attempts(m.TS))
	}
	if status, body, err := get("http://" + o.listen + "/healthz"); err != nil || status != http.StatusOK {
		t.Errorf("/healthz: %d %q, %v: to start the process anew would mend nothing", status, body, err)
	}
	if err := mend(); err != nil {
		t.Fatal(err)
	}
	o.untilReady()
	channel := o.DMChannel("U1")
	o.reply(m, channel, 1)
	o.settled(m, channel, 1)
}

// attempts is how the bot answered what Slack sent of a message.
func (o *office) attempts(ts string) (all []string) {
	for _, d := range o.Deliveries() {
		if d.TS == ts {
			all = append(all, d.Attempts...)
		}
	}
	return all
}
