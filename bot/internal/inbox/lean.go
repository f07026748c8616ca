package inbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// leanDriver has PostgreSQL take jobs out of the queue's table, and end them, by statements that do nothing but that.
type leanDriver struct {
	riverdriver.Driver[*sql.Tx]
	db *sql.DB
}

// GetExecutor returns what runs the queue's statements.
func (d leanDriver) GetExecutor() riverdriver.Executor {
	return leanExecutor{d.Driver.GetExecutor(), d.db}
}

type leanExecutor struct {
	riverdriver.Executor
	db *sql.DB
}

// JobGetAvailable takes jobs to be worked. The queue's own statement joins the table to what it takes: PostgreSQL, which plans it
// when the table is empty, reads the whole table for that ever after. Of who tried a job it keeps the last only: see requeue.
func (e leanExecutor) JobGetAvailable(ctx context.Context, params *riverdriver.JobGetAvailableParams) (*riverdriver.JobGetAvailableResult, error) {
	rows, err := e.db.QueryContext(ctx, `UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_at = now(), attempted_by = ARRAY[$1::text]
		WHERE id = ANY(ARRAY(SELECT id FROM river_job WHERE state = 'available' AND queue = $2 AND scheduled_at <= now()
			ORDER BY priority, scheduled_at, id LIMIT $3 FOR UPDATE SKIP LOCKED))
		RETURNING id, attempt, scheduled_at, args::text, metadata::text, coalesce(array_to_json(errors)::text, '')`, params.ClientID, params.Queue, params.MaxToLock)
	if err != nil {
		return nil, fmt.Errorf("take jobs: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells what went wrong while reading
	now, result := time.Now(), &riverdriver.JobGetAvailableResult{}
	for rows.Next() {
		// put gives every job the name of its queue, and the same number of attempts
		job := &rivertype.JobRow{
			Kind: params.Queue, Queue: params.Queue, MaxAttempts: jobAttempts, State: rivertype.JobStateRunning, AttemptedAt: &now,
		}
		var failures string
		if err := rows.Scan(&job.ID, &job.Attempt, &job.ScheduledAt, &job.EncodedArgs, &job.Metadata, &failures); err != nil {
			return nil, fmt.Errorf("read job: %w", err)
		}
		if failures != "" {
			if err := json.Unmarshal([]byte(failures), &job.Errors); err != nil {
				return nil, fmt.Errorf("read failures of a job: %w", err)
			}
		}
		result.Jobs = append(result.Jobs, job)
	}
	return result, rows.Err()
}

// JobSetStateIfRunningMany ends jobs. Those that are done are deleted: nobody asks for them any more.
func (e leanExecutor) JobSetStateIfRunningMany(ctx context.Context, params *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	var done []int64
	var ended []*rivertype.JobRow
	rest := &riverdriver.JobSetStateIfRunningManyParams{Now: params.Now, Schema: params.Schema}
	for i, id := range params.ID {
		if params.State[i] == rivertype.JobStateCompleted {
			done = append(done, id)
			ended = append(ended, &rivertype.JobRow{ID: id, State: rivertype.JobStateCompleted})
			continue
		}
		rest.ID = append(rest.ID, id)
		rest.Attempt = append(rest.Attempt, params.Attempt[i])
		rest.ErrData = append(rest.ErrData, params.ErrData[i])
		rest.FinalizedAt = append(rest.FinalizedAt, params.FinalizedAt[i])
		rest.MetadataDoMerge = append(rest.MetadataDoMerge, params.MetadataDoMerge[i])
		rest.MetadataUpdates = append(rest.MetadataUpdates, params.MetadataUpdates[i])
		rest.ScheduledAt = append(rest.ScheduledAt, params.ScheduledAt[i])
		rest.State = append(rest.State, params.State[i])
	}
	if len(done) > 0 {
		slices.Sort(done) // as every statement that ends several, so that none waits for another that waits for it
		// state as text: by its index all jobs that ever ran would be looked through
		_, err := e.db.ExecContext(ctx, `DELETE FROM river_job WHERE id = ANY($1) AND state::text = 'running'`, done)
		if err != nil {
			return nil, fmt.Errorf("end jobs: %w", err)
		}
	}
	if len(rest.ID) == 0 {
		return ended, nil
	}
	more, err := e.Executor.JobSetStateIfRunningMany(ctx, rest)
	return append(ended, more...), err
}
