package console

import (
	"haedap/bot/internal/desk"
	"haedap/intents"
)

// bar is a share between 0 and 1 with its name, drawn as a bar.
type bar struct {
	Label string
	Share float64
	Mark  float64 // where to mark a threshold; 0: nowhere
}

// Width is the bar's length in percent: nothing for what reads 0%, else never so small that it is not seen.
func (b bar) Width() float64 {
	if b.Share < 0.0005 {
		return 0
	}
	return max(1, min(100, 100*b.Share))
}

// At is where the mark stands, in percent.
func (b bar) At() float64 { return 100 * b.Mark }

// Percent is the share as people read it.
func (b bar) Percent() string { return desk.Percent(b.Share) }

// example is one that reads much like the question.
type example struct {
	Text, Label, Likeness string
}

// why is what stands behind a reply.
type why struct {
	W          desk.WhyWords
	Decision   string
	Confidence *bar // nil: nothing was read, a button was pressed
	Threshold  string
	Promise    string
	Candidates []bar
	For        []bar
	Against    []bar
	Nearest    []example
	HeldBack   []string
}

// explain tells why the desk replied so, in the page's language.
func (c *Console) explain(r desk.Reply, lang string) why {
	w := desk.In(lang).Why
	y := why{W: w, Decision: w.Decided(r.Decision), Candidates: c.bars(r.Candidates, lang)}
	if len(r.Evidence) == 0 && len(r.Candidates) == 0 {
		return y
	}
	promise := c.Engine.Statement()
	y.Confidence = &bar{Label: w.Confidence, Share: r.Confidence, Mark: promise.Threshold}
	y.Threshold = desk.Fill(w.Threshold, desk.Percent(promise.Threshold))
	y.Promise = w.Stated(promise)
	heaviest := 0.0
	for _, e := range r.Evidence {
		if e.Kind == intents.For || e.Kind == intents.Against {
			heaviest = max(heaviest, e.Weight)
		}
	}
	for _, e := range r.Evidence {
		y.add(e, c.label(e.Intent, lang), heaviest)
	}
	return y
}

// add sorts one piece of evidence in. Weights of words have no scale of their own: the heaviest fills its bar.
func (y *why) add(e intents.Evidence, label string, heaviest float64) {
	switch e.Kind {
	case intents.For:
		y.For = append(y.For, bar{Label: e.Text, Share: e.Weight / heaviest})
	case intents.Against:
		y.Against = append(y.Against, bar{Label: e.Text, Share: e.Weight / heaviest})
	case intents.Nearest:
		y.Nearest = append(y.Nearest, example{e.Text, label, desk.Percent(e.Weight)})
	case intents.HeldBack:
		if e.Text == intents.BelowThreshold && e.Weight == 0 {
			return // something else held it back
		}
		y.HeldBack = append(y.HeldBack, y.W.Reason(e, label))
	}
}

// worthABar is the share from which a candidate beyond the second is shown.
const worthABar = 0.005

// bars names candidates in the page's language, which may be another than the reply's.
func (c *Console) bars(candidates []desk.Candidate, lang string) []bar {
	var out []bar
	for i, k := range candidates {
		if i >= 2 && k.Score < worthABar {
			break
		}
		label := c.label(k.Intent, lang)
		if label == k.Intent {
			label = k.Label
		}
		out = append(out, bar{Label: label, Share: k.Score})
	}
	return out
}

// label names a class for people, by its id when it has no name.
func (c *Console) label(id, lang string) string {
	class, ok := c.Engine.Catalogue().Class(id)
	if !ok || class.Label.In(lang) == "" {
		return id
	}
	return class.Label.In(lang)
}
