package intents

import (
	"cmp"
	"slices"
	"strings"
)

// Kinds of [Evidence].
const (
	For      = "for"       // a word of the question that spoke for the best intent
	Against  = "against"   // a word that spoke for its strongest rival
	Nearest  = "nearest"   // an example that reads much like the question
	HeldBack = "held_back" // why the question is not answered: one of the reasons below, in Text
)

// Reasons in the Text of [HeldBack] evidence; Weight is the figure that decided.
const (
	BelowThreshold = "below_threshold" // Weight is what the confidence lacks
	BetterOutside  = "outside"         // Intent is the class outside the catalogue that fits better
	CloseSecond    = "close_second"    // Intent is nearly as likely as the best one
	Unfamiliar     = "unfamiliar"      // Weight is the share of the question that no example has
	NoBudget       = "no_budget"       // the calibration set is too small to state the budget
)

// How many words for and against, and how many examples, an explanation names.
const (
	wordsFor     = 4
	wordsAgainst = 3
	examples     = 3
)

// worthNaming is the least probability of a second intent that an explanation names.
const worthNaming = 0.05

// Explain says why the engine gave v for the question. It takes several times as long as [Engine.Classify].
func (e *Engine) Explain(question string, v Verdict) []Evidence {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	normalized := e.prepare(s, question)
	r := e.rank(s, normalized, nil)
	at := slices.IndexFunc(r.order, func(g int) bool { return e.groups[g].id == v.Ranked[0].Intent })
	r.order[0], r.order[at] = r.order[at], r.order[0] // an embedding may have had its say
	out := e.words(s, normalized, r)
	for _, n := range e.nearest.find(s, examples, func(source) bool { return true }) {
		out = append(out, Evidence{Kind: Nearest, Text: n.text, Intent: n.class.ID, Weight: n.likeness / s.reader.families()})
	}
	return append(out, e.heldBack(v, r)...)
}

// words shares the difference between the best intent and its rival out over the words of the question.
func (e *Engine) words(s *scratch, normalized string, r ranking) []Evidence {
	best, rival := r.order[0], r.rival(s.margins)
	if rival < 0 {
		return nil
	}
	runes := make([]float64, len([]rune(normalized))+1)
	if len(s.speaks) < len(e.vocabulary.rarity) {
		s.speaks = make([]float32, len(e.vocabulary.rarity))
	}
	times := s.reader.times
	for _, id := range s.reader.ids {
		if id != unseen {
			times[id]++
		}
	}
	for _, x := range s.reader.vector {
		s.speaks[x.feature] = x.value * (e.linear.weight(x.feature, best) - e.linear.weight(x.feature, rival)) / float32(times[x.feature])
	}
	for k, p := range s.reader.cutter.Pieces {
		id := s.reader.ids[k]
		if id == unseen {
			continue
		}
		each := float64(s.speaks[id]) / float64(p.End-p.Start)
		for i := p.Start; i < p.End; i++ {
			runes[i] += each
		}
	}
	for _, x := range s.reader.vector {
		times[x.feature] = 0
	}
	return byWord([]rune(normalized), runes, e.groups[best].id, e.groups[rival].id)
}

// rival is the class with the largest margin besides the best intent, or -1.
func (r ranking) rival(margins []float32) int {
	rival := r.other
	if len(r.order) > 1 && (rival < 0 || margins[r.order[1]] > margins[rival]) {
		rival = r.order[1]
	}
	return rival
}

// byWord adds up the weights of each word's letters, and keeps the heaviest of both signs.
func byWord(letters []rune, weights []float64, best, rival string) []Evidence {
	var pro, contra []Evidence
	for start := 0; start < len(letters); {
		end := start
		var sum float64
		for end < len(letters) && letters[end] != ' ' {
			sum += weights[end]
			end++
		}
		word := string(letters[start:end])
		switch {
		case sum > 0:
			pro = append(pro, Evidence{For, word, best, sum})
		case sum < 0:
			contra = append(contra, Evidence{Against, word, rival, -sum})
		}
		start = end + 1
	}
	heaviest := func(a, b Evidence) int {
		if c := cmp.Compare(b.Weight, a.Weight); c != 0 {
			return c
		}
		return strings.Compare(a.Text, b.Text)
	}
	slices.SortFunc(pro, heaviest)
	slices.SortFunc(contra, heaviest)
	return append(pro[:min(wordsFor, len(pro))], contra[:min(wordsAgainst, len(contra))]...)
}

// heldBack says what kept a question from being answered.
func (e *Engine) heldBack(v Verdict, r ranking) []Evidence {
	if v.Answer {
		return nil
	}
	var out []Evidence
	st := e.gateOf(v).statement
	if !st.Met {
		out = append(out, Evidence{Kind: HeldBack, Text: NoBudget})
	}
	lacks := st.Threshold - v.Confidence
	out = append(out, Evidence{Kind: HeldBack, Text: BelowThreshold, Weight: max(lacks, 0)})
	if v.Outside.P > v.Ranked[0].P {
		out = append(out, Evidence{Kind: HeldBack, Text: BetterOutside, Intent: v.Outside.ID, Weight: v.Outside.P})
	}
	if len(v.Ranked) > 1 && v.Ranked[1].P > max(v.Ranked[0].P/3, worthNaming) {
		out = append(out, Evidence{Kind: HeldBack, Text: CloseSecond, Intent: v.Ranked[1].Intent, Weight: v.Ranked[1].P})
	}
	if unfamiliar := 1 - r.signals[signalSeen]; unfamiliar > 0.25 {
		out = append(out, Evidence{Kind: HeldBack, Text: Unfamiliar, Weight: unfamiliar})
	}
	return out
}
