// Package watch compares what a desk promises with what becomes of its answers, and what people ask it with what it was
// calibrated on.
//
// It reads the database at intervals and keeps its last [Report]. Nothing of it stands on the way of a message, and nothing that
// it finds changes what is answered: it warns, and people decide. What it counts is honest but weak evidence: a complaint
// is no proof of a wrong answer, and silence is none of a right one. What an agent corrected counts as wrong.
//
// Every read is bounded: the last 1,000 answers and the last 1,000 threads of the last 90 days, and at most some 4,000 calibration
// questions, which are read once.
package watch

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"haedap/bot/internal/store"
	"haedap/intents"
)

// What is looked at, and how often.
const (
	window = 90 * 24 * time.Hour
	most   = 1000 // answers, and threads
	every  = 10 * time.Minute
	rest   = 25 * time.Millisecond // of Run after each question that it reads: a fiftieth of a core is left from the desk's work
)

// Engine reads questions; an [intents.Engine] is one.
type Engine interface {
	Classify(question string) intents.Verdict
	Statement() intents.Statement
	Catalogue() *intents.Catalogue
}

// Config is what differs from one watch to another. Its zero value works.
type Config struct {
	Log     *slog.Logger          // default: slog.Default
	Metrics prometheus.Registerer // default: none
}

// Watch looks at what a database holds of one desk. It is safe for concurrent use.
type Watch struct {
	db         *store.DB
	engine     Engine
	log        *slog.Logger
	metrics    *metrics
	last       atomic.Pointer[Report]
	looking    sync.Mutex        // one look at a time
	calibrated map[string]sample // by language; nil before the first look
}

// New prepares a watch. It fails when its metrics cannot be registered.
func New(db *store.DB, engine Engine, cfg Config) (*Watch, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	w := &Watch{db: db, engine: engine, log: cfg.Log}
	var err error
	if w.metrics, err = newMetrics(cfg.Metrics); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	return w, nil
}

// Run looks at once and then every ten minutes, until ctx ends. A warning is logged when it appears, and not again while it lasts.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		before := w.last.Load()
		r, err := w.look(ctx, time.Now(), rest)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			w.log.WarnContext(ctx, "the answers were not looked at; it is tried again", "err", err)
		default:
			w.warn(ctx, before, r)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// warn logs what is new in a report.
func (w *Watch) warn(ctx context.Context, before *Report, r Report) {
	if before == nil {
		before = &Report{}
	}
	if r.OverBudget() && !before.OverBudget() {
		w.log.WarnContext(ctx, "agents correct more answers than the budget allows: see /quality on the page and `bot jobs corrections`",
			"answers", r.Live.Answered, "corrected", r.Live.Corrected, "at_least", r.Live.AtLeast, "budget", r.Promise.Budget)
	}
	for _, d := range r.Drift {
		if d.Warns() && !before.drifts(d.Lang) {
			w.log.WarnContext(ctx, "questions are unlike the calibration set, so the limit on wrong answers may not hold: "+
				"see /quality on the page and write calibration questions like them", "lang", d.Lang, "questions", d.Questions)
		}
	}
}

// Look reads the database and keeps what it found for [Watch.Last].
func (w *Watch) Look(ctx context.Context, now time.Time) (Report, error) { return w.look(ctx, now, 0) }

// look is Look with a rest after each question that it reads.
func (w *Watch) look(ctx context.Context, now time.Time, rest time.Duration) (Report, error) {
	w.looking.Lock()
	defer w.looking.Unlock()
	fates, err := w.db.Fates(ctx, now.Add(-window), most)
	if err != nil {
		return Report{}, err
	}
	openings, err := w.db.Openings(ctx, now.Add(-window), most)
	if err != nil {
		return Report{}, err
	}
	r := Report{At: now, Promise: w.engine.Statement(), Live: count(fates)}
	if r.Drift, err = w.drift(ctx, openings, rest); err != nil {
		return Report{}, err
	}
	w.last.Store(&r)
	w.metrics.show(r)
	return r, nil
}

// Last is the last report. It reports false before the first.
func (w *Watch) Last() (Report, bool) {
	r := w.last.Load()
	if r == nil {
		return Report{}, false
	}
	return *r, true
}
