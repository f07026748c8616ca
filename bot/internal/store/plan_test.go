package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"haedap/bot/internal/desk"
)

// The cost of a message must not grow with what is stored: none of the statements on its way may read a whole table. What was
// run is what SQLite is asked about.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	db, err := OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	walk(t, db)
	checked := 0
	for _, pool := range []*sql.DB{db.writer, db.reader} {
		for _, query := range keptBy(t, pool) {
			if strings.HasPrefix(query, "INSERT") && !strings.Contains(query, "SELECT") || !regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE)`).MatchString(query) {
				continue
			}
			checked++
			if scan := scanned(t, pool, query); scan != "" {
				t.Errorf("%s of %s", scan, query)
			}
		}
	}
	if checked < 25 {
		t.Errorf("only %d statements were looked at", checked)
	}
}

// walk takes a message its way.
func walk(t *testing.T, db *DB) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	a := Address{"slack", "T1", "C1", "1.0"}
	must := func(err error) {
		t.Helper()
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
	d := Delivery{Key: "k", Address: a, Line: "l", Kind: "reply", Created: now}
	must(db.Update(ctx, func(tx *Tx) error {
		must(tx.AddKeys(ctx, []string{"e", "m"}, now))
		m := Message{TS: "1.0", Author: "U1", State: Open, At: now}
		known, err := tx.Arrive(ctx, a, m, "U1", now, 20)
		must(err)
		thread := known.Thread
		_, err = tx.FloodedByAuthor(ctx, "U1", now, 1)
		must(err)
		m.ThreadID = thread.ID
		must(tx.AddMessage(ctx, m))
		m, err = tx.MessageAt(ctx, thread.ID, m.TS)
		must(err)
		must(tx.SetThreadState(ctx, thread.ID, 0, desk.Thread{}))
		must(tx.SettleMessage(ctx, m, Done))
		_, err = tx.LastTurn(ctx, thread.ID)
		must(err)
		must(tx.SaveTurn(ctx, Turn{ThreadID: thread.ID, MessageID: m.ID, ReplyKey: "k", At: now}))
		_, err = tx.TurnByReply(ctx, thread.ID, "k")
		must(err)
		_, err = tx.TicketOf(ctx, m.ID)
		must(err)
		_, err = tx.OpenTicketOf(ctx, thread.ID)
		must(err)
		d.ThreadID = thread.ID
		must(tx.AddDelivery(ctx, d))
		for range 3 { // the last one in vain
			_, _, err = tx.BookLane(ctx, a.Lane(), now, time.Second, time.Second)
			must(err)
		}
		must(tx.RestLane(ctx, a.Lane(), now))
		_, err = tx.TakeHead(ctx, a.Lane(), "r", now, time.Second, time.Minute)
		must(err)
		_, err = tx.Take(ctx, "k", "r", now)
		must(err)
		d.Attempts = 1
		_, err = tx.Settle(ctx, d, Sent, "2.0", "", now, now)
		must(err)
		must(tx.Unstick(ctx, now, time.Minute))
		_, err = tx.PruneKeys(ctx, now.Add(-time.Hour), 10)
		return err
	}))
	look(t, db, d)
}

// look reads what a message on its way, the console and an operator read.
func look(t *testing.T, db *DB, d Delivery) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
	_, _, _, err := db.NextMessage(ctx, d.ThreadID)
	must(err)
	_, err = db.Thread(ctx, d.ThreadID)
	must(err)
	_, err = db.Find(ctx, d.Address)
	must(err)
	_, err = db.Delivery(ctx, "k")
	must(err)
	_, err = db.Before(ctx, d.Address.Lane(), 1, 10)
	must(err)
	_, err = db.Backlog(ctx)
	must(err)
	_, err = db.LastHeard(ctx, "slack")
	must(err)
	_, err = db.Turns(ctx, d.ThreadID, 10)
	must(err)
	_, err = db.Unfinished(ctx, 10)
	must(err)
	_, err = db.FailedDeliveries(ctx, 10)
	must(err)
}

// keptBy are the statements that a pool's connection has run.
func keptBy(t *testing.T, pool *sql.DB) (queries []string) {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	err = conn.Raw(func(c any) error {
		for query := range c.(*keepingConn).kept {
			queries = append(queries, query)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(queries)
	return queries
}

// small tables hold a row for each channel, process or migration.
var small = []string{"lanes", "replicas", "goose_db_version"}

// scanned is the step of a query's plan that reads a whole table, or "".
func scanned(t *testing.T, pool *sql.DB, query string) string {
	t.Helper()
	args := make([]any, 0, 20)
	for n := range 20 {
		if strings.Contains(query, fmt.Sprintf("?%d", n+1)) {
			args = append(args, 1)
		}
	}
	rows, err := pool.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var inner, steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		if name, ok := strings.CutPrefix(step, "CO-ROUTINE "); ok {
			inner = append(inner, name)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if step == "USE TEMP B-TREE FOR ORDER BY" && inner == nil { // all is read before the first row is there
			return strings.Join(steps, ", ")
		}
		name, ok := strings.CutPrefix(step, "SCAN ")
		if ok && !strings.Contains(name, "INDEX") && name != "CONSTANT ROW" && !slices.Contains(inner, name) && !slices.Contains(small, name) {
			return step
		}
	}
	return ""
}
