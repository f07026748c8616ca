package inbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// checkThreads fails the test unless every question of threads × each has exactly one reply, in order.
func checkThreads(t *testing.T, posts []post, threads, each int) {
	t.Helper()
	next := map[Address]int{}
	for _, p := range posts {
		n := next[p.Address]
		if want := fmt.Sprintf("%d:customer:m%d", n+1, n); p.Reply.Lead != want {
			t.Fatalf("in %s came %q, want %q", p.Address.Thread, p.Reply.Lead, want)
		}
		next[p.Address]++
	}
	if len(posts) != threads*each || len(next) != threads {
		t.Errorf("%d posts in %d threads, want %d in %d", len(posts), len(next), threads*each, threads)
	}
}

// insist accepts ev as Slack does: again, until it is acknowledged.
func insist(ctx context.Context, in *Inbox, ev Event) error {
	for {
		try, cancel := context.WithTimeout(ctx, 3*time.Second)
		_, err := in.Accept(try, ev)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func TestMisbehavingFarEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		var mu sync.Mutex
		dice, tries := rand.New(rand.NewPCG(1, 2)), map[string]int{}
		far.script = func(_ int, d Delivery) (bool, error) {
			mu.Lock()
			roll := dice.IntN(10)
			tries[d.Key]++
			worst := tries[d.Key] > 4 // the waits double: without an end to the bad luck the slowest thread takes any time
			mu.Unlock()
			if worst {
				return true, nil
			}
			switch roll {
			case 0:
				return true, failure(Ambiguous, 0) // made, and the answer lost
			case 1:
				return false, failure(Ambiguous, 0) // lost on the way
			case 2:
				return false, failure(NotSent, 20*time.Millisecond)
			case 3:
				return false, &PostError{Outcome: NotSent, After: 30 * time.Millisecond, Code: RateLimited}
			}
			return true, nil
		}
		cfg := Config{UserLimit: 1000, settle: 900 * time.Millisecond, Pace: map[string]Pace{"slack": {Every: time.Millisecond, Burst: 5}}}
		inboxes := []*Inbox{start(t, db, echo{}, far, cfg)}
		if db.Dialect() == store.Postgres {
			inboxes = append(inboxes, start(t, db, echo{}, far, cfg))
		}
		const threads, each = 40, 5
		var wg sync.WaitGroup
		for thread := range threads {
			wg.Go(func() {
				for n := range each {
					for _, in := range inboxes { // every event comes by every door
						if err := insist(t.Context(), in, said(at(thread), n, fmt.Sprint("U", thread), fmt.Sprint("m", n))); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		far.wait(t, threads*each)
		idle(t, db)
		checkThreads(t, far.seen(), threads, each)
	})
}

func TestPostgresConnectionsCut(t *testing.T) {
	t.Parallel()
	target := storetest.PostgresURL(t)
	db, knife := storetest.OpenPostgres(t, target), storetest.OpenPostgres(t, target)
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{UserLimit: 1000, settle: 300 * time.Millisecond})
	const threads, each = 60, 4
	done := make(chan struct{})
	go func() {
		defer close(done)
		for thread := range threads {
			for n := range each {
				if err := insist(t.Context(), in, said(at(thread), n, fmt.Sprint("U", thread), fmt.Sprint("m", n))); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	cuts := 0
	for tick := time.NewTicker(50 * time.Millisecond); cuts < 20; cuts++ {
		<-tick.C
		// The knife's own connection stays; everything else of this database goes, in the middle of what it does.
		_, err := knife.SQL().ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		if err != nil {
			t.Fatal(err)
		}
	}
	<-done
	far.wait(t, threads*each)
	idle(t, db)
	checkThreads(t, far.seen(), threads, each)
}

func TestTwoReplicasKilledInTurn(t *testing.T) {
	t.Parallel()
	target := storetest.PostgresURL(t)
	far := newFarEnd()
	url := far.serve(t, nil)
	db := storetest.OpenPostgres(t, target)
	outside := prepare(t, db, echo{}, far, Config{UserLimit: 1000})
	const rounds, threads = 2, 30
	kill := spawn(t, target, url)
	for round := range rounds {
		next := spawn(t, target, url)
		for i := range threads {
			accept(t, outside, said(at(i), round, fmt.Sprint("U", i), fmt.Sprint("m", round)))
		}
		far.wait(t, round*threads+threads/2)
		kill() // the older one, in the middle of it
		kill = next
		far.wait(t, (round+1)*threads)
	}
	idle(t, db)
	checkThreads(t, far.seen(), threads, rounds)
}
