package watch

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"haedap/intents"
	"haedap/knowledge"
)

// Drift is how far questions in one language are from those that the desk was calibrated on.
type Drift struct {
	Lang        string
	Questions   int // asked
	Calibration int
	Answered    Shift // share that the desk would answer
	Seen        Shift // mean share of a question's pieces that some example has
	Confidence  Gap
	Familiarity Gap // between the shares of known pieces
	Unfamiliar  []Unfamiliar
}

// Shift is a figure among the questions asked and among those of the calibration.
type Shift struct{ Live, Calibrated float64 }

// Gap is the largest difference between two distributions, between 0 and 1: the Kolmogorov–Smirnov distance.
type Gap struct {
	Distance float64
	Sure     float64 // what is left of it when chance has done its worst; 0 where chance explains all
}

// Unfamiliar is a question, masked, that is little like any example.
type Unfamiliar struct {
	Text string
	Seen float64
}

// drifted is the gap that is worth a warning. No traffic is quite like a calibration set: a tenth of the questions is
// where the figures of the statement begin to move.
const drifted = 0.1

// Warns tells whether the questions are so far from the calibration that people should look.
func (d Drift) Warns() bool { return max(d.Confidence.Sure, d.Familiarity.Sure) > drifted }

// risk is that of a false alarm from one gap: of 1 % in all, for two gaps in each of two languages.
const risk = 0.01 / 4

// chance is how far the distribution of n observations may lie from the true one (Dvoretzky, Kiefer and Wolfowitz 1956,
// with the constant of Massart 1990): for any distribution and any n. A gap compares three: the questions asked, and the
// calibration's in scope and out of it.
func chance(n int) float64 { return math.Sqrt(math.Log(2*3/risk) / (2 * float64(n))) }

// row is what the desk sees of a question.
type row struct {
	confidence, seen, weight float64
	answered                 bool
}

// sample are questions in one language.
type sample struct {
	rows   []row
	chance float64 // of the distribution of any figure, see [chance]
}

// read gives what the engine sees of a question. It reports false for a move in a conversation, such as a greeting. What
// reads like nonsense counts: it may be a way of asking that no example knows.
func read(engine Engine, text string) (r row, lang string, ok bool) {
	v := engine.Classify(text)
	move := v.Outside.Kind == intents.Act && v.Outside.ID != intents.ActNonsense && !v.Answer && v.Outside.P > v.Ranked[0].P
	return row{confidence: v.Confidence, seen: v.Seen, weight: 1, answered: v.Answer}, v.Lang, !move
}

// calibrationMost bounds the calibration questions that are compared with: of more, every second, third, … is.
const calibrationMost = 4000

// calibration is the calibration set, by language, weighed as traffic is assumed to be: the statement's share is out of scope.
func calibration(ctx context.Context, engine Engine, rest time.Duration) (map[string]sample, error) {
	outside, all := engine.Statement().OutOfScope, engine.Catalogue().Calibration
	parts := map[string]*[2][]row{}
	for i := 0; i < len(all); i += 1 + len(all)/calibrationMost {
		if !sleep(ctx, rest) {
			return nil, fmt.Errorf("read the calibration questions: %w", ctx.Err())
		}
		q := all[i]
		r, lang, ok := read(engine, q.Text)
		if !ok {
			continue
		}
		if parts[lang] == nil {
			parts[lang] = &[2][]row{}
		}
		part := &parts[lang][one(q.Label == intents.OutOfScope)]
		*part = append(*part, r)
	}
	out := map[string]sample{}
	for lang, part := range parts {
		var s sample
		for i, share := range [2]float64{1 - outside, outside} {
			for _, r := range part[i] {
				r.weight = share / float64(len(part[i]))
				s.rows = append(s.rows, r)
			}
			s.chance += share * chance(len(part[i]))
		}
		out[lang] = s
	}
	return out, nil
}

// unfamiliarMost is how many unfamiliar questions are named, and unfamiliarBelow the share of known pieces that makes one.
const (
	unfamiliarMost  = 10
	unfamiliarBelow = 0.75
)

// sleep waits; it is false when ctx has ended.
func sleep(ctx context.Context, d time.Duration) bool {
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

// drift compares questions, when there are any, with the calibration set.
func (w *Watch) drift(ctx context.Context, texts []string, rest time.Duration) (out []Drift, err error) {
	if len(texts) > 0 && w.calibrated == nil {
		if w.calibrated, err = calibration(ctx, w.engine, rest); err != nil {
			return nil, err
		}
	}
	live, strange := map[string]sample{}, map[string][]Unfamiliar{}
	for _, text := range texts {
		if !sleep(ctx, rest) {
			return nil, fmt.Errorf("read the questions: %w", ctx.Err())
		}
		r, lang, ok := read(w.engine, text)
		if !ok {
			continue
		}
		s := live[lang]
		s.rows = append(s.rows, r)
		live[lang] = s
		if u := (Unfamiliar{text, r.seen}); u.Seen < unfamiliarBelow && !slices.Contains(strange[lang], u) {
			strange[lang] = append(strange[lang], u)
		}
	}
	for _, lang := range knowledge.Langs {
		asked, then := live[lang], w.calibrated[lang]
		if len(asked.rows) == 0 {
			continue
		}
		asked.chance = chance(len(asked.rows))
		odd := strange[lang]
		slices.SortStableFunc(odd, func(a, b Unfamiliar) int { return cmp.Compare(a.Seen, b.Seen) })
		out = append(out, Drift{
			Lang: lang, Questions: len(asked.rows), Calibration: len(then.rows),
			Answered:    Shift{asked.mean(answered), then.mean(answered)},
			Seen:        Shift{asked.mean(seen), then.mean(seen)},
			Confidence:  asked.gap(then, confidence),
			Familiarity: asked.gap(then, seen),
			Unfamiliar:  odd[:min(unfamiliarMost, len(odd))],
		})
	}
	return out, nil
}

func confidence(r row) float64 { return r.confidence }
func seen(r row) float64       { return r.seen }
func answered(r row) float64   { return float64(one(r.answered)) }

// mean is the weighed mean of a figure, 0 where there is none.
func (s sample) mean(figure func(row) float64) float64 {
	if len(s.rows) == 0 {
		return 0
	}
	return stat.Mean(s.sorted(figure))
}

// gap compares a figure's distribution in two samples. Without a calibration there is nothing to compare with.
func (s sample) gap(then sample, figure func(row) float64) Gap {
	if len(then.rows) == 0 {
		return Gap{}
	}
	x, xWeights := s.sorted(figure)
	y, yWeights := then.sorted(figure)
	d := stat.KolmogorovSmirnov(x, xWeights, y, yWeights)
	return Gap{d, max(0, d-s.chance-then.chance)}
}

// sorted are the values of a figure in rising order, with their weights.
func (s sample) sorted(figure func(row) float64) (values, weights []float64) {
	rows := slices.Clone(s.rows)
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(figure(a), figure(b)) })
	for _, r := range rows {
		values, weights = append(values, figure(r)), append(weights, r.weight)
	}
	return values, weights
}
