// Package evaluate measures a desk on labelled questions and shows the figures.
//
// A question with one label is right when its best candidate, or its answer, is that label. A question
// labelled "a+b" is right when exactly that set was answered, one labelled "a|b", which may mean either, when the
// desk asks back and offers exactly those. Answering a question that no article answers, or
// answering half of a double one, is a wrong answer.
package evaluate

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"haedap/intents"
)

// Report are the figures over a set of questions. Shares lie between 0 and 1.
type Report struct {
	Questions    int     `json:"questions"`
	InScope      int     `json:"in_scope"`     // with one label that is an intent
	Double       int     `json:"double"`       // labelled a+b
	Vague        int     `json:"vague"`        // labelled a|b
	OutOfScope   int     `json:"out_of_scope"` // labelled oos
	Accuracy     float64 `json:"accuracy"`     // best candidate right, of InScope
	TopThree     float64 `json:"top_three"`    // right intent among the best three, of InScope
	Answered     int     `json:"answered"`
	Wrong        int     `json:"wrong"` // of Answered
	WrongShare   float64 `json:"wrong_share"`
	WrongBound   float64 `json:"wrong_bound_95"` // Clopper-Pearson, one-sided
	AnsweredIn   float64 `json:"answered_in_scope"`
	Right        float64 `json:"answered_right"` // of InScope
	Clarified    float64 `json:"clarified"`      // of InScope
	ClarifiedOK  float64 `json:"clarified_with_right"`
	Escalated    float64 `json:"escalated"`     // of InScope
	DoubleRight  float64 `json:"double_right"`  // both answered, of Double
	VagueAsked   float64 `json:"vague_asked"`   // asked back with exactly those, of Vague
	FalseAnswers float64 `json:"false_answers"` // answered, of OutOfScope
	AUROC        float64 `json:"auroc"`         // confidence tells in scope from out of scope
	Budget       float64 `json:"budget"`
	Coverage     float64 `json:"coverage_at_budget"` // answered right of InScope at the best threshold on these very rows: an upper limit, not a promise
	Micros       float64 `json:"us_per_question"`

	ByIntent   []Row       `json:"by_intent"`
	ByTag      []Row       `json:"by_tag"`
	Confusions []Confusion `json:"confusions"`

	RiskCoverage []Point `json:"risk_coverage"`
	Reliability  []Bin   `json:"reliability"`
}

// Row are the figures of one intent or tag.
type Row struct {
	Name      string  `json:"name"`
	Questions int     `json:"questions"`
	Accuracy  float64 `json:"accuracy"` // -1 where none is in scope
	Right     float64 `json:"answered_right"`
	Answered  int     `json:"answered"`
	Wrong     int     `json:"wrong"`
	AUROC     float64 `json:"auroc"` // of its out-of-scope questions against all in scope; -1 where it has none
}

// Confusion is a pair of labels that were taken for one another.
type Confusion struct {
	Label     string   `json:"label"`
	Taken     string   `json:"taken_for"`
	Questions []string `json:"questions"` // ids

	Examples []Example `json:"examples,omitempty"` // that pulled them the wrong way, likest first; see [Report.Blame]
}

// Example is an example of the catalogue that reads like a question.
type Example struct {
	Text     string  `json:"text"`
	Class    string  `json:"class"`
	Likeness float64 `json:"likeness"` // to the likest of the confused questions, at most 1
}

// blamed is how many examples a confusion names.
const blamed = 3

// Blame names for each confusion the examples that are likest to its questions and do not belong to their label. Nearest gives
// the examples that are like a text.
func (r *Report) Blame(outcomes []Outcome, nearest func(text string) []Example) {
	texts := map[string]string{}
	for i := range outcomes {
		texts[outcomes[i].Question.ID] = outcomes[i].Question.Text
	}
	for i := range r.Confusions {
		c := &r.Confusions[i]
		for _, id := range c.Questions {
			for _, x := range nearest(texts[id]) {
				if x.Class != c.Label && !slices.ContainsFunc(c.Examples, func(y Example) bool { return y.Text == x.Text }) {
					c.Examples = append(c.Examples, x)
				}
			}
		}
		slices.SortStableFunc(c.Examples, func(a, b Example) int { return cmp.Compare(b.Likeness, a.Likeness) })
		c.Examples = c.Examples[:min(blamed, len(c.Examples))]
	}
}

// Measure computes the report of outcomes; took is the time that understanding all of them took.
func Measure(outcomes []Outcome, budget float64, took time.Duration) Report {
	r := Report{Questions: len(outcomes), Budget: budget}
	var top, three, right, clarified, clarifiedOK, escalated, doubleRight, vagueAsked, answeredIn, falseAnswers int
	for i := range outcomes {
		o := &outcomes[i]
		answered := o.answered()
		if answered {
			r.Answered++
			if !o.answeredRight() {
				r.Wrong++
			}
		}
		switch {
		case o.outOfScope():
			r.OutOfScope++
			falseAnswers += count(answered)
		case o.double():
			r.Double++
			doubleRight += count(answered && o.answeredRight())
		case o.vague():
			r.Vague++
			vagueAsked += count(o.askedRight())
		default:
			r.InScope++
			top += count(o.topRight())
			three += count(slices.ContainsFunc(o.Ranked[:min(3, len(o.Ranked))], func(s intents.Score) bool { return s.Intent == o.Question.Label }))
			answeredIn += count(answered)
			right += count(answered && o.answeredRight())
			clarified += count(o.Decision == clarify)
			clarifiedOK += count(o.Decision == clarify && slices.Contains(o.Offered, o.Question.Label))
			escalated += count(o.Decision == escalate)
		}
	}
	r.Accuracy, r.TopThree = share(top, r.InScope), share(three, r.InScope)
	r.WrongShare, r.WrongBound = share(r.Wrong, r.Answered), intents.UpperBound(r.Wrong, r.Answered, 0.95)
	r.AnsweredIn, r.Right = share(answeredIn, r.InScope), share(right, r.InScope)
	r.Clarified, r.ClarifiedOK, r.Escalated = share(clarified, r.InScope), share(clarifiedOK, clarified), share(escalated, r.InScope)
	r.DoubleRight, r.VagueAsked, r.FalseAnswers = share(doubleRight, r.Double), share(vagueAsked, r.Vague), share(falseAnswers, r.OutOfScope)
	r.AUROC = auroc(outcomes, func(o *Outcome) bool { return o.outOfScope() })
	r.Coverage = coverage(outcomes, budget)
	r.Micros = float64(took.Microseconds()) / float64(max(1, len(outcomes)))
	r.ByIntent = rows(outcomes, func(o *Outcome) []string { return []string{o.Question.Label} })
	r.ByTag = rows(outcomes, func(o *Outcome) []string { return o.Question.Tags })
	r.Confusions = confusions(outcomes)
	r.RiskCoverage, r.Reliability = riskCoverage(outcomes), reliability(outcomes)
	return r
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// share is a/b, and 0 where there is nothing.
func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// auroc is the probability that a random in-scope question has a higher confidence than a random one of the
// outside set (ties count half); -1 when either set is empty.
func auroc(outcomes []Outcome, outside func(*Outcome) bool) float64 {
	var in, out []float64
	for i := range outcomes {
		switch o := &outcomes[i]; {
		case outside(o):
			out = append(out, o.Confidence)
		case o.single():
			in = append(in, o.Confidence)
		}
	}
	if len(in) == 0 || len(out) == 0 {
		return -1
	}
	slices.Sort(out)
	var sum float64
	for _, c := range in {
		below, _ := slices.BinarySearch(out, c)
		upTo := below
		for upTo < len(out) && out[upTo] == c {
			upTo++
		}
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(in)*len(out))
}

// coverage is the largest share of in-scope questions whose best candidate is right at a threshold that keeps wrong
// answers within the budget on these rows.
func coverage(outcomes []Outcome, budget float64) float64 {
	rows := scored(outcomes)
	inScope := 0
	for _, o := range rows {
		inScope += count(o.single())
	}
	slices.SortStableFunc(rows, func(a, b *Outcome) int { return cmp.Compare(b.Confidence, a.Confidence) })
	right, best := 0, 0
	for i, o := range rows {
		right += count(o.topRight())
		if share(i+1-right, i+1) <= budget {
			best = right
		}
	}
	return share(best, inScope)
}

// rows groups outcomes by name, in name order.
func rows(outcomes []Outcome, names func(*Outcome) []string) []Row {
	groups := map[string][]Outcome{}
	for i := range outcomes {
		for _, n := range names(&outcomes[i]) {
			groups[n] = append(groups[n], outcomes[i])
		}
	}
	var out []Row
	for name, group := range groups {
		out = append(out, row(name, group, outcomes))
	}
	slices.SortFunc(out, func(a, b Row) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func row(name string, group, all []Outcome) Row {
	r := Row{Name: name, Questions: len(group), Accuracy: -1}
	inScope, top, right := 0, 0, 0
	members := map[string]bool{}
	for i := range group {
		o := &group[i]
		members[o.Question.ID] = true
		if o.answered() {
			r.Answered++
			r.Wrong += count(!o.answeredRight())
		}
		if o.outOfScope() {
			continue
		}
		inScope++
		top += count(slices.Contains(strings.FieldsFunc(o.Question.Label, isJoint), o.top()))
		right += count(o.good())
	}
	if inScope > 0 {
		r.Accuracy, r.Right = share(top, inScope), share(right, inScope)
	}
	r.AUROC = auroc(all, func(o *Outcome) bool { return o.outOfScope() && members[o.Question.ID] })
	return r
}

// isJoint tells what stands between the intents of a label.
func isJoint(r rune) bool { return r == '+' || r == '|' }

// confusions lists which label was taken for which, commonest first: wrong best candidates in scope, and wrong answers out of it.
func confusions(outcomes []Outcome) []Confusion {
	type pair struct{ label, taken string }
	ids := map[pair][]string{}
	for i := range outcomes {
		o := &outcomes[i]
		taken := o.top()
		if o.answered() {
			taken = strings.Join(o.Answered, "+")
		}
		if o.answeredRight() || taken == o.Question.Label || (!o.answered() && !o.single()) {
			continue
		}
		p := pair{o.Question.Label, taken}
		ids[p] = append(ids[p], o.Question.ID)
	}
	var out []Confusion
	for p, q := range ids {
		out = append(out, Confusion{Label: p.label, Taken: p.taken, Questions: q})
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(len(b.Questions), len(a.Questions)), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Taken, b.Taken))
	})
	return out
}
