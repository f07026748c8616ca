package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"haedap/bot/internal/store"
)

const (
	beatEvery = 2 * time.Second
	silence   = 6 * time.Second // of a replica that is taken for dead: with beatEvery its work is taken over within 10 s
	keysKept  = 48 * time.Hour
	pruneStep = 500
)

// resume puts back what this process, or on PostgreSQL a dead replica, had under way.
func (in *Inbox) resume(ctx context.Context) error {
	replicated := in.db.Dialect() == store.Postgres
	if replicated {
		if err := in.beat(ctx); err != nil {
			return err
		}
	}
	err := in.db.Update(ctx, func(tx *store.Tx) error {
		if err := in.unstick(ctx, tx); err != nil || replicated {
			return err
		}
		_, err := in.requeue(ctx, tx, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("resume unfinished work: %w", err)
	}
	if replicated {
		return in.takeOver(ctx)
	}
	return nil
}

// keepUp beats, takes dead replicas' work over, forgets old keys and measures the backlog, until ctx ends.
func (in *Inbox) keepUp(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A replica that could not reach the database itself must not judge others by their silence.
		written := in.health.Load().written
		err := in.tidy(ctx, time.Since(written) < silence)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			written = time.Now()
		} else {
			in.log.WarnContext(ctx, "upkeep failed; it is tried again", "err", err)
		}
		in.health.Store(&health{written, err})
	}
}

// health is how the last upkeep found the database.
type health struct {
	written time.Time // when the last one that succeeded ended
	err     error     // why the last one failed, or nil
}

func (in *Inbox) tidy(ctx context.Context, judge bool) error {
	if in.db.Dialect() == store.Postgres {
		if err := in.beat(ctx); err != nil {
			return err
		}
		if judge {
			if err := in.takeOver(ctx); err != nil {
				return err
			}
		}
	}
	err := in.db.Update(ctx, func(tx *store.Tx) error {
		if err := in.unstick(ctx, tx); err != nil {
			return err
		}
		_, err := tx.PruneKeys(ctx, in.now().Add(-keysKept), pruneStep)
		return err
	})
	if err != nil {
		return err
	}
	backlog, err := in.db.Backlog(ctx)
	if err != nil {
		return err
	}
	in.metrics.measure(backlog, in.now())
	return nil
}

// beat says that this replica lives, and sets its clock by the database's.
func (in *Inbox) beat(ctx context.Context) error {
	now, err := in.db.Beat(ctx, in.replica)
	if err != nil {
		return err
	}
	in.skew.Store(int64(now.Sub(in.cfg.Clock())))
	return nil
}

// takeOver puts back the running jobs of replicas that have fallen silent.
func (in *Inbox) takeOver(ctx context.Context) error {
	var dead []string
	var jobs int64
	err := in.db.Update(ctx, func(tx *store.Tx) (err error) {
		if dead, err = tx.Bury(ctx, "", silence); err != nil || len(dead) == 0 {
			return err
		}
		jobs, err = in.requeue(ctx, tx, dead)
		return err
	})
	if err != nil {
		return fmt.Errorf("take over: %w", err)
	}
	if len(dead) > 0 {
		in.log.InfoContext(ctx, "took over from dead replicas", "replicas", len(dead), "jobs", jobs)
	}
	return nil
}

// leave hands back what a stop left running.
func (in *Inbox) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := in.db.Update(ctx, func(tx *store.Tx) error {
		var self []string
		if in.db.Dialect() == store.Postgres {
			buried, err := tx.Bury(ctx, in.replica, silence)
			if err != nil {
				return err
			}
			self = buried
		}
		_, err := in.requeue(ctx, tx, self)
		return err
	})
	if err != nil {
		return fmt.Errorf("hand work back: %w", err)
	}
	return nil
}

// Retry sends a delivery that failed for good once more. It reports store.ErrNotFound when key names none.
func (in *Inbox) Retry(ctx context.Context, key string) error {
	err := in.db.Update(ctx, func(tx *store.Tx) error {
		d, err := tx.RetryDelivery(ctx, key, in.now())
		if err != nil {
			return err
		}
		return in.put(ctx, tx, deliverJob{Key: d.Key, Lane: d.Address.Lane()})
	})
	if err == nil {
		in.poke(deliverQueue)
	}
	return err
}

// Ready reports why the inbox cannot work, or nil. A database that only reads is no database: what the upkeep last wrote, or could
// not write, counts as well.
func (in *Inbox) Ready(ctx context.Context) error {
	h := in.health.Load()
	switch {
	case h == nil || !in.started.Load():
		return errors.New("the inbox has not started")
	case h.err != nil:
		return h.err
	case time.Since(h.written) > silence:
		return fmt.Errorf("nothing could be written for %v", time.Since(h.written).Round(time.Second))
	}
	return in.db.Ping(ctx)
}
