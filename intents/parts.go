package intents

import (
	"strings"
	"unicode/utf8"

	"haedap/knowledge/text"
)

// A message may ask two things. Each place where it may fall into two clauses is tried: the message is double when both
// sides ask for different intents on their own. How clear the best such place is becomes a signal of the gate.

// unsplit is the clearness of a message that falls into two nowhere.
const unsplit = -2

// mostSplits bounds the places that are tried in one message.
const mostSplits = 8

// splitFrom is the least margin of the second intent at which splitting is worth its time. Of the double calibration
// questions 85 % lie above it, of the single ones 29 %.
const splitFrom = -0.95

// split is the best place to part a message.
type split struct {
	at        int     // byte offset in the normalized text
	clearness float64 // the weaker side's lead, as margin of its intent less half the margin of what is no intent
	both      float64 // 1 when both sides ask something; 0 when one only describes
}

// signal puts the split among a question's signals.
func (p split) signal(s *signals) { s[signalSplit], s[signalBoth] = p.clearness, p.both }

// split finds the best place of the text that s has read.
func (e *Engine) split(s *scratch, normalized string, r ranking) split {
	best := split{clearness: unsplit}
	if len(r.order) < 2 || s.margins[r.order[1]] < splitFrom {
		return best
	}
	places := text.Clauses(normalized)
	every := (len(places) + mostSplits - 1) / mostSplits
	s.sides.places = s.sides.places[:0]
	for i := 0; i < len(places); i += every {
		s.sides.places = append(s.sides.places, place{places[i], utf8.RuneCountInString(normalized[:places[i]])})
	}
	if len(s.sides.places) == 0 {
		return best
	}
	s.sides.read(&s.reader, e)
	for k, p := range s.sides.places {
		first, left := e.lead(s.sides.before(k, e.linear))
		second, right := e.lead(s.sides.after(k, e.linear))
		if clearness := min(left, right); first != second && clearness > best.clearness {
			best = split{at: p.at, clearness: clearness}
		}
	}
	if best.at > 0 && text.Asks(normalized[:best.at]) && text.Asks(normalized[best.at:]) {
		best.both = 1
	}
	return best
}

// lead is the best intent by margins, and how far it leads.
func (e *Engine) lead(margins []float32) (intent int, lead float64) {
	for i := range e.intents {
		if margins[i] > margins[intent] {
			intent = i
		}
	}
	other := float32(-1)
	for _, m := range margins[e.intents:] {
		other = max(other, m)
	}
	return intent, float64(margins[intent] - other/2)
}

// parts are the two questions of a message that is parted at at.
func (e *Engine) parts(s *scratch, normalized string, at int) []Part {
	var out []Part
	for _, side := range []string{normalized[:at], normalized[at:]} {
		r := e.rank(s, side, nil)
		intent := e.groups[r.order[0]].id
		out = append(out, Part{
			Text: strings.TrimSpace(side), Intent: intent, Section: e.sections[intent].pick(s.reader.vector),
			Confidence: e.gate.confidence(r.signals),
		})
	}
	return out
}
