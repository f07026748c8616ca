package intents

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"haedap/knowledge/text"
)

// Embedder turns texts into numbers that say what they mean: for each text, in order, as many numbers as for any other.
type Embedder interface {
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// meaning is a second opinion on questions: a linear classifier over embeddings, with a gate of its own that was calibrated
// on both opinions. Other than the first it tells each class of the catalogue from all others, because a group of many topics
// lies nowhere in particular among embeddings. It is immutable once built.
type meaning struct {
	width   int
	classes []meantClass
	weights []float32 // class × width
	bias    []float32
	gate    gate
}

// meantClass is a class that embeddings are told apart by, and the engine's group that it belongs to.
type meantClass struct {
	ID    string
	Group int32
}

// Settings of the second opinion, chosen on calibration questions (see BENCHMARKS.md).
const (
	meantPenalty = 1.0 // of the weights' squared length, against one example's squared error
	meantShare   = 1.0 // weight of the second opinion's margins beside the first's
)

// Wording is how a question is put before an embedding of it is asked for: mended as [Engine.Classify] mends it.
func (e *Engine) Wording(question string) string {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	return e.prepare(s, question)
}

// Learn gives an engine that also understands embeddings as embedder makes them; see [Engine.ClassifyWith]. Without an
// embedding the new engine gives the same verdicts as e. It asks for embeddings of every example and calibration question.
func (e *Engine) Learn(ctx context.Context, embedder Embedder) (*Engine, error) {
	sources := e.nearest.sources
	texts := make([]string, 0, len(sources)+len(e.catalogue.Calibration))
	for _, x := range sources {
		texts = append(texts, text.Normalize(x.text))
	}
	for _, q := range e.catalogue.Calibration {
		texts = append(texts, e.Wording(q.Text))
	}
	embeddings, err := embedder.Embed(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("embed the examples: %w", err)
	}
	if len(embeddings) != len(texts) || len(embeddings[0]) == 0 {
		return nil, errors.New("embed the examples: the embeddings do not fit the texts")
	}
	learned := *e
	if learned.meaning, err = trainMeaning(sources, embeddings[:len(sources)], e.groups); err != nil {
		return nil, err
	}
	st := e.gate.statement
	cfg := Config{Budget: st.Budget, Confidence: st.Confidence, OutOfScope: st.OutOfScope}
	learned.meaning.gate = calibrate(learned.outcomes(embeddings[len(sources):]), e.intents, signalCount, cfg)
	return &learned, nil
}

// Learned tells whether the engine reads embeddings.
func (e *Engine) Learned() bool { return e.meaning != nil }

// StatementWith is [Engine.Statement], or what the calibration set allows to promise of verdicts with an embedding.
func (e *Engine) StatementWith(embedding bool) Statement {
	if embedding && e.meaning != nil {
		return e.meaning.gate.statement
	}
	return e.gate.statement
}

// trainMeaning fits a ridge regression of each class's membership on the embeddings. All classes share one system of
// equations, so that a thousand classes cost hardly more than ten.
func trainMeaning(sources []source, embeddings [][]float32, groups []grouping) (*meaning, error) {
	m := &meaning{width: len(embeddings[0])}
	labels := make([]int, len(sources))
	place := map[meantClass]int{}
	for i, x := range sources {
		class := meantClass{x.class.ID, int32(x.group)}
		if groups[x.group].id == groupFollowups {
			class.ID = groupFollowups
		}
		at, ok := place[class]
		if !ok {
			at = len(m.classes)
			place[class] = at
			m.classes = append(m.classes, class)
		}
		labels[i] = at
	}
	n := m.width + 1 // the bias counts as a number that is always 1
	weights := balance(labels, len(m.classes))
	sums := mat.NewDense(n, len(m.classes), nil)
	for i, v := range embeddings {
		if len(v) != m.width {
			return nil, errors.New("embed the examples: the embeddings differ in width")
		}
		for k, x := range v {
			sums.Set(k, labels[i], sums.At(k, labels[i])+weights[i]*float64(x))
		}
		sums.Set(n-1, labels[i], sums.At(n-1, labels[i])+weights[i])
	}
	var c mat.Cholesky
	if !c.Factorize(products(embeddings, weights)) {
		return nil, errors.New("learn embeddings: they hold no numbers to learn from")
	}
	var solved mat.Dense
	if err := c.SolveTo(&solved, sums); err != nil {
		return nil, fmt.Errorf("learn embeddings: %w", err)
	}
	for at := range m.classes {
		for k := range m.width {
			m.weights = append(m.weights, float32(2*solved.At(k, at)))
		}
		m.bias = append(m.bias, float32(2*solved.At(n-1, at)-1)) // memberships of 0 to 1 become margins of -1 to 1
	}
	return m, nil
}

// balance weighs examples so that a class counts with the square root of its number of them.
func balance(labels []int, classes int) []float64 {
	counts := make([]float64, classes)
	for _, at := range labels {
		counts[at]++
	}
	mean := float64(len(labels)) / float64(classes)
	out := make([]float64, len(labels))
	for i, at := range labels {
		out[i] = math.Sqrt(mean / counts[at])
	}
	return out
}

// rowsAtOnce is how many embeddings are multiplied at once: enough for speed, few enough for memory.
const rowsAtOnce = 512

// products is the matrix of the weighted products of every two coordinates, with the penalty on its diagonal.
func products(embeddings [][]float32, weights []float64) *mat.SymDense {
	n := len(embeddings[0]) + 1
	sum := mat.NewDense(n, n, nil)
	at := 0
	for part := range slices.Chunk(embeddings, rowsAtOnce) {
		rows := mat.NewDense(len(part), n, nil)
		for i, v := range part {
			root := math.Sqrt(weights[at])
			at++
			for k, x := range v {
				rows.Set(i, k, root*float64(x))
			}
			rows.Set(i, n-1, root)
		}
		var product mat.Dense
		product.Mul(rows.T(), rows)
		sum.Add(sum, &product)
	}
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for k := i; k < n; k++ {
			out.SetSym(i, k, sum.At(i, k))
		}
		out.SetSym(i, i, sum.At(i, i)+meantPenalty)
	}
	return out
}

// reads tells whether m can read an embedding; a nil m reads none.
func (m *meaning) reads(embedding []float32) bool {
	return m != nil && len(embedding) == m.width
}

// score writes the margin of each group, that of its best class, into into, and gives the best class of all.
func (m *meaning) score(embedding, into []float32) string {
	for g := range into {
		into[g] = -1
	}
	best, top := "", float32(math.Inf(-1))
	for at, class := range m.classes {
		margin := m.bias[at]
		for k, w := range m.weights[at*m.width:][:m.width] {
			margin += w * embedding[k]
		}
		into[class.Group] = max(into[class.Group], margin)
		if margin > top {
			best, top = class.ID, margin
		}
	}
	return best
}

// blend adds the second opinion's margins to the first's.
func blend(margins, meant []float32) {
	for g, m := range meant {
		margins[g] = (margins[g] + meantShare*m) / (1 + meantShare)
	}
}

// meantSignals is how many signals an embedding adds.
const meantSignals = 4

// hear puts what the second opinion says of the places of a ranking among its signals.
func (s *signals) hear(meant []float32, r ranking) {
	at := s[signalWords:]
	places := [meantSignals]int{r.order[0], -1, r.other, r.vague}
	if len(r.order) > 1 {
		places[1] = r.order[1]
	}
	for i, place := range places {
		at[i] = -1
		if place >= 0 {
			at[i] = float64(meant[place])
		}
	}
}
