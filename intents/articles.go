package intents

import "slices"

// An intent may have no examples: it is learnt from what its article says. People hardly ever write as articles do, so
// such an intent fits all questions worse than one with examples. It gets a head start in the ranking, and what its article
// has of the question counts. Whether to answer is decided without either: calibration knows nothing of them.

// Settings of the ranking, found by taking the examples away from intents that have some.
const (
	headStart = 0.3  // margin added to that of an intent without examples
	perLike   = 1.0  // margin added for each 1 of the question's likeness to the article's best sentence
	spokenOf  = -0.6 // least margin, with both, to offer the article
	likeliest = 20   // sentences of all such articles that are looked at
)

// bare tells whether a class is learnt from its article alone.
func (c *Class) bare() bool { return len(c.Reads) > 0 }

// raise gives the margins by which intents are ranked: s.margins, where no intent is bare.
func (e *Engine) raise(s *scratch) []float32 {
	if len(e.bare) == 0 {
		return s.margins
	}
	s.raised = append(s.raised[:0], s.margins...)
	for _, g := range e.bare {
		s.raised[g] += headStart
	}
	heard := map[int]bool{}
	for _, n := range e.nearest.find(s, likeliest, func(x source) bool { return x.class.bare() }) {
		if !heard[n.group] { // the best sentence comes first
			heard[n.group] = true
			s.raised[n.group] += perLike * float32(n.likeness)
		}
	}
	return s.raised
}

// spokenOf tells whether an intent without examples fits best of all classes, and its article speaks of the question.
func (e *Engine) spokenOf(margins []float32, r ranking) bool {
	best := r.order[0]
	return slices.Contains(e.bare, best) && margins[best] >= spokenOf && margins[best] >= slices.Max(margins)
}
