package slackio

import (
	"context"
	"time"
)

// overlap is how far before a gap we look: a half-open connection is noticed late.
const overlap = 2 * time.Minute

func (d *Doors) catchUpAtStart(ctx context.Context) {
	if d.opt.Since == nil {
		return
	}
	since, err := d.opt.Since(ctx)
	if err != nil {
		d.log.Error("no catch-up: when we last heard from Slack is not known", "err", err)
		return
	}
	if !since.IsZero() {
		d.catchUp(ctx, since.Add(-overlap))
	}
}

func (d *Doors) catchUp(ctx context.Context, since time.Time) {
	_ = ctx
	_ = since
}
