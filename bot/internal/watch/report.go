package watch

import (
	"fmt"
	"time"

	"haedap/bot/internal/store"
	"haedap/intents"
)

// Report is what one look found.
type Report struct {
	At      time.Time
	Promise intents.Statement
	Live    Live
	Drift   []Drift // by language, those in which somebody asked
}

// Live is what became of the last answers. One answer may count in several of the first three kinds.
type Live struct {
	Answered   int
	Unhelpful  int     // the asker said that it did not help
	HandedOver int     // a ticket was opened before the next answer in the thread
	Corrected  int     // an agent said that another article is right, or none
	Complaints int     // answers with any of these
	AtMost     float64 // share of complaints, upper bound
	AtLeast    float64 // share of corrected answers, lower bound
}

// sure is the confidence of the bounds, each for itself.
const sure = 0.95

func count(fates []store.Fate) Live {
	l := Live{Answered: len(fates)}
	for _, f := range fates {
		l.Unhelpful += one(f.Unhelpful)
		l.HandedOver += one(f.HandedOver)
		l.Corrected += one(f.Corrected)
		l.Complaints += one(f.Unhelpful || f.HandedOver || f.Corrected)
	}
	l.AtMost = intents.UpperBound(l.Complaints, l.Answered, sure)
	l.AtLeast = intents.LowerBound(l.Corrected, l.Answered, sure)
	return l
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// OverBudget tells whether agents corrected more answers than chance explains where the budget is kept.
func (r Report) OverBudget() bool { return r.Live.AtLeast > r.Promise.Budget }

// Warns tells whether there is anything to warn of.
func (r Report) Warns() bool {
	for _, d := range r.Drift {
		if d.Warns() {
			return true
		}
	}
	return r.OverBudget()
}

// drifts tells whether there is a warning of drift in a language.
func (r Report) drifts(lang string) bool {
	for _, d := range r.Drift {
		if d.Lang == lang {
			return d.Warns()
		}
	}
	return false
}

// String is what became of the answers in a sentence.
func (l Live) String() string {
	if l.Answered == 0 {
		return "no answers in the last 90 days"
	}
	return fmt.Sprintf("of the last %d answers %d did not help, %d led to a ticket, %d were corrected by agents: complaints ≤ %.1f %%, corrected ≥ %.1f %%, each with %.0f %% confidence",
		l.Answered, l.Unhelpful, l.HandedOver, l.Corrected, 100*l.AtMost, 100*l.AtLeast, 100*sure)
}
