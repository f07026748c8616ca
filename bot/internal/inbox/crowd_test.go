package inbox

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestACrowdedChannelIsAnsweredInTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		var mu sync.Mutex
		times := map[string]time.Time{}
		far.script = func(_ int, d Delivery) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			times[d.Reply.Lead] = time.Now()
			return true, nil
		}
		const limit = 60 // one a second
		begun := time.Now()
		var runs atomic.Bool // until then the clock stands, so that all come at once on however slow a machine
		clock := func() time.Time {
			if runs.Load() {
				return time.Now()
			}
			return begun
		}
		in := prepare(t, db, echo{}, far, Config{ChannelLimit: limit, Clock: clock})
		for i := range limit + 3 {
			a := at(i)
			a.Channel = "CBUSY"
			accept(t, in, said(a, 0, fmt.Sprint("U", i), fmt.Sprint("질문", i)))
		}
		runs.Store(true)
		begin(t, in)
		accept(t, in, said(at(100), 0, "UQ", "다른 채널"))
		far.wait(t, limit+5)
		idle(t, db)
		posts := leads(far.seen())
		notices := 0
		for _, p := range posts {
			if p == "reply "+desk.In("ko").Crowd {
				notices++
			}
		}
		if len(posts) != limit+5 || notices != 1 {
			t.Errorf("%d posts with %d notices, want %d answers and one notice", len(posts), notices, limit+4)
		}
		mu.Lock()
		defer mu.Unlock()
		for n := 1; n <= 3; n++ {
			if after := times[fmt.Sprintf("1:customer:질문%d", limit+n-1)].Sub(begun); after < time.Duration(n)*time.Second-100*time.Millisecond {
				t.Errorf("question %d over the limit was answered after %v", n, after)
			}
		}
	})
}

func TestNobodyWaitsInACrowdForever(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	now := time.Now()
	in := prepare(t, db, echo{}, newFarEnd(), Config{ChannelLimit: 1, Clock: func() time.Time { return now }})
	for i := range 20 { // twenty minutes of questions
		a := at(i)
		a.Channel = "CBUSY"
		accept(t, in, said(a, 0, fmt.Sprint("U", i), "질문"))
	}
	var last int64
	if err := db.SQL().QueryRowContext(t.Context(), `SELECT max(json_extract(args, '$.after')) FROM river_job`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	if wait := time.UnixMilli(last).Sub(now); wait <= crowdMost-time.Minute || wait > crowdMost {
		t.Errorf("the last one waits %v, want no more than %v", wait, crowdMost)
	}
}
