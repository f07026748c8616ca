package desk

import (
	"slices"
	"strings"

	"haedap/intents"
	"haedap/knowledge/text"
)

// two answers a message that asks two things: what is ours in the order asked; the rest goes to a human.
func (c *turn) two() (r Reply, ok bool) {
	ours, rest := c.halves()
	if len(ours) == 0 || len(ours) == 1 && rest == nil {
		return Reply{}, false
	}
	if len(ours) == 2 {
		r = c.answerTwo(ours[0], ours[1])
	} else {
		r = c.answerPart(ours[0])
	}
	if rest != nil && r.Decision == Answer {
		c.handRest(&r, *rest)
	}
	return r, true
}

func (c *turn) answerPart(p intents.Part) Reply {
	return c.answer(p.Intent, c.sectionFor(p.Intent, p.Text), p.Confidence, c.text)
}

// answerTwo answers one question and under it another.
func (c *turn) answerTwo(one, other intents.Part) Reply {
	r := c.answerPart(one)
	if r.Decision == Answer {
		c.add(&r, other)
		r.Candidates = c.desk.candidates(c.verdict.Ranked, c.lang, maxCandidates) // those of the whole message, best first
	}
	return r
}

// halves sorts the two parts of a message into those that articles answer, each once, and the rest: one for a human, or about
// another service. Courtesy is neither.
func (c *turn) halves() (ours []intents.Part, rest *intents.Part) {
	parts := c.verdict.Parts
	if len(parts) == 0 {
		parts = c.parted()
	}
	for i, p := range parts {
		class, known := c.desk.classes[p.Intent]
		switch {
		case !known, class.Kind == intents.Neighbour, class.Kind == intents.Background, p.Intent == intents.ActAskHuman:
			rest = &parts[i]
		case class.Kind != intents.Answerable:
		case !slices.ContainsFunc(ours, func(o intents.Part) bool { return o.Intent == p.Intent && o.Section == p.Section }):
			ours = append(ours, p)
		}
	}
	return ours, rest
}

// maxPlaces is at how many places a message is tried to be two questions.
const maxPlaces = 3

// parted finds two questions where the engine is not sure enough to part them: an article surely answers one, and another
// article surely answers the other, or it is clearly a topic that none answers.
func (c *turn) parted() []intents.Part {
	cuts := c.cuts()
	for _, cut := range cuts[:min(len(cuts), maxPlaces)] {
		a, b := c.understand(cut.one), c.understand(cut.other)
		both := a.Answer && b.Answer && a.Ranked[0].Intent != b.Ranked[0].Intent && text.Asks(cut.one)
		if both || a.Answer && (cut.leaves(b) || cut.elsewhere(b)) || b.Answer && (cut.leaves(a) || cut.elsewhere(a)) {
			return []intents.Part{half(cut.one, a), half(cut.other, b)}
		}
	}
	return nil
}

// twofold is a message cut in two that both ask.
type twofold struct {
	one, other string
	strange    float64 // probability from which a side may be a topic without an article
	listed     bool    // the sides are of equal rank: sentences that ask, or things in a list
}

// How likely such a topic must be, by how the two sides are joined.
const (
	strangeSentence = 0.85 // each is a sentence
	strangeJoined   = 0.5  // by a word for joining two things asked
	strangeClause   = 1    // by anything else: half a sentence reads strange too easily
	strangeListed   = 0.7  // the same of something else than our service, in a list
)

// cuts are the places to cut the message at: between sentences that ask, or else between clauses that do.
func (c *turn) cuts() []twofold {
	var out []twofold
	all := sentences(c.text)
	for at := 1; at < len(all); at++ {
		one, other := strings.Join(all[:at], " "), strings.Join(all[at:], " ")
		switch {
		case !text.Asks(other):
		case heard.further.in(other):
			out = append(out, twofold{one, withoutAnd(other), strangeJoined, true})
		case text.Asks(all[at-1]):
			out = append(out, twofold{one, withoutAnd(other), strangeSentence, true})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, at := range text.Clauses(c.text) {
		one, other := strings.TrimSpace(c.text[:at]), strings.TrimSpace(c.text[at:])
		switch asks := text.Asks(other); {
		case asks && (heard.joins.in(one) || heard.asksOn.in(other)), heard.also.in(other):
			out = append(out, twofold{one, withoutAnd(other), strangeJoined, true})
		case heard.lists.in(one) && !heard.withSomeone.in(one):
			out = append(out, twofold{one, other, strangeClause, true})
		case asks && text.Asks(one):
			out = append(out, twofold{one, other, strangeClause, false})
		}
	}
	return out
}

// withoutAnd takes off the word that goes on to another matter.
func withoutAnd(s string) string {
	return strings.TrimPrefix(s, strings.Join(heard.goesOn.find(s), ""))
}

// leaves tells whether a verdict of one side leaves it to a human: it is clearly a topic of the same service that no article answers.
func (t twofold) leaves(v intents.Verdict) bool {
	return dominated(v) && v.Outside.Kind == intents.Neighbour && v.Outside.ID != intents.OutsideFollowups && v.Outside.P > t.strange
}

// elsewhere tells whether one side is clearly about something else than the service that articles are about. Only sides of
// equal rank are: else another company may be what the question is about.
func (t twofold) elsewhere(v intents.Verdict) bool {
	return t.listed && dominated(v) && v.Outside.Kind == intents.Background && v.Outside.ID != misuse && v.Outside.P > strangeListed
}

// oursBeside tells whether a message about something else may ask about our service as well.
func (c *turn) oursBeside() bool {
	cuts := c.cuts()
	for _, cut := range cuts[:min(len(cuts), maxPlaces)] {
		a, b := c.understand(cut.one), c.understand(cut.other)
		if cut.elsewhere(a) && mayBeOurs(b) || cut.elsewhere(b) && mayBeOurs(a) {
			return true
		}
	}
	return false
}

func mayBeOurs(v intents.Verdict) bool { return v.Answer || len(v.Candidates) > 0 }

// half makes a part of a sentence that was read alone.
func half(s string, v intents.Verdict) intents.Part {
	if v.Answer {
		return intents.Part{Text: s, Intent: v.Ranked[0].Intent, Section: v.Section, Confidence: v.Confidence}
	}
	return intents.Part{Text: s, Intent: v.Outside.ID, Confidence: v.Outside.P}
}

// add puts the answer to a second question under the first.
func (c *turn) add(r *Reply, p intents.Part) {
	part := c.desk.part(p.Intent, c.sectionFor(p.Intent, p.Text), c.lang)
	r.Lead = c.words().TwoLead
	r.Parts = append(r.Parts, part)
	r.Confidence = min(r.Confidence, p.Confidence)
	if p.Intent != c.thread.Intent {
		c.thread.Also = c.thread.Intent
	}
	c.thread.Intent, c.thread.Section = p.Intent, part.Section
	c.thread.show(p.Intent, part.Section)
}

// handRest opens a ticket for the half of a message that no article answers, or adds it to an open one. Of what is not our
// business it only says so.
func (c *turn) handRest(r *Reply, p intents.Part) {
	reason, topic, line := ReasonUnsure, "", c.words().Rest
	switch class := c.desk.classes[p.Intent]; {
	case class != nil && class.Kind == intents.Background: // no human of ours can help with that
		r.Tail = c.words().RestElsewhere
		return
	case p.Intent == intents.ActAskHuman:
		reason, line = ReasonAsked, c.words().RestAsked
	case class != nil:
		reason, topic = ReasonNeighbour, class.Label.In(c.lang)
	}
	r.Tail = c.words().when(line, c.desk.cfg.Hours)
	if c.thread.Escalated {
		r.Append = cut(p.Text, maxQuestion)
		return
	}
	c.thread.Escalated = true
	r.Ticket = &Ticket{Reason: reason, Question: cut(p.Text, maxQuestion), Topic: topic}
}
