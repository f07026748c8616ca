package evaluate

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Comparison is what changed between two desks that were asked the same questions.
type Comparison struct {
	Questions int       `json:"questions"`
	Accuracy  Change    `json:"accuracy"`       // best candidate right, of in scope
	Right     Change    `json:"answered_right"` // of in scope
	Wrong     Change    `json:"wrong_share"`    // wrong among answered
	Changed   []Changed `json:"changed"`        // in the order of the questions
}

// Change is one figure before and after, as shares between 0 and 1, and how sure the difference is.
type Change struct {
	Before float64    `json:"before"`
	After  float64    `json:"after"`
	Low    float64    `json:"difference_low"` // of the 95 % bootstrap interval of After − Before
	High   float64    `json:"difference_high"`
	Gained int        `json:"gained"` // questions for which it holds only after
	Lost   int        `json:"lost"`   // only before
	P      float64    `json:"p"`      // McNemar's exact test, two-sided: how likely so uneven a pair of Gained and Lost is by chance
	counts [2][]tally // by desk, by question
}

// Changed is a question that the two desks treat differently.
type Changed struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Label  string `json:"label"`
	Before string `json:"before"`
	After  string `json:"after"`
	Better int    `json:"better"` // 1 when only the desk after does right, −1 when only the one before, else 0
}

// tally is one question's part in a share.
type tally struct{ hit, of bool }

// Compare pairs the outcomes of two desks. They must be of the same questions in the same order.
func Compare(before, after []Outcome) (Comparison, error) {
	if !slices.EqualFunc(before, after, func(a, b Outcome) bool {
		return a.Question.ID == b.Question.ID && a.Question.Text == b.Question.Text && a.Question.Label == b.Question.Label
	}) {
		return Comparison{}, errors.New("the two sides were not asked the same questions in the same order: measure both on one file")
	}
	c := Comparison{Questions: len(after)}
	desks := [2][]Outcome{before, after}
	c.Accuracy = change(desks, func(o *Outcome) tally { return tally{o.topRight(), o.single()} })
	c.Right = change(desks, func(o *Outcome) tally { return tally{o.answered() && o.answeredRight(), o.single()} })
	c.Wrong = change(desks, func(o *Outcome) tally { return tally{!o.answeredRight(), o.answered()} })
	for i := range after {
		b, a := &before[i], &after[i]
		if was, is := b.said(), a.said(); was != is {
			c.Changed = append(c.Changed, Changed{a.Question.ID, a.Question.Text, a.Question.Label, was, is, count(a.good()) - count(b.good())})
		}
	}
	return c, nil
}

// change computes one share for both desks.
func change(desks [2][]Outcome, part func(*Outcome) tally) Change {
	var c Change
	for d, outcomes := range desks {
		for i := range outcomes {
			c.counts[d] = append(c.counts[d], part(&outcomes[i]))
		}
	}
	for i, b := range c.counts[0] {
		a := c.counts[1][i]
		c.Gained += count(a.hit && a.of && !(b.hit && b.of))
		c.Lost += count(b.hit && b.of && !(a.hit && a.of))
	}
	all := func(i int) int { return i }
	c.Before, c.After = c.share(0, all), c.share(1, all)
	c.P = mcNemar(c.Gained, c.Lost)
	c.Low, c.High = c.interval()
	return c
}

// share is the figure of one desk over questions that pick names, one for each question that there is.
func (c *Change) share(desk int, pick func(int) int) float64 {
	hits, of := 0, 0
	for i := range c.counts[desk] {
		t := c.counts[desk][pick(i)]
		hits += count(t.hit && t.of)
		of += count(t.of)
	}
	return share(hits, of)
}

// mcNemar is the two-sided exact p-value that a fair coin falls gained and lost times.
func mcNemar(gained, lost int) float64 {
	n := gained + lost
	if n == 0 {
		return 1
	}
	return min(1, 2*distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(min(gained, lost))))
}

// resamples is how many bootstrap samples an interval stands on.
const resamples = 1000

// interval is the 95 % percentile bootstrap interval of the difference, over whole questions, so that the pairing is kept. Its
// samples are the same in every run.
func (c *Change) interval() (low, high float64) {
	n := len(c.counts[0])
	if n == 0 {
		return 0, 0
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same samples are wanted in every run
	sample := make([]int, n)
	differences := make([]float64, resamples)
	for r := range differences {
		for i := range sample {
			sample[i] = random.IntN(n)
		}
		pick := func(i int) int { return sample[i] }
		differences[r] = c.share(1, pick) - c.share(0, pick)
	}
	slices.Sort(differences)
	quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, differences, nil) }
	return quantile(0.025), quantile(0.975)
}

// Surely tells whether the whole interval lies on one side of no difference.
func (c Change) Surely() bool { return c.Low > 0 || c.High < 0 }

// significant is the p-value from which a pair of counts is called uneven.
const significant = 0.05

// verdict says a change in words.
func (c Change) verdict(moreIsBetter bool) string {
	switch difference := c.After - c.Before; {
	case math.Abs(difference) < 1e-12 && c.Gained+c.Lost == 0:
		return "the same"
	case c.P >= significant && !c.Surely():
		return "no sure difference"
	case (difference > 0) == moreIsBetter:
		return "better"
	default:
		return "worse"
	}
}
