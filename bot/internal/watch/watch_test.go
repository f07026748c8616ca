package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
	"haedap/intents"
	"haedap/knowledge/text"
)

// shipped is the engine of the embedded catalogue, trained once for all tests of all packages.
var shipped = sync.OnceValues(func() (*intents.Engine, error) {
	return intents.Open(intents.Embedded(), intents.Defaults(), intents.KeepDir())
})

func newWatch(t *testing.T, db *store.DB, cfg Config) *Watch {
	t.Helper()
	e, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(db, e, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// ordinary are 400 Korean calibration questions of which share are out of scope, chosen by chance.
func ordinary(w *Watch, share float64, seed uint64) []string {
	var in, out []string
	for _, q := range w.engine.Catalogue().Calibration {
		if text.Lang(q.Text) != "ko" {
			continue
		}
		if q.Label == intents.OutOfScope {
			out = append(out, q.Text)
		} else {
			in = append(in, q.Text)
		}
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for _, part := range [][]string{in, out} {
		random.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}
	const n = 400
	outside := int(share * n)
	return append(in[:n-outside:n-outside], out[:outside]...)
}

func drift(t *testing.T, w *Watch, questions ...string) []Drift {
	t.Helper()
	out, err := w.drift(t.Context(), questions, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ask stores a thread for each question, each decided so.
func ask(t *testing.T, db *store.DB, at time.Time, decision desk.Decision, questions ...string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for i, q := range questions {
			a := store.Address{Door: "test", Team: string(decision), Channel: fmt.Sprint(at.UnixNano()), Thread: fmt.Sprint(i)}
			m := store.Message{TS: "1", Author: "U1", Message: desk.Message{Text: q}, State: store.Done, At: at}
			known, err := tx.Arrive(t.Context(), a, m, "U1", at, 1)
			if err != nil {
				return err
			}
			m.ThreadID = known.Thread.ID
			if err := tx.AddMessage(t.Context(), m); err != nil {
				return err
			}
			if m, err = tx.MessageAt(t.Context(), m.ThreadID, m.TS); err != nil {
				return err
			}
			turn := store.Turn{ThreadID: m.ThreadID, MessageID: m.ID, Reply: desk.Reply{Decision: decision}, At: at}
			if err := tx.SaveTurn(t.Context(), turn); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestQuestionsLikeTheCalibrationRaiseNoWarning(t *testing.T) {
	w := newWatch(t, storetest.OpenSQLite(t, t.TempDir()), Config{})
	outside := w.engine.Statement().OutOfScope
	for seed := range uint64(4) {
		for _, d := range drift(t, w, ordinary(w, outside, seed)...) {
			if d.Warns() {
				t.Errorf("round %d: %+v", seed, d)
			}
		}
	}
}

func TestQuestionsUnlikeTheCalibrationRaiseOne(t *testing.T) {
	registry := prometheus.NewRegistry()
	db := storetest.OpenSQLite(t, t.TempDir())
	w := newWatch(t, db, Config{Metrics: registry})
	now := time.Now()

	if d := drift(t, w, ordinary(w, 0.8, 1)...)[0]; d.Confidence.Sure <= drifted || d.Answered.Live >= d.Answered.Calibrated {
		t.Errorf("most questions are out of scope: %+v", d)
	}

	var strange []string
	for i := range 100 {
		strange = append(strange, fmt.Sprintf("냉장고 쪽 뷁쉙 %d호 쿄쟝 튤립밭 왜곡렌즈 %d번 츄르 꽥", i, 7*i))
	}
	ask(t, db, now, desk.Escalate, strange...)
	ask(t, db, now.Add(-window-time.Hour), desk.Escalate, "What happened long ago does not count")
	r, err := w.Look(t.Context(), now)
	if err != nil || len(r.Drift) != 1 || !r.Warns() || r.OverBudget() {
		t.Fatalf("report %+v, %v", r, err)
	}
	d := r.Drift[0]
	if d.Lang != "ko" || d.Questions != 100 || d.Familiarity.Sure <= drifted || d.Seen.Live >= d.Seen.Calibrated {
		t.Errorf("drift %+v", d)
	}
	if len(d.Unfamiliar) != unfamiliarMost || d.Unfamiliar[0].Seen > d.Unfamiliar[9].Seen || !strings.Contains(d.Unfamiliar[0].Text, "뷁쉙") {
		t.Errorf("unfamiliar questions %+v", d.Unfamiliar)
	}
	if last, ok := w.Last(); !ok || last.At != r.At {
		t.Errorf("last report %+v, %v", last, ok)
	}
	for want, value := range map[string]float64{
		"haedap_quality_warning drift": 1, "haedap_quality_warning corrections": 0,
		"haedap_drift ko familiarity": d.Familiarity.Sure, "haedap_drift ko confidence": d.Confidence.Sure, "haedap_live_answers all": 0,
	} {
		if got, ok := gauges(t, registry)[want]; !ok || got != value {
			t.Errorf("%s shows %v (%v), want %v", want, got, ok, value)
		}
	}
}

// gauges are what a registry shows, by name and labels.
func gauges(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			out[name] = m.GetGauge().GetValue()
		}
	}
	return out
}

func TestFewQuestionsRaiseNoWarning(t *testing.T) {
	w := newWatch(t, storetest.OpenSQLite(t, t.TempDir()), Config{})
	for _, d := range drift(t, w, "뷁쉙 쿄쟝 츄르 꽥", "qwrt zxcv plmk", "안녕하세요", "") {
		if d.Warns() || d.Questions > 2 {
			t.Errorf("from a handful of questions: %+v", d)
		}
	}
}

func TestCorrectionsOverTheBudgetRaiseAWarningOnce(t *testing.T) {
	fates := make([]store.Fate, 200)
	for i := range fates {
		fates[i] = store.Fate{Unhelpful: i < 3, HandedOver: i < 12, Corrected: i < 4}
	}
	promise := intents.Statement{Budget: 0.02}
	kept := Report{Promise: promise, Live: count(fates)}
	if l := kept.Live; l.Answered != 200 || l.Unhelpful != 3 || l.HandedOver != 12 || l.Corrected != 4 || l.Complaints != 12 || l.AtMost < 0.06 || kept.Warns() {
		t.Errorf("2 %% corrected, at a budget of 2 %%: %+v", l)
	}
	for i := range 10 {
		fates[i].Corrected = true
	}
	over := Report{Promise: promise, Live: count(fates)}
	if !over.OverBudget() || over.Live.AtLeast > 0.05 {
		t.Errorf("5 %% corrected, at a budget of 2 %%: %+v", over.Live)
	}

	var log bytes.Buffer
	w := newWatch(t, storetest.OpenSQLite(t, t.TempDir()), Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	drifting := over
	drifting.Drift = []Drift{{Lang: "en", Familiarity: Gap{Sure: 0.3}}}
	before := (*Report)(nil)
	for _, r := range []Report{kept, over, over, drifting, drifting} {
		w.warn(t.Context(), before, r)
		before = &r
	}
	if got := log.String(); strings.Count(got, "agents correct") != 1 || strings.Count(got, "unlike the calibration") != 1 || strings.Count(got, "\n") != 2 {
		t.Errorf("logged:\n%s", got)
	}
}

func TestALookEndsWithItsContext(t *testing.T) {
	w := newWatch(t, storetest.OpenSQLite(t, t.TempDir()), Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := calibration(ctx, w.engine, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("calibration was read all the same: %v", err)
	}
	if _, err := w.Look(ctx, time.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("looked all the same: %v", err)
	}
	w.Run(ctx) // comes back
	if _, ok := w.Last(); ok {
		t.Error("half a look counts")
	}
}

func TestNoAnswersProveNothing(t *testing.T) {
	r, err := newWatch(t, storetest.OpenSQLite(t, t.TempDir()), Config{}).Look(t.Context(), time.Now())
	if err != nil || r.Warns() || len(r.Drift) != 0 || r.Live.AtMost != 1 || r.Live.AtLeast != 0 {
		t.Errorf("report %+v, %v", r, err)
	}
	if got := r.Live.String(); got != "no answers in the last 90 days" {
		t.Errorf("says %q", got)
	}
}
