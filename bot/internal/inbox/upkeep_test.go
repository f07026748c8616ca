package inbox

import (
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// tamper changes the job queue behind the inbox's back.
func tamper(t *testing.T, db *store.DB, sqlite, postgres string) {
	t.Helper()
	statement := sqlite
	if db.Dialect() == store.Postgres {
		statement = postgres
	}
	if _, err := db.SQL().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestClockSetBackDoesNotHoldWorkUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := prepare(t, db, echo{}, far, Config{})
		accept(t, in, said(at(1), 0, "U1", "q"))
		tamper(t, db, `UPDATE river_job SET scheduled_at = datetime('now', '+1 hour', 'subsec')`,
			`UPDATE river_job SET scheduled_at = now() + interval '1 hour'`)
		begin(t, in)
		far.wait(t, 1)
	})
}

func TestMarkFromTheFutureIsLookedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		tried := make(chan struct{}, 100)
		far.script = func(try int, _ Delivery) (bool, error) {
			tried <- struct{}{}
			return try > 1, map[bool]error{true: failure(Ambiguous, 0)}[try == 1]
		}
		first := prepare(t, db, echo{}, far, Config{settle: 10 * time.Second})
		if err := first.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		accept(t, first, said(at(1), 0, "U1", "q"))
		<-tried
		if err := first.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		day := `UPDATE deliveries SET sending_at = sending_at + 86400000`
		tamper(t, db, day, day)
		start(t, db, echo{}, far, Config{settle: 100 * time.Millisecond})
		far.wait(t, 1)
	})
}

func TestDeliveryThatIsNeverTakenFailsAfterADay(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	var mu sync.Mutex
	now := time.Now()
	far.script = func(int, Delivery) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(8 * time.Hour) // between two tries
		return false, failure(NotSent, 0)
	}
	in := start(t, db, echo{}, far, Config{Clock: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second) // a wait ends as soon as it is looked at
		return now
	}})
	accept(t, in, said(at(1), 0, "U1", "q"))
	idle(t, db)
	failed, err := db.FailedDeliveries(t.Context(), 5)
	if err != nil || len(failed) != 1 || failed[0].Attempts != 3 {
		t.Errorf("failed: %+v, %v", failed, err)
	}
	if open, err := db.OpenTickets(t.Context(), 5); err != nil || len(open) != 1 {
		t.Errorf("tickets %+v, %v", open, err)
	}
}

func TestMessageThatEndsTheProcessAgainAndAgainGoesToAHuman(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		in := prepare(t, db, echo{}, far, Config{})
		accept(t, in, said(at(1), 0, "U1", "q"))
		accept(t, in, said(at(1), 1, "U1", "r"))
		// As many attempts without an error as a process that dies in each of them leaves behind.
		tamper(t, db, `UPDATE river_job SET attempt = 7`, `UPDATE river_job SET attempt = 7`)
		begin(t, in)
		got := far.wait(t, 2)
		idle(t, db)
		open, err := db.OpenTickets(t.Context(), 5)
		if err != nil || len(open) != 1 || open[0].Ticket.Reason != desk.ReasonFailed || open[0].Ticket.Question != "q" {
			t.Errorf("tickets %+v, %v", open, err)
		}
		if got[0].Reply.Decision != desk.Escalate || got[1].Reply.Lead != "1:customer:r" {
			t.Errorf("got %v", leads(got))
		}
	})
}

func TestKeysAreForgottenAfterTwoDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Now()
		in := prepare(t, db, echo{}, newFarEnd(), Config{Clock: func() time.Time { return now }})
		accept(t, in, said(at(1), 0, "U1", "q"))
		for _, later := range []struct {
			by    time.Duration
			fresh bool
		}{{25 * time.Hour, false}, {24 * time.Hour, true}} {
			now = now.Add(later.by)
			in.skew.Store(0) // the database's clock did not go on
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.PruneKeys(t.Context(), in.now().Add(-keysKept), pruneStep)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := accept(t, in, said(at(1), 0, "U1", "q")); got != later.fresh {
				t.Errorf("after %v accepted = %v", later.by, got)
			}
		}
	})
}

func TestMetricsTellWhatPassed(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	registry := prometheus.NewRegistry()
	far := newFarEnd()
	in := start(t, db, echo{}, far, Config{Metrics: registry})
	accept(t, in, said(at(1), 0, "U1", "human"))
	accept(t, in, said(at(1), 0, "U1", "human"))
	far.wait(t, 1)
	idle(t, db)
	if err := in.tidy(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			got[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	for name, want := range map[string]float64{
		"haedap_events_accepted_total said": 1, "haedap_events_duplicate_total": 1, "haedap_messages_answered_total escalate": 1,
		"haedap_tickets_total asked": 1, "haedap_deliveries_total reply": 1, "haedap_reply_seconds": 1,
		"haedap_waiting tickets": 1, "haedap_waiting deliveries": 0, "haedap_queue_age_seconds": 1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if _, err := New(t.Context(), db, echo{}, nil, Config{Metrics: registry}); err == nil {
		t.Error("metrics were registered twice")
	}
}
