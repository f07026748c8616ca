package inbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
)

// Answerer decides what is said to a message; a [desk.Desk] is one. It must be safe for concurrent use.
type Answerer interface {
	Handle(thread desk.Thread, m desk.Message) (desk.Thread, desk.Reply)
}

// Pace is how fast a door lets one channel be posted to.
type Pace struct {
	Every time.Duration // time between posts in the long run
	Burst int           // posts at once after a rest; at least 1
}

// SlackPace is what Slack allows an app in one channel.
var SlackPace = Pace{Every: time.Second, Burst: 3}

// Config is what differs from one inbox to another. Its zero value works.
type Config struct {
	Log          *slog.Logger          // default: slog.Default
	Clock        func() time.Time      // default: the wall clock at start plus the time that passed since, so that a clock that is set does no harm
	DeskChannel  string                // Slack channel that gets tickets; empty: they stay in the store
	UserLimit    int                   // questions a minute that one user gets answered; default 20
	ChannelLimit int                   // questions a minute that are answered at once in one channel, the rest in their turn; default 60
	Pace         map[string]Pace       // by door; a door that is not named is not paced
	Link         func(Address) string  // permalink of a thread, for tickets; default: none
	Metrics      prometheus.Registerer // default: none
	settle       time.Duration         // after an ambiguous end: how long to wait before looking; tests shorten it
}

const (
	userLimit    = 20
	channelLimit = 60
	settleAfter  = 12 * time.Second // a request may take five sixths of it, 10 s; the rest is for what is on its way
	findTimeout  = 10 * time.Second
	softStop     = 8 * time.Second // of the 10 s that a stop may take
)

// turnsOn is how many workers may have a transaction at once: half of PostgreSQL's connections; on SQLite, where those that come
// together are committed together, as many as leave room in a commit for what is to be accepted.
var turnsOn = map[store.Dialect]int{store.SQLite: 20, store.Postgres: 8}

// Inbox accepts events, answers them and delivers the answers. Several replicas may share a PostgreSQL database.
type Inbox struct {
	db      *store.DB
	desk    Answerer
	posters map[string]Poster
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	replica string // names this process's run; marks and jobs carry it
	queue   *river.Client[*sql.Tx]
	wake    *waker
	threads *keyed        // one answer at a time in a thread
	flying  *keyed        // deliveries that this process is sending now
	turns   chan struct{} // workers that may have a transaction at once: the rest of the database is for Accept
	skew    atomic.Int64  // nanoseconds that the database's clock is ahead
	stop    context.CancelFunc
	upkeep  sync.WaitGroup
	health  atomic.Pointer[health] // of the database, as the upkeep found it; nil before Start
	started atomic.Bool
}

// New prepares an inbox on db, posters by door. It migrates the job queue's tables. Accept works at once; work begins with Start.
func New(ctx context.Context, db *store.DB, answerer Answerer, posters map[string]Poster, cfg Config) (*Inbox, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Clock == nil {
		start := time.Now()
		cfg.Clock = func() time.Time { return start.Add(time.Since(start)) }
	}
	if cfg.UserLimit <= 0 {
		cfg.UserLimit = userLimit
	}
	if cfg.ChannelLimit <= 0 {
		cfg.ChannelLimit = channelLimit
	}
	if cfg.Link == nil {
		cfg.Link = func(Address) string { return "" }
	}
	if cfg.settle == 0 {
		cfg.settle = settleAfter
	}
	in := &Inbox{
		db: db, desk: answerer, posters: posters, cfg: cfg, log: cfg.Log,
		replica: rand.Text(), threads: newKeyed(), flying: newKeyed(), turns: make(chan struct{}, turnsOn[db.Dialect()]),
	}
	var err error
	if in.metrics, err = newMetrics(cfg.Metrics); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	if err := in.openQueue(ctx); err != nil {
		return nil, err
	}
	return in, nil
}

// Start begins to answer and deliver; what was left unfinished goes first. It fails when another process owns the
// SQLite folder. It must be called once, and Stop after it.
func (in *Inbox) Start(ctx context.Context) error {
	if err := in.db.Own(ctx); err != nil {
		return err
	}
	if err := in.resume(ctx); err != nil {
		return err
	}
	// Stop ends the work, not the context of the call that started it.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	if err := in.queue.Start(running); err != nil {
		stop()
		return fmt.Errorf("start job queue: %w", err)
	}
	in.stop = stop
	in.health.Store(&health{written: time.Now()})
	in.upkeep.Go(func() { in.keepUp(running) })
	in.started.Store(true)
	return nil
}

// Stop finishes or hands back what is under way, in 10 s at most, and ends the work. Accept goes on working
// until the database is closed.
func (in *Inbox) Stop(ctx context.Context) error {
	if !in.started.CompareAndSwap(true, false) {
		return nil
	}
	err := in.queue.Stop(ctx)
	in.stop()
	in.upkeep.Wait()
	if err != nil {
		err = fmt.Errorf("stop job queue: %w", err)
	}
	return errors.Join(err, in.leave(context.WithoutCancel(ctx)))
}

// work runs a worker's transaction.
func (in *Inbox) work(ctx context.Context, do func(*store.Tx) error) error {
	return in.turn(ctx, func() error { return in.db.Update(ctx, do) })
}

// turn runs what a worker does in the database. Workers take turns so that an event never queues behind all of them to be accepted.
func (in *Inbox) turn(ctx context.Context, do func() error) error {
	select {
	case in.turns <- struct{}{}:
		defer func() { <-in.turns }()
		return do()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// now is the time that every replica on the same database agrees on.
func (in *Inbox) now() time.Time {
	return in.cfg.Clock().Add(time.Duration(in.skew.Load()))
}

// keyed is a lock for each key; it keeps only keys that are held or waited for.
type keyed struct {
	mu   sync.Mutex
	held map[string]*holding
}

type holding struct {
	free    chan struct{} // holds a token when nobody has the key
	callers int
}

func newKeyed() *keyed { return &keyed{held: map[string]*holding{}} }

// lock waits for key and returns how to give it back.
func (k *keyed) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	h := k.held[key]
	if h == nil {
		h = &holding{free: make(chan struct{}, 1)}
		h.free <- struct{}{}
		k.held[key] = h
	}
	h.callers++
	k.mu.Unlock()

	leave := func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if h.callers--; h.callers == 0 {
			delete(k.held, key)
		}
	}
	select {
	case <-h.free:
		return func() {
			h.free <- struct{}{}
			leave()
		}, nil
	case <-ctx.Done():
		leave()
		return nil, context.Cause(ctx)
	}
}

// has reports whether key is held or waited for.
func (k *keyed) has(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.held[key] != nil
}
