package inbox

import (
	"testing"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestAClaimIsOneReplicasUntilItEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		clock := time.Now()
		cfg := Config{Clock: func() time.Time { return clock }}
		one, two := prepare(t, db, echo{}, newFarEnd(), cfg), prepare(t, db, echo{}, newFarEnd(), cfg)
		claim := func(in *Inbox, want bool, when string) {
			t.Helper()
			if mine, err := in.Claim(t.Context(), "k"); err != nil || mine != want {
				t.Errorf("%s: %v, %v, want %v", when, mine, err, want)
			}
		}
		claim(one, true, "the first")
		claim(two, false, "another at once")
		claim(one, false, "the first again: it may have died in between")
		clock = clock.Add(settleAfter)
		claim(two, true, "another, when nothing of the first is on its way any more")
		claim(one, false, "the first, too late")
		if err := two.Release(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		claim(one, true, "the first, after it was given up")
	})
}
