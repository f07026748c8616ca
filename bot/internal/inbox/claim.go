package inbox

import (
	"context"

	"haedap/bot/internal/store"
)

// Claim gives key to one caller on all replicas, until Release or for 12 s, after which nothing that the caller sent to
// the far end is on its way any more. It is for what a door does by itself, without a message or a delivery.
func (in *Inbox) Claim(ctx context.Context, key string) (mine bool, err error) {
	err = in.db.Update(ctx, func(tx *store.Tx) (err error) {
		mine, err = tx.Claim(ctx, key, in.now(), in.now().Add(-in.cfg.settle))
		return err
	})
	return mine, err
}

// Release gives key up early.
func (in *Inbox) Release(ctx context.Context, key string) error {
	return in.db.Update(ctx, func(tx *store.Tx) error { return tx.Release(ctx, key) })
}
