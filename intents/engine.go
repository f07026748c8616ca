package intents

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"haedap/knowledge/text"
)

// Config are the settings of an engine; see [Defaults].
type Config struct {
	Budget     float64 // largest share of wrong answers among answers, between 0 and 1
	Confidence float64 // how sure the statement about the budget is, between 0 and 1
	OutOfScope float64 // assumed share of questions that no article answers, between 0 and 1

	Articles map[string][]Example // by article: its title, headings and sentences, from which an intent without examples is learnt
}

// Defaults are at most 2 % wrong answers, stated with 95 % confidence, where two in five questions are out of scope.
func Defaults() Config { return Config{Budget: 0.02, Confidence: 0.95, OutOfScope: 0.4} }

// check names the first setting that is out of range.
func (c Config) check() error {
	for _, s := range []struct {
		name    string
		value   float64
		example string
	}{{"budget", c.Budget, "0.02"}, {"confidence", c.Confidence, "0.95"}, {"out-of-scope share", c.OutOfScope, "0.4"}} {
		if !(s.value > 0 && s.value < 1) {
			return fmt.Errorf("%s is %v: it must lie between 0 and 1, such as %s", s.name, s.value, s.example)
		}
	}
	return nil
}

// Ids of the groups that the classifier learns besides intents, background classes and acts.
const (
	groupNeighbours = "neighbour topics" // those of one folder together: see [topics]
	groupFollowups  = "follow-ups"       // questions that say nothing without the thread
)

// Engine understands questions. It is immutable and safe for concurrent use.
type Engine struct {
	catalogue  *Catalogue
	vocabulary *vocabulary
	hearing    hearing
	groups     []grouping // the classes of linear; intents first
	intents    int        // how many of groups are intents
	bare       []int      // groups of the intents that are learnt from their article alone
	linear     *linear
	sections   map[string]*sections // by intent
	nearest    *nearest
	topics     topics
	gate       gate
	meaning    *meaning // nil when it has learnt no embeddings
	scratch    *sync.Pool
}

// grouping is one class of the linear classifier.
type grouping struct {
	id   string
	kind Kind
}

// scratch is what one classification needs and the next can use again.
type scratch struct {
	reader   reader
	margins  []float32
	meant    []float32 // what an embedding says, by group
	raised   []float32 // margins with what articles say for intents without examples
	sides    sides
	keys     []uint64  // for sorting intents by their margins
	likeness []float32 // by example, to the question
	speaks   []float32 // by feature: what each time of it says for the best intent and against its rival; left behind by Explain
}

// Train learns a catalogue. The same catalogue and settings give the same engine, on any number of cores.
func Train(c *Catalogue, cfg Config) (*Engine, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("train intents: %w", err)
	}
	e := &Engine{catalogue: c}
	examples := e.layOut()
	if e.intents == 0 {
		return nil, errors.New("train intents: the catalogue has no intent: write one in intents/catalog/")
	}
	texts, groups := make([]string, len(examples)), make([]int, len(examples))
	for i, x := range examples {
		texts[i], groups[i] = text.Normalize(x.text), x.group
	}
	e.vocabulary, e.hearing = learn(texts, groups, len(e.groups)), hear(texts)
	vectors := e.vocabulary.readAll(texts)
	var wg sync.WaitGroup
	wg.Go(func() { e.sections = trainSections(c, e.vocabulary) })
	wg.Go(func() { e.nearest = indexNearest(vectors, examples, len(e.vocabulary.rarity)) })
	wg.Go(func() { e.topics = trainTopics(vectors, examples, len(e.vocabulary.rarity)) })
	e.linear = trainLinear(vectors, groups, len(e.groups), len(e.vocabulary.rarity))
	wg.Wait()
	e.gate = calibrate(e.outcomes(nil), e.intents, signalWords, cfg)
	return e, nil
}

// source is an example with the class and the group that it belongs to.
type source struct {
	class *Class
	text  string
	group int
}

// layOut lays out the engine's groups and gathers the examples.
func (e *Engine) layOut() []source {
	var out []source
	place := map[string]int{}
	shared := func(name, id string) int {
		at, ok := place[name]
		if !ok {
			at = len(e.groups)
			place[name] = at
			e.groups = append(e.groups, grouping{id, Neighbour})
		}
		return at
	}
	add := func(c *Class, examples []Example, group int) {
		for _, x := range examples {
			out = append(out, source{c, x.Text, group})
		}
	}
	for i := range e.catalogue.Classes { // intents come first
		c := &e.catalogue.Classes[i]
		switch c.Kind {
		case Neighbour:
			add(c, c.Examples, shared(groupNeighbours+c.Group, groupNeighbours))
		default:
			e.groups = append(e.groups, grouping{c.ID, c.Kind})
			add(c, c.Examples, len(e.groups)-1)
			add(c, c.Reads, len(e.groups)-1)
			add(c, c.names(), len(e.groups)-1)
			if c.bare() {
				e.bare = append(e.bare, len(e.groups)-1)
			}
		}
		if c.Kind == Answerable {
			e.intents++
		}
	}
	for i := range e.catalogue.Classes {
		if c := &e.catalogue.Classes[i]; len(c.Followups) > 0 {
			add(c, c.Followups, shared(groupFollowups, groupFollowups))
		}
	}
	size := len(e.groups)
	e.scratch = &sync.Pool{New: func() any { return &scratch{margins: make([]float32, size), meant: make([]float32, size)} }}
	return out
}

// Classify says what a question asks for and how sure that is. Its time is bounded, whatever the length of the question.
func (e *Engine) Classify(question string) Verdict { return e.ClassifyWith(question, nil) }

// ClassifyWith is [Engine.Classify] with the embedding of the question's [Engine.Wording] as a second opinion. Without
// one, or where the engine has learnt none of its width, it is Classify.
func (e *Engine) ClassifyWith(question string, embedding []float32) Verdict {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	normalized := e.prepare(s, question)
	r := e.rank(s, normalized, embedding)
	v := Verdict{Lang: text.Lang(normalized), Ranked: r.ranked(e), Outside: r.outside(e), Vague: r.vagueClass(e), Meant: r.meant}
	switch best := v.Ranked[0]; { // what fits less well is not looked at more closely: nobody asks for that
	case v.Outside.P <= best.P:
		v.Section = e.sections[best.Intent].pick(s.reader.vector)
	case v.Outside.ID == groupNeighbours:
		v.Outside.ID = e.topics.name(s.reader.vector)
	}
	split := e.split(s, normalized, r)
	split.signal(&r.signals)
	v.Confidence = r.gate.confidence(r.signals)
	v.InScope, v.Seen = r.gate.inScope(r.signals), r.signals[signalSeen]
	double := r.gate.double.probability(r.signals)
	v.Answer = v.Confidence >= r.gate.threshold && double < maybeDouble
	if double >= surelyDouble {
		v.Parts = e.parts(s, normalized, split.at)
	}
	if !v.Answer && len(v.Parts) == 0 {
		v.Candidates = e.offers(v, r)
	}
	return v
}

// vagueClass is the vague class that fits better than anything else, or "".
func (r ranking) vagueClass(e *Engine) string {
	if r.vague < 0 || r.probabilities[r.vague] < slices.Max(r.probabilities) {
		return ""
	}
	return e.groups[r.vague].id
}

// offers are the intents to choose from when a question is not answered: those that its vague class names, the plausible
// ones when an article without examples speaks of it, or the gate's prediction set.
func (e *Engine) offers(v Verdict, r ranking) []Score {
	class, ok := e.catalogue.Class(v.Vague)
	switch {
	case !ok && r.bare:
		return slices.Clone(v.Ranked[:plausible(v.Ranked)])
	case !ok:
		return r.gate.candidates(v)
	}
	var out []Score
	for _, score := range v.Ranked {
		if slices.Contains(class.Between, score.Intent) {
			out = append(out, score)
		}
	}
	return out
}

// ranking is what the linear classifier says of a text.
type ranking struct {
	probabilities []float64 // by group
	order         []int     // intents, best first
	other         int       // best group that is neither intent nor vague, or -1
	vague         int       // best vague group, or -1
	signals       signals
	gate          *gate  // the one that was calibrated on such evidence
	bare          bool   // an intent without examples fits best of all, and its article speaks of the question
	meant         string // class that the embedding names by itself, "" without one
}

// rank reads a normalized text. An embedding of it has its say, when there is one that the engine can read.
func (e *Engine) rank(s *scratch, normalized string, embedding []float32) ranking {
	vector := s.reader.read(e.vocabulary, normalized)
	e.linear.score(vector, s.margins)
	r := ranking{order: make([]int, e.intents), other: -1, vague: -1, gate: &e.gate}
	if e.meaning.reads(embedding) {
		r.gate, r.meant = &e.meaning.gate, e.meaning.score(embedding, s.meant)
		e.meaning.blend(s.margins, s.meant)
	}
	margins := e.raise(s)
	s.keys = s.keys[:0]
	for i, m := range margins[:e.intents] {
		s.keys = append(s.keys, uint64(descending(m))<<32|uint64(i))
	}
	slices.Sort(s.keys) // a thousand numbers sort several times faster than by a comparing function
	for i, key := range s.keys {
		r.order[i] = int(uint32(key))
	}
	for g := e.intents; g < len(e.groups); g++ {
		best := &r.other
		if e.groups[g].kind == Vague {
			best = &r.vague
		}
		if *best < 0 || s.margins[g] > s.margins[*best] {
			*best = g
		}
	}
	r.signals = newSignals(s.margins, r, float64(s.reader.seen), float64(len(s.reader.cutter.Pieces)))
	if r.meant != "" {
		r.signals.hear(s.meant, r)
	}
	r.probabilities, r.bare = softmax(margins, r.gate.sharpness), e.spokenOf(margins, r)
	return r
}

// descending is a number that is the smaller, the larger m is.
func descending(m float32) uint32 {
	bits := math.Float32bits(m)
	if bits>>31 == 0 {
		return ^bits &^ (1 << 31)
	}
	return bits
}

func (r ranking) ranked(e *Engine) []Score {
	out := make([]Score, len(r.order))
	for i, g := range r.order {
		out[i] = Score{e.groups[g].id, r.probabilities[g]}
	}
	return out
}

func (r ranking) outside(e *Engine) Outside {
	if r.other < 0 {
		return Outside{}
	}
	best := e.groups[r.other]
	out := Outside{ID: best.id, Kind: best.kind}
	for g, group := range e.groups { // all groups of neighbour topics are one
		if group == best {
			out.P += r.probabilities[g]
		}
	}
	return out
}

// Statement is what the calibration set allows to promise.
func (e *Engine) Statement() Statement { return e.gate.statement }

// Catalogue is what the engine was trained on.
func (e *Engine) Catalogue() *Catalogue { return e.catalogue }

// OutsideFollowups is the [Outside] id of a question that says nothing without its thread.
const OutsideFollowups = groupFollowups
