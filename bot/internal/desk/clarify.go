package desk

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"haedap/intents"
	"haedap/knowledge/text"
)

// choose handles words while a clarification is open: they pick one of what was offered, or say more, or turn to
// something else. The asker is not asked a second time, except after mere courtesy and what leaves fewer to choose from.
func (c *turn) choose() Reply {
	question := join(c.thread.Question, c.text)
	for _, read := range []func(said, question string) (Reply, bool){c.byPlace, c.byRequest, c.byDifference, c.byWords, c.byPerson, c.byYes} {
		if r, ok := read(strings.ToLower(c.text), question); ok {
			return r
		}
	}
	if c.verdict.Outside.Kind == intents.Act && dominated(c.verdict) {
		return c.meanwhile()
	}
	return c.weigh(question)
}

// byPlace reads a choice by its place in the list.
func (c *turn) byPlace(said, question string) (Reply, bool) {
	offered := c.thread.Offered
	if one, other, ok := pickTwo(said, len(offered)); ok {
		return c.bothOffered(one, other, question), true
	}
	switch at := pickPlace(said, len(offered)); {
	case at >= 0:
		return c.take(offered[at], 1, question), true
	case at == pickNone:
		return c.escalate(ReasonUnsure, question), true
	}
	if at := refusedOne(said, c.labels()); at >= 0 {
		return c.narrow(slices.Delete(slices.Clone(offered), at, at+1)), true
	}
	return Reply{}, false
}

// byRequest reads a request for a human, or a question that is clear by itself.
func (c *turn) byRequest(said, question string) (Reply, bool) {
	names := func(label string) bool { return onlyNames(said, label) } // "a person", where the picture of a person is offered
	switch {
	case c.human && !slices.ContainsFunc(c.labels(), names):
		return c.escalate(ReasonAsked, question), true
	case c.verdict.Answer && !c.denied(said):
		return c.take(c.verdict.Ranked[0].Intent, c.verdict.Confidence, question), true
	}
	return Reply{}, false
}

// denied tells whether the offer that the engine hears is the one that the words say it is not.
func (c *turn) denied(said string) bool {
	at := slices.Index(c.thread.Offered, c.verdict.Ranked[0].Intent)
	meant := pickWords(said, c.labels())
	return at >= 0 && negatedWhole(said) && meant != pickUnclear && meant != at
}

// byDifference reads a question how what is offered differs.
func (c *turn) byDifference(said, question string) (Reply, bool) {
	switch offered := c.thread.Offered; {
	case !heard.differ.in(said):
		return Reply{}, false
	case len(offered) == 1:
		return c.compareLast(offered[0]), true
	case len(offered) == 2:
		return c.bothOffered(0, 1, question), true
	default:
		return c.askAgain(offered), true
	}
}

// byWords reads a choice by the words of what was offered, or by "both" and "none".
func (c *turn) byWords(said, question string) (Reply, bool) {
	offered := c.thread.Offered
	switch at := pickWords(said, c.labels()); {
	case at >= 0 && !c.prefersOther(at):
		return c.take(offered[at], 1, question), true
	case at == pickBoth && len(offered) == 2:
		return c.bothOffered(0, 1, question), true
	case at == pickBoth:
		return c.askAgain(offered), true
	case at == pickNone && !foreign(c.verdict):
		return c.escalate(ReasonUnsure, question), true
	}
	return Reply{}, false
}

// byPerson reads whose account or number it is.
func (c *turn) byPerson(said, question string) (Reply, bool) {
	switch whose(said) {
	case otherPair:
		if id := c.desk.forOthers(c.thread.Offered); id != "" {
			return c.take(id, 1, question), true
		}
	case selfPair:
		return c.narrow(slices.DeleteFunc(slices.Clone(c.thread.Offered), c.desk.aboutOthers)), true
	}
	return Reply{}, false
}

// byYes reads a yes to the only offer, whatever is said after it, unless that is about another article.
func (c *turn) byYes(said, question string) (Reply, bool) {
	best := c.verdict.Ranked[0]
	if len(c.thread.Offered) != 1 || !heard.yes.in(said) || best.Intent != c.thread.Offered[0] && best.P >= leastSaid {
		return Reply{}, false
	}
	return c.take(c.thread.Offered[0], 1, question), true
}

// take answers with what was chosen, at the section that is asked for with the choice, or else with the question before it.
func (c *turn) take(intent string, confidence float64, question string) Reply {
	section := ""
	if text.Asks(c.text) {
		section = c.sectionFor(intent, c.text)
	}
	r := c.answer(intent, cmp.Or(section, c.sectionFor(intent, question)), confidence, question)
	if r.Decision == Answer {
		r.Lead = fill(c.words().ChosenLead, c.desk.label(intent, c.lang))
	}
	return r
}

// labels are the words that name what is offered.
func (c *turn) labels() []string {
	labels := make([]string, len(c.thread.Offered))
	for i, id := range c.thread.Offered {
		labels[i] = c.desk.label(id, "ko") + " " + c.desk.label(id, "en")
	}
	return labels
}

// prefersOther tells whether the engine clearly reads the words as another offer than the one at a place, whose label
// they share a word with.
func (c *turn) prefersOther(at int) bool {
	own := probability(c.verdict.Ranked, c.thread.Offered[at])
	for _, id := range c.thread.Offered {
		if p := probability(c.verdict.Ranked, id); p > 0.01 && p > 3*own {
			return true
		}
	}
	return false
}

// meanwhile answers courtesy and leaves the clarification open, but for those who want no more.
func (c *turn) meanwhile() Reply {
	switch id := c.verdict.Outside.ID; {
	case heard.declined.in(c.text) && (id == intents.ActAcknowledge || id == intents.ActThanks):
		c.thread.Offered = nil
		return c.chat(c.words().Acknowledge)
	case id == intents.ActAcknowledge, id == intents.ActNonsense:
		return c.askAgain(c.thread.Offered)
	default:
		return c.outside()
	}
}

// narrow offers what is left of a clarification. The only one left is taken.
func (c *turn) narrow(left []string) Reply {
	question := join(c.thread.Question, c.text)
	switch len(left) {
	case 0:
		return c.escalate(ReasonUnsure, question)
	case 1:
		return c.take(left[0], 1, question)
	default:
		return c.askAgain(left)
	}
}

// askAgain offers the same, or less, once more.
func (c *turn) askAgain(left []string) Reply {
	r := c.clarify(c.scores(left...), c.thread.Question)
	r.Lead = c.words().ClarifyAgain
	if len(left) == 1 {
		r.Lead = fill(c.words().ConfirmAgain, r.Offered[0].Label)
	}
	return r
}

// bothOffered answers two of the articles that were offered.
func (c *turn) bothOffered(one, other int, question string) Reply {
	second := c.thread.Offered[other]
	r := c.take(c.thread.Offered[one], 1, question)
	if r.Decision == Answer {
		c.add(&r, intents.Part{Text: question, Intent: second, Confidence: 1})
	}
	return r
}

// Shares that one of the offered intents must have to be taken as chosen: by the words alone, and with what was
// asked before; and the least likelihood of [speaks] by the words alone, below which they say nothing.
const (
	enoughNow   = 0.6
	enoughWhole = 0.7
	leastSaid   = 0.25
)

// weigh reads the words beside the question that led to the clarification, with the offered intents in mind.
func (c *turn) weigh(question string) Reply {
	said := afterNegation(c.text)
	both := join(c.thread.Question, said)
	now, whole := c.understand(said), c.understand(both)
	// A statement that answers the clarification may read like a topic of its own; a question or "not that, but" is one.
	if foreign(now) && (!whole.Answer || said != c.text || text.Asks(c.text)) {
		c.subject, c.verdict = said, now
		return c.giveUp(question)
	}
	if r, ok := c.goesOn(said, now, whole, question); ok {
		return r
	}
	if whole.Answer {
		c.subject, c.verdict = both, whole
		return c.take(whole.Ranked[0].Intent, whole.Confidence, question)
	}
	best, nowShare := favourite(now, c.thread.Offered)
	wholeShare := shareOf(whole, best, c.thread.Offered)
	speaksOf := len(now.Ranked) > 0 && slices.Contains(c.thread.Offered, now.Ranked[0].Intent)
	likely := speaks(now) >= leastSaid && nowShare >= enoughNow && math.Sqrt(nowShare*wholeShare) >= enoughWhole
	if speaksOf && (likely || len(c.thread.Offered) == 1 && c.sectionFor(best, said) != "") {
		return c.take(best, math.Sqrt(nowShare*wholeShare), question)
	}
	if len(now.Candidates) > 0 && !speaksOf {
		c.subject, c.verdict = said, now
		return c.clarify(now.Candidates, c.text)
	}
	return c.giveUp(question)
}

// goesOn answers who, instead of choosing, asks on about the one article that was hardly in doubt ("why?").
func (c *turn) goesOn(said string, now, whole intents.Verdict, question string) (Reply, bool) {
	if !dominated(now) || now.Outside.ID != intents.OutsideFollowups || len(whole.Ranked) == 0 || whole.Ranked[0].P < hardlyInDoubt {
		return Reply{}, false
	}
	best := whole.Ranked[0].Intent
	section, margin := c.desk.engine.Followup(best, said)
	if !slices.Contains(c.thread.Offered, best) || section == intents.NoSection || margin < leastClear {
		return Reply{}, false
	}
	return c.answer(best, section, whole.Ranked[0].P, question), true
}

// hardlyInDoubt is the probability of an intent that a clarification offers, from which its asker may go on as if it was answered.
const hardlyInDoubt = 0.9

// speaks is how likely the words of a verdict are about its best intent. That they lean on the thread says nothing against
// that: answers to a clarification do.
func speaks(v intents.Verdict) float64 {
	leaning := 0.0
	if v.Outside.ID == intents.OutsideFollowups {
		leaning = v.Outside.P
	}
	return v.Ranked[0].P / max(1-leaning, v.Ranked[0].P)
}

// giveUp hands over a question that a clarification did not make clear.
func (c *turn) giveUp(question string) Reply {
	if foreign(c.verdict) {
		c.thread.Offered = nil
		return c.outside()
	}
	return c.escalate(ReasonUnsure, question)
}

// foreign tells whether a verdict is clearly about something that no article answers.
func foreign(v intents.Verdict) bool {
	return dominated(v) && v.Outside.P > 0.9 && (v.Outside.Kind == intents.Background || v.Outside.Kind == intents.Neighbour && v.Outside.ID != intents.OutsideFollowups)
}

// favourite is the likeliest of some intents, and its share among them.
func favourite(v intents.Verdict, among []string) (best string, share float64) {
	for _, s := range v.Ranked {
		if slices.Contains(among, s.Intent) {
			return s.Intent, shareOf(v, s.Intent, among)
		}
	}
	return "", 0
}

// shareOf is the share of one intent among some.
func shareOf(v intents.Verdict, id string, among []string) float64 {
	var total float64
	for _, other := range among {
		total += probability(v.Ranked, other)
	}
	if total == 0 {
		return 0
	}
	return probability(v.Ranked, id) / total
}

// probability is that of an intent in a ranking.
func probability(ranked []intents.Score, id string) float64 {
	for _, s := range ranked {
		if s.Intent == id {
			return s.P
		}
	}
	return 0
}
