package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"haedap/bot/internal/slacktest"
	"haedap/bot/internal/store"
)

// store fills the database up to n turns, of which it has have: copies of a real one, with all that belongs to it.
func (l *leg) store(ctx context.Context, have, n int) error {
	if n <= have {
		return nil
	}
	if err := l.ready(ctx); err != nil {
		return err
	}
	q, err := l.slack.DM("UORIGINAL", scripts[0].says[0])
	if err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := l.slack.Await(wait, func() bool { return len(l.slack.Thread("DUORIGINAL", q.TS)) > 1 }); err != nil {
		return err
	}
	up := l.down()
	defer up()
	db, err := l.database.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // an error would have come with the statements
	thread, err := db.Find(ctx, store.Address{Door: "slack", Team: slacktest.TeamID, Channel: "DUORIGINAL", Thread: q.TS})
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := copies(ctx, db, thread.ID, have+1, n); err != nil {
		return err
	}
	fmt.Printf("stored %d turns in %v\n", n-have, time.Since(begin).Round(time.Second))
	return nil
}

// copies copies what belongs to a thread. The copies have negative ids, and are a day old and older, but not so old that the bot
// would forget a million of their keys at once.
func copies(ctx context.Context, db *store.DB, thread int64, from, to int) error {
	override := ""
	if db.Dialect() == store.Postgres {
		override = "OVERRIDING SYSTEM VALUE "
	}
	at := fmt.Sprintf("%d - value * 75", time.Now().Add(-25*time.Hour).UnixMilli())
	for _, statement := range []string{
		`INSERT INTO dedupe (key, at) SELECT 'slack:T0FAKE:old:' || value || ':said', AT FROM s`,
		`INSERT INTO threads (id, door, team, channel, thread, opener, lang, state, version, created, updated)
			SELECT -value, door, team, 'DU' || (value % 3000), 'old' || value, 'U' || (value % 3000), lang, state, version, AT, AT FROM s, threads WHERE id = THREAD`,
		`INSERT INTO messages (id, thread_id, ts, author, message, state, rev, at)
			SELECT -value, -value, 'old' || value, 'slack/T0FAKE/U' || (value % 3000), message, 'done', rev, AT FROM s, messages WHERE thread_id = THREAD`,
		`INSERT INTO turns (id, thread_id, message_id, before, reply, decision, reply_key, at)
			SELECT -value, -value, -value, before, reply, decision, 'old' || value, AT FROM s, turns WHERE thread_id = THREAD`,
		`INSERT INTO deliveries (seq, key, thread_id, door, team, channel, thread, lane, line, kind, reply, state, attempts, ts, asked_at, created, updated)
			SELECT -value, 'old' || value, -value, door, team, 'DU' || (value % 3000), 'old' || value, 'slack/T0FAKE/DU' || (value % 3000), 'thread/-' || value,
			kind, reply, 'sent', attempts, 'old' || value, AT, AT, AT FROM s, deliveries WHERE thread_id = THREAD`,
		`INSERT INTO tickets (thread_id, message_id, lang, ticket, state, created, updated)
			SELECT -value, -value, 'ko', '{"reason":"unsure","question":"?"}', 'open', AT, AT FROM s WHERE value % 20 = 0`,
	} {
		// A part at a time: one transaction of everything would leave a log as large as the database.
		for first := from; first <= to; first += 50_000 {
			series := fmt.Sprintf("WITH RECURSIVE s(value) AS (SELECT %d UNION ALL SELECT value + 1 FROM s WHERE value < %d) ", first, min(first+49_999, to))
			insert, sel, _ := strings.Cut(statement, "SELECT")
			query := insert + override + series + "SELECT" + sel
			query = strings.NewReplacer("THREAD", fmt.Sprint(thread), "AT", at).Replace(query)
			if _, err := db.SQL().ExecContext(ctx, query); err != nil {
				return fmt.Errorf("store copies: %w", err)
			}
		}
	}
	if db.Dialect() == store.SQLite {
		return nil
	}
	// What a million questions would have left to PostgreSQL's own processes long ago is not to be done while the next are measured.
	for _, statement := range []string{"VACUUM ANALYZE", "CHECKPOINT"} {
		if _, err := db.SQL().ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("tidy up after copies: %w", err)
		}
	}
	return nil
}

func sortDurations(all ...[]time.Duration) {
	for _, d := range all {
		slices.Sort(d)
	}
}
