package inbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// BenchmarkAcceptToDelivered measures questions from acceptance to the post, by 16 askers at once.
func BenchmarkAcceptToDelivered(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkDelivered(b, storetest.OpenSQLite(b, b.TempDir())) })
	b.Run("postgres", func(b *testing.B) { benchmarkDelivered(b, storetest.OpenPostgres(b, storetest.PostgresURL(b))) })
}

func benchmarkDelivered(b *testing.B, db *store.DB) {
	far := newFarEnd()
	in := start(b, db, echo{}, far, Config{UserLimit: 1 << 30, ChannelLimit: 1 << 30})
	var mu sync.Mutex
	var accepts []time.Duration
	next := make(chan int, 64)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range next {
				begun := time.Now()
				accept(b, in, said(at(i), 0, fmt.Sprint("U", i), "질문"))
				took := time.Since(begun)
				mu.Lock()
				accepts = append(accepts, took)
				mu.Unlock()
			}
		})
	}
	n := 0
	for b.Loop() {
		n++
		next <- n
	}
	close(next)
	wg.Wait()
	far.wait(b, n)
	b.StopTimer()
	idle(b, db)
	slices.Sort(accepts)
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "questions/s")
	b.ReportMetric(float64(accepts[len(accepts)*99/100].Microseconds())/1000, "accept-p99-ms")
}

// BenchmarkSteady measures the time from acceptance to the post at 50 questions a second.
func BenchmarkSteady(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var db *store.DB
			if kind == "sqlite" {
				db = storetest.OpenSQLite(b, b.TempDir())
			} else {
				db = storetest.OpenPostgres(b, storetest.PostgresURL(b))
			}
			far := newFarEnd()
			in := start(b, db, echo{}, far, Config{UserLimit: 1 << 30, ChannelLimit: 1 << 30})
			var mu sync.Mutex
			asked := map[Address]time.Time{}
			var took []time.Duration
			far.script = func(_ int, d Delivery) (bool, error) {
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(asked[d.Address]))
				return true, nil
			}
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			n := 0
			for b.Loop() {
				<-tick.C
				n++
				ev := said(at(n), 0, "U1", "질문")
				mu.Lock()
				asked[ev.Address] = time.Now()
				mu.Unlock()
				if _, err := in.Accept(context.Background(), ev); err != nil {
					b.Fatal(err)
				}
			}
			far.wait(b, n)
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkHistory measures questions from acceptance to the post on top of a thousand and of a million stored turns. Each is
// asked on both, so that what else the machine does weighs on both alike: what is left is the ratio.
func BenchmarkHistory(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		benchmarkHistory(b, func() *store.DB { return storetest.OpenSQLite(b, b.TempDir()) })
	})
	b.Run("postgres", func(b *testing.B) {
		benchmarkHistory(b, func() *store.DB { return storetest.OpenPostgres(b, storetest.PostgresURL(b)) })
	})
}

func benchmarkHistory(b *testing.B, open func() *store.DB) {
	var ask [2]func(n int) time.Duration
	most := 1_000_000
	if testing.Short() { // to show that it runs
		most = 10_000
	}
	for i, turns := range []int{1_000, most} {
		db := open()
		fill(b, db, turns)
		far := newFarEnd()
		in := start(b, db, echo{}, far, Config{UserLimit: 1 << 30, ChannelLimit: 1 << 30})
		ask[i] = func(n int) time.Duration {
			begun := time.Now()
			accept(b, in, said(at(n), 0, "U1", "질문"))
			far.wait(b, n)
			return time.Since(begun)
		}
	}
	var few, many []time.Duration
	for b.Loop() {
		n := len(few) + 1
		few = append(few, ask[0](n))
		many = append(many, ask[1](n))
	}
	slices.Sort(few)
	slices.Sort(many)
	for _, share := range []int{50, 95} {
		was, is := few[(len(few)-1)*share/100], many[(len(many)-1)*share/100]
		b.ReportMetric(float64(is.Microseconds())/1000, fmt.Sprintf("p%d-ms", share))
		b.ReportMetric(float64(is)/float64(was), fmt.Sprintf("p%d-ratio", share))
	}
}

// fill stores turns as they would be after that many questions. Their ids are negative: new ones begin at 1 on either database.
func fill(b *testing.B, db *store.DB, turns int) {
	b.Helper()
	override := ""
	if db.Dialect() == store.Postgres {
		override = "OVERRIDING SYSTEM VALUE "
	}
	for _, statement := range []string{
		`INSERT INTO dedupe (key, at) SELECT 'old/' || value, value FROM s`,
		`INSERT INTO threads (id, door, team, channel, thread, opener, created, updated)
			SELECT -value, 'slack', 'T1', 'C' || (value % 5), 'old' || value, 'U1', value, value FROM s`,
		`INSERT INTO messages (id, thread_id, ts, author, message, state, at)
			SELECT -value, -value, 'old' || value, 'slack/T1/U1', '{}', 'done', value FROM s`,
		`INSERT INTO turns (id, thread_id, message_id, before, reply, decision, reply_key, at)
			SELECT -value, -value, -value, '{}', '{}', 'answer', 'k' || value, value FROM s`,
		`INSERT INTO deliveries (seq, key, thread_id, door, team, channel, thread, lane, line, kind, reply, state, asked_at, created, updated)
			SELECT -value, 'k' || value, -value, 'slack', 'T1', 'C' || (value % 5), 'old' || value, 'slack/T1/C' || (value % 5), 'thread/-' || value,
			'reply', '{}', 'sent', value, value, value FROM s`,
		`INSERT INTO tickets (id, thread_id, message_id, lang, ticket, state, created, updated)
			SELECT -value, -value, -value, 'ko', '{}', 'open', value, value FROM s WHERE value % 5 = 0`,
	} {
		insert, rows, _ := strings.Cut(statement, "SELECT")
		series := fmt.Sprintf("WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < %d) ", turns)
		if _, err := db.SQL().ExecContext(context.Background(), insert+override+series+"SELECT"+rows); err != nil {
			b.Fatal(err)
		}
	}
	if db.Dialect() == store.Postgres { // as its autovacuum does
		if _, err := db.SQL().ExecContext(context.Background(), "ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
}
