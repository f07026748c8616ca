package store

import (
	"context"
	"fmt"
	"time"
)

// Backlog is the work that waits. Its counts go no further than 10,000, so that counting stays cheap.
type Backlog struct {
	Open         int       // messages to be answered
	OldestOpen   time.Time // zero when none
	Unsent       int       // deliveries to be made
	OldestUnsent time.Time // zero when none
	Failed       int       // deliveries that failed for good
	Tickets      int       // tickets that are not closed
}

// Backlog counts the work that waits.
func (db *DB) Backlog(ctx context.Context) (Backlog, error) {
	var b Backlog
	var open, unsent int64
	err := db.row(ctx, `SELECT
		(SELECT count(*) FROM (SELECT 1 FROM messages WHERE state IN ('open', 'revise') LIMIT 10000) AS a),
		(SELECT coalesce(min(at), 0) FROM messages WHERE state IN ('open', 'revise')),
		(SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state IN ('pending', 'sending') LIMIT 10000) AS b),
		coalesce((SELECT created FROM deliveries WHERE state IN ('pending', 'sending') ORDER BY seq LIMIT 1), 0),
		(SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = 'failed' LIMIT 10000) AS c),
		(SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state <> 'closed' LIMIT 10000) AS d)`).
		Scan(&b.Open, &open, &b.Unsent, &unsent, &b.Failed, &b.Tickets)
	if err != nil {
		return Backlog{}, fmt.Errorf("count the backlog: %w", err)
	}
	b.OldestOpen, b.OldestUnsent = moment(open), moment(unsent)
	return b, nil
}
