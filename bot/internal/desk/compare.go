package desk

import (
	"regexp"
	"slices"
	"strings"

	"haedap/intents"
)

// compare reads a question how two things differ. Both that it names are shown when they are clear, or else offered; when it names none,
// it is about what was answered last and the article that goes with it.
func (c *turn) compare() (r Reply, ok bool) {
	asked := c.text
	if heard.differ.in(c.thread.Question) { // and was asked which two
		asked = join(c.thread.Question, c.text)
	}
	if c.thread.Escalated || !heard.difference.in(asked) {
		return Reply{}, false
	}
	named := c.namedTwo(asked)
	switch {
	case len(named) == 2 && named[0].Confidence > 0 && named[1].Confidence > 0:
		return c.answerTwo(named[0], named[1]), true
	case len(named) == 2:
		return c.offerPair(named[0].Intent, named[1].Intent), true
	case heard.differ.in(c.text):
		return c.compareLast(c.thread.Intent), true
	}
	return Reply{}, false
}

// compareLast offers to compare what the thread is about with the one other article that goes with it, or asks which two are meant.
func (c *turn) compareLast(intent string) Reply {
	other := c.desk.counterpart(intent)
	switch {
	case c.thread.Also != "", slices.ContainsFunc(c.thread.Seen, func(s string) bool { return other != "" && strings.HasPrefix(s, other+"/") }):
		return c.escalate(ReasonFollowup, join(c.thread.Question, c.text)) // both were shown
	case other == "":
		c.thread.Question, c.thread.Offered = c.text, nil
		return c.chat(c.words().WhichTwo)
	case c.thread.Intent == intent: // it was shown
		r := c.clarify(c.scores(other), c.text)
		r.Lead = fill(c.words().DiffersFrom, c.desk.label(other, c.lang))
		return r
	default:
		return c.offerPair(intent, other)
	}
}

// offerPair offers two articles that are compared.
func (c *turn) offerPair(one, other string) Reply {
	r := c.clarify(c.scores(one, other), c.text)
	r.Lead = c.words().ComparePair
	return r
}

// counterpart is the intent whose article and that of intent name each other first among the related ones, "" when there is none.
func (d *Desk) counterpart(intent string) string {
	nearest := func(id string) string {
		if !d.answerable(id) {
			return ""
		}
		a, _ := d.library.Article(d.classes[id].Article, "ko")
		for _, class := range d.engine.Catalogue().Classes { // in the catalogue's order: two may share an article
			if len(a.Related) > 0 && class.Article == a.Related[0] {
				return class.ID
			}
		}
		return ""
	}
	if other := nearest(intent); other != "" && nearest(other) == intent {
		return other
	}
	return ""
}

// scores are some intents with their probabilities.
func (c *turn) scores(ids ...string) []intents.Score {
	out := make([]intents.Score, len(ids))
	for i, id := range ids {
		out[i] = intents.Score{Intent: id, P: probability(c.verdict.Ranked, id)}
	}
	return out
}

// between is what stands between two things that are compared.
var between = regexp.MustCompile(`(?i)(?:이?랑|하고|[과와])\s+|\s+(?:이?랑|하고|vs\.?|and|or|or the|from)\s+|\s*[/,&+]\s*|\n`)

// leastNamed is the probability from which one side of a comparison names an article.
const leastNamed = 0.3

// namedTwo are the two articles that a comparison names, fewer when it does not. Their confidence is 0 where the engine is not sure.
func (c *turn) namedTwo(s string) []intents.Part {
	var named []intents.Part
	for _, side := range between.Split(s, maxSentences) {
		side = strings.TrimSpace(heard.difference.regexp.ReplaceAllString(side, ""))
		if side == "" {
			continue
		}
		v := c.understand(side)
		best := v.Ranked[0]
		if best.P < leastNamed || slices.ContainsFunc(named, func(n intents.Part) bool { return n.Intent == best.Intent }) {
			continue
		}
		p := intents.Part{Text: side, Intent: best.Intent}
		if v.Answer {
			p.Confidence = v.Confidence
		}
		named = append(named, p)
	}
	return named
}

// namesBest tells whether the message asks what something is, and the words of the best article's label name it: though such a
// question may be about what no article says, whoever asks it is better asked back.
func (c *turn) namesBest() bool {
	if c.thread.Escalated || !heard.definition.in(c.subject) || foreign(c.verdict) && c.verdict.Outside.P > surelyOther {
		return false
	}
	best := c.verdict.Ranked[0].Intent
	return c.desk.namedBy(c.subject) == best
}

// namedBy is the intent whose label has words of s that no other label has, "" when there is not one.
func (d *Desk) namedBy(s string) string {
	var ids, labels []string
	for _, class := range d.engine.Catalogue().Classes {
		if class.Kind == intents.Answerable {
			ids, labels = append(ids, class.ID), append(labels, class.Label.In("ko")+" "+class.Label.In("en"))
		}
	}
	if at := pickLabel(strings.ToLower(s), labels); at >= 0 {
		return ids[at]
	}
	return ""
}
