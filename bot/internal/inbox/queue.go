package inbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"haedap/bot/internal/store"
)

// The rows of the store say what is to be done; a job says only where to look. A job that runs twice, or finds its
// work done, does no harm, and every message and delivery that is not finished has a job of its own.

// answerJob answers the open messages of a thread.
type answerJob struct {
	Thread int64 `json:"thread"`
	After  int64 `json:"after,omitempty"` // not before then, in milliseconds since 1970
}

// Kind names the job in the queue.
func (answerJob) Kind() string { return "answer" }

// deliverJob makes one delivery.
type deliverJob struct {
	Key  string `json:"key"`
	Lane string `json:"lane,omitempty"` // the delivery's
}

// Kind names the job in the queue.
func (deliverJob) Kind() string { return "deliver" }

const (
	answerQueue  = "answer"
	deliverQueue = "deliver"

	answerers  = 32
	deliverers = 200 // most of them wait for the far end

	fetchEvery  = 25 * time.Millisecond // under load a look finds several jobs; each look is a transaction of its own
	jobTimeout  = 40 * time.Second      // a Find and a Post
	rescueAfter = time.Minute           // for what the upkeep does not put back: a live process that could not record a job's end
	jobAttempts = 30_000                // the store decides when to give up, not the queue
	snoozeMost  = 5 * time.Second       // a longer one waits for the queue's leader, which may just have died
	napMost     = time.Minute
	farAhead    = 10 * time.Minute // no far end asks for a longer rest
)

// openQueue migrates the queue's tables and makes its client.
func (in *Inbox) openQueue(ctx context.Context) error {
	in.wake = newWaker()
	driver := wokenDriver{riversqlite.New(in.db.SQL()), in.wake}
	if in.db.Dialect() == store.Postgres {
		driver.Driver = riverdatabasesql.New(in.db.SQL())
	}
	if err := in.migrateQueue(ctx, driver); err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(in.workAnswer))
	river.AddWorker(workers, river.WorkFunc(in.workDeliver))
	client, err := river.NewClient(driver, &river.Config{
		ID:     in.replica,
		Logger: quiet(in.log),
		Queues: map[string]river.QueueConfig{
			answerQueue:  {MaxWorkers: answerers},
			deliverQueue: {MaxWorkers: deliverers},
		},
		Workers:                     workers,
		FetchCooldown:               fetchEvery,
		FetchPollInterval:           200 * time.Millisecond, // what another replica left, and naps that are over
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		MaxAttempts:                 jobAttempts,
		RetryPolicy:                 retryPolicy{},
		SoftStopTimeout:             softStop,
		CompletedJobRetentionPeriod: time.Minute,
		ReindexerIndexNames: slices.DeleteFunc(river.ReindexerIndexNamesDefault(), func(name string) bool {
			return slices.Contains(idleIndexes, name)
		}),
	})
	if err != nil {
		return fmt.Errorf("open job queue: %w", err)
	}
	in.queue = client
	return nil
}

// migrateQueue brings the queue's own tables up to date. Replicas that start at once take turns.
func (in *Inbox) migrateQueue(ctx context.Context, driver wokenDriver) (err error) {
	if in.db.Dialect() == store.Postgres {
		unlock, err := in.lockMigration(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet(in.log)})
	if err != nil {
		return fmt.Errorf("read job queue migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	for _, index := range idleIndexes {
		if _, err := in.db.SQL().ExecContext(ctx, `DROP INDEX IF EXISTS `+index); err != nil {
			return fmt.Errorf("drop idle index of the job queue: %w", err)
		}
	}
	return nil
}

// idleIndexes are for searching jobs by what they hold or are, which nobody does; PostgreSQL would write to each three times a job.
var idleIndexes = []string{"river_job_args_index", "river_job_metadata_index", "river_job_kind"}

// lockMigration takes a lock of PostgreSQL's that ends with its connection.
func (in *Inbox) lockMigration(ctx context.Context) (unlock func(), err error) {
	const lock = 0x6861656461700001 // "haedap", 1
	conn, err := in.db.SQL().Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach database: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(lock)); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for other replicas' migration: %w", err), conn.Close())
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(lock)); err != nil {
			in.log.WarnContext(ctx, "give up migration lock", "err", err)
		}
		if err := conn.Close(); err != nil {
			in.log.WarnContext(ctx, "close migration connection", "err", err)
		}
	}, nil
}

// put adds a job in tx. Once tx is committed, call poke. It fills in what differs from the defaults of the queue's table: the
// queue's own way in writes thirteen columns and reads eighteen back, which costs more than all other statements of an event.
func (in *Inbox) put(ctx context.Context, tx *store.Tx, args river.JobArgs) error {
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode %s job: %w", args.Kind(), err)
	}
	insert := `INSERT INTO river_job (args, kind, queue, max_attempts) VALUES ($1, $2, $2, $3)`
	if in.db.Dialect() == store.SQLite { // whose default times are whole seconds
		insert = `INSERT INTO river_job (args, kind, queue, max_attempts, created_at, scheduled_at)
			VALUES (jsonb($1), $2, $2, $3, datetime('now', 'subsec'), datetime('now', 'subsec'))`
	}
	if err := tx.Later(ctx, insert, string(text), args.Kind(), jobAttempts); err != nil {
		return fmt.Errorf("add %s job: %w", args.Kind(), err)
	}
	return nil
}

// poke tells this process's workers that jobs were committed.
func (in *Inbox) poke(queues ...string) {
	for _, q := range queues {
		in.wake.poke(q)
	}
}

// requeue puts the running jobs of dead replicas back. On SQLite this process owns the queue: all jobs that run are left-overs.
func (in *Inbox) requeue(ctx context.Context, tx *store.Tx, dead []string) (int64, error) {
	var jobs int64
	var err error
	if in.db.Dialect() == store.SQLite {
		// The last process may still be called leader; only a leader moves jobs whose time has come.
		if _, err := tx.Exec(ctx, `DELETE FROM river_leader`); err != nil {
			return 0, fmt.Errorf("depose old queue leader: %w", err)
		}
		jobs, err = tx.Exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	} else {
		jobs, err = tx.Exec(ctx, `UPDATE river_job SET state = 'available'
			WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = ANY($1)`, dead)
	}
	if err != nil {
		return 0, fmt.Errorf("put running jobs back: %w", err)
	}
	return jobs, nil
}

// unstick brings near what a clock set back has moved far into the future: nothing is put away for so long.
func (in *Inbox) unstick(ctx context.Context, tx *store.Tx) error {
	now, far := "datetime('now', 'subsec')", "datetime('now', '+2 minutes')"
	if in.db.Dialect() == store.Postgres {
		now, far = "now()", "now() + interval '2 minutes'"
	}
	jobs, err := tx.Exec(ctx, `UPDATE river_job SET scheduled_at = `+now+`
		WHERE state IN ('available', 'scheduled', 'retryable') AND scheduled_at > `+far)
	if err != nil {
		return fmt.Errorf("bring far jobs near: %w", err)
	}
	if jobs > 0 {
		in.log.WarnContext(ctx, "the clock was set back; jobs were brought near", "jobs", jobs)
	}
	return tx.Unstick(ctx, in.now(), farAhead)
}

// retryPolicy has a failed job run again soon: 100 ms doubled with every failure, 5 s at most.
type retryPolicy struct{}

// NextRetry says when.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(min(backoff(len(job.Errors), 100*time.Millisecond), snoozeMost-100*time.Millisecond))
}

// backoff doubles first n times, up to 15 s.
func backoff(n int, first time.Duration) time.Duration {
	return min(first<<min(n, 16), 15*time.Second)
}

// wokenDriver tells the queue of new jobs within the process. PostgreSQL's own NOTIFY would have all commits wait for each
// other and every replica look for every job; another replica's jobs are found by looking five times a second.
type wokenDriver struct {
	riverdriver.Driver[*sql.Tx]
	wake *waker
}

// SupportsListener is true: the waker is one.
func (d wokenDriver) SupportsListener() bool { return true }

// SupportsListenNotify is false: notifications do not go through the database.
func (d wokenDriver) SupportsListenNotify() bool { return false }

// GetListener returns the waker.
func (d wokenDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.wake
}

// waker passes the names of queues that have new jobs to the job queue.
type waker struct {
	waiting chan string
}

func newWaker() *waker { return &waker{waiting: make(chan string, 64)} }

// poke never blocks: when the channel is full, the queue is about to look anyway.
func (w *waker) poke(queue string) {
	select {
	case w.waiting <- queue:
	default:
	}
}

// WaitForNotification waits for a poke.
func (w *waker) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case q := <-w.waiting:
		return &riverdriver.Notification{Topic: "river_insert", Payload: fmt.Sprintf(`{"queue":%q}`, q)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// The rest of the interface has nothing to do within a process.

// Close does nothing.
func (w *waker) Close(context.Context) error { return nil }

// Connect does nothing.
func (w *waker) Connect(context.Context) error { return nil }

// Listen does nothing.
func (w *waker) Listen(context.Context, string) error { return nil }

// Unlisten does nothing.
func (w *waker) Unlisten(context.Context, string) error { return nil }

// Ping does nothing.
func (w *waker) Ping(context.Context) error { return nil }

// Schema is the default one.
func (w *waker) Schema() string { return "" }

// SetAfterConnectExec does nothing.
func (w *waker) SetAfterConnectExec(string) {}
