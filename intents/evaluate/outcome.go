package evaluate

import (
	"slices"
	"strings"

	"haedap/intents"
)

// Outcome is what a desk made of one question.
type Outcome struct {
	Question   intents.Question
	Ranked     []intents.Score
	Confidence float64
	Decision   string   // answer, clarify, escalate, chat or ignore
	Answered   []string // intents, in the order shown; only for answer
	Offered    []string // intents, only for clarify
}

// Decisions that figures are about.
const (
	answer   = "answer"
	clarify  = "clarify"
	escalate = "escalate"
)

func (o *Outcome) outOfScope() bool { return o.Question.Label == intents.OutOfScope }
func (o *Outcome) double() bool     { return strings.Contains(o.Question.Label, "+") }
func (o *Outcome) vague() bool      { return strings.Contains(o.Question.Label, "|") }
func (o *Outcome) answered() bool   { return o.Decision == answer }

// single tells whether the label is one intent.
func (o *Outcome) single() bool { return !o.outOfScope() && !o.double() && !o.vague() }

// top is the best candidate.
func (o *Outcome) top() string {
	if len(o.Ranked) == 0 {
		return ""
	}
	return o.Ranked[0].Intent
}

// topRight tells whether the best candidate is what was asked for.
func (o *Outcome) topRight() bool { return o.top() == o.Question.Label }

// answeredRight tells whether the answer is exactly what was asked for.
func (o *Outcome) answeredRight() bool {
	return sameSet(o.Answered, strings.Split(o.Question.Label, "+"))
}

// askedRight tells whether a question that may mean several things is asked back with all of them.
func (o *Outcome) askedRight() bool {
	return o.Decision == clarify && sameSet(o.Offered, strings.Split(o.Question.Label, "|"))
}

// good tells whether the desk did with the question what its label asks for.
func (o *Outcome) good() bool {
	switch {
	case o.outOfScope():
		return !o.answered()
	case o.vague():
		return o.askedRight()
	default:
		return o.answered() && o.answeredRight()
	}
}

// said is the decision with the intents that it is about.
func (o *Outcome) said() string {
	about := o.Answered
	if o.Decision == clarify {
		about = o.Offered
	}
	if len(about) == 0 {
		return o.Decision
	}
	return o.Decision + " " + strings.Join(about, "+")
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
