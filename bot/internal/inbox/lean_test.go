package inbox

import (
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"haedap/bot/internal/store/storetest"
)

// What the queue's own statements would give is what the lean ones give, as far as anybody looks.
func TestLeanStatementsTakeAndEndJobs(t *testing.T) {
	db := storetest.OpenPostgres(t, storetest.PostgresURL(t))
	if _, err := New(t.Context(), db, echo{}, nil, Config{}); err != nil { // makes the tables
		t.Fatal(err)
	}
	tamper(t, db, "", `INSERT INTO river_job (args, kind, queue, max_attempts, attempt, errors) VALUES
		('{"key":"first"}', 'deliver', 'deliver', 30000, 0, NULL),
		('{"key":"failed"}', 'deliver', 'deliver', 30000, 1, ARRAY['{"at":"2026-01-02T03:04:05Z","attempt":1,"error":"lost","trace":""}'::jsonb]),
		('{"thread":1}', 'answer', 'answer', 30000, 0, NULL)`)
	jobs := leanDriver{riverdatabasesql.New(db.SQL()), db.SQL()}.GetExecutor()
	take := func() []*rivertype.JobRow {
		t.Helper()
		got, err := jobs.JobGetAvailable(t.Context(), &riverdriver.JobGetAvailableParams{ClientID: "r1", Queue: deliverQueue, MaxToLock: 10})
		if err != nil {
			t.Fatal(err)
		}
		return got.Jobs
	}
	taken := take()
	if len(taken) != 2 || len(take()) != 0 {
		t.Fatalf("took %d jobs, want both of the queue, once", len(taken))
	}
	var ids []int64
	for _, job := range taken {
		ids = append(ids, job.ID)
		if failed := job.Attempt == 2; failed != (len(job.Errors) == 1 && job.Errors[0].Error == "lost") {
			t.Errorf("attempt %d of %s with failures %+v", job.Attempt, job.EncodedArgs, job.Errors)
		}
	}
	none := make([][]byte, 2)
	ended, err := jobs.JobSetStateIfRunningMany(t.Context(), &riverdriver.JobSetStateIfRunningManyParams{
		ID: ids, State: []rivertype.JobState{rivertype.JobStateCompleted, rivertype.JobStateAvailable},
		Attempt: make([]*int, 2), ErrData: none, FinalizedAt: make([]*time.Time, 2), MetadataDoMerge: make([]bool, 2),
		MetadataUpdates: none, ScheduledAt: make([]*time.Time, 2),
	})
	if err != nil || len(ended) != 2 {
		t.Fatalf("ended %+v, %v", ended, err)
	}
	if again := take(); len(again) != 1 || again[0].ID != ids[1] {
		t.Errorf("after one was done and one put back: %+v", again)
	}
	var left int
	if err := db.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job`).Scan(&left); err != nil || left != 2 {
		t.Errorf("%d jobs are left, %v; want those that are not done", left, err)
	}
}
