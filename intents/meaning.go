package intents

import (
	"context"
	"errors"
	"fmt"
	"math"

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
	centre  []float32 // mean of the examples' embeddings, which all lie close together
	classes []meantClass
	linear  *linear
	middles lists   // of the classes: few examples tell more by what they have in common
	share   float32 // weight of its margins beside the first opinion's
	gate    gate
}

// meantClass is a class that embeddings are told apart by, and the engine's group that it belongs to.
type meantClass struct {
	ID    string
	Group int32
}

// Settings of the second opinion, chosen on CLINC150 and BANKING77 with ten examples an intent. A ridge regression
// instead of the support vector machine is wrong 2.5 times in 100 more often there.
const (
	meantLength   = 1.5 // of an embedding once the centre is taken off: longer ones follow the examples more closely
	likenessShare = 0.5 // of the likeness to each class's middle beside the margins
	usualShare    = 2   // of the second opinion where no calibration question tells
)

// shares of the second opinion that are tried on the calibration questions.
var shares = []float32{0.25, 0.5, 1, 2}

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
	learned.meaning.gate = calibrate(learned.weigh(embeddings[len(sources):]), e.intents, signalCount, cfg)
	return &learned, nil
}

// weigh gives the second opinion the share that makes the right intents of the calibration questions most likely, and what becomes
// of those questions with it.
func (e *Engine) weigh(embeddings [][]float32) []outcome {
	var best []outcome
	fits, least := float32(usualShare), math.Inf(1)
	for _, share := range shares {
		e.meaning.share = share
		outcomes := e.outcomes(embeddings)
		if _, loss := sharpness(outcomes, e.intents); len(outcomes) > 0 && loss < least {
			best, fits, least = outcomes, share, loss
		}
	}
	e.meaning.share = fits
	return best
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

// gateOf is the gate that made a verdict.
func (e *Engine) gateOf(v Verdict) *gate {
	if v.Meant != "" && e.meaning != nil {
		return &e.meaning.gate
	}
	return &e.gate
}

// trainMeaning learns the classes of the sources from their embeddings.
func trainMeaning(sources []source, embeddings [][]float32, groups []grouping) (*meaning, error) {
	m := &meaning{centre: mean(embeddings)}
	labels, vectors := make([]int, len(sources)), make([]vector, len(sources))
	place := map[meantClass]int{}
	for i, x := range sources {
		if len(embeddings[i]) != len(m.centre) {
			return nil, errors.New("embed the examples: the embeddings differ in width")
		}
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
		labels[i], vectors[i] = at, m.place(embeddings[i])
	}
	m.linear = trainLinear(vectors, labels, len(m.classes), len(m.centre))
	m.middles = turn(centroids(vectors, labels, len(m.classes), len(m.centre)), len(m.centre))
	return m, nil
}

// mean is the middle of embeddings, of the width of the first.
func mean(embeddings [][]float32) []float32 {
	sums := make([]float64, len(embeddings[0]))
	for _, v := range embeddings {
		for k, x := range v[:min(len(v), len(sums))] {
			sums[k] += float64(x)
		}
	}
	out := make([]float32, len(sums))
	for k, sum := range sums {
		out[k] = float32(sum / float64(len(embeddings)))
	}
	return out
}

// place is an embedding as seen from the centre.
func (m *meaning) place(embedding []float32) vector {
	out := make(vector, len(embedding))
	var sum float64
	for k, x := range embedding {
		x -= m.centre[k]
		out[k] = entry{int32(k), x}
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return out
	}
	scale := float32(meantLength / math.Sqrt(sum))
	for k := range out {
		out[k].value *= scale
	}
	return out
}

// reads tells whether m can read an embedding; a nil m reads none.
func (m *meaning) reads(embedding []float32) bool {
	return m != nil && len(embedding) == len(m.centre)
}

// score writes the margin of each group, that of its best class, into into, and gives the best class of all.
func (m *meaning) score(embedding, into []float32) string {
	for g := range into {
		into[g] = -1 // of a group whose classes have no example
	}
	margins := make([]float32, len(m.classes))
	placed := m.place(embedding)
	m.linear.score(placed, margins)
	for _, e := range placed {
		m.middles.add(entry{e.feature, likenessShare * e.value}, margins)
	}
	best := 0
	for at, class := range m.classes {
		into[class.Group] = max(into[class.Group], margins[at])
		if margins[at] > margins[best] {
			best = at
		}
	}
	return m.classes[best].ID
}

// blend adds the second opinion's margins to the first's.
func (m *meaning) blend(margins, meant []float32) {
	for g, x := range meant {
		margins[g] = (margins[g] + m.share*x) / (1 + m.share)
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
