package desk

import (
	"cmp"
	"slices"
	"strings"

	"haedap/intents"
)

// What stands for oneself, and for people one knows, in [pairs].
const (
	selfPair  = "<self>"
	otherPair = "<other>"
)

// whose tells whom a message that says only whose something is means: [selfPair], [otherPair], or "" for any other message.
func whose(s string) string {
	s, said := afterNegation(strings.ToLower(s)), ""
	for _, word := range words(s) {
		switch {
		case heard.other.in(word): // "my friend" is about the friend
			said = otherPair
		case heard.self.in(word):
			said = cmp.Or(said, selfPair)
		case !heard.owned.in(word):
			return ""
		}
	}
	if said != "" && negatedWhole(s) {
		return map[string]string{selfPair: otherPair, otherPair: selfPair}[said]
	}
	return said
}

// forOthers finds the intent of those who ask for somebody else: one that is offered, or that a vague class puts beside
// what is offered; "" when there is none.
func (d *Desk) forOthers(offered []string) string {
	if at := slices.IndexFunc(offered, d.aboutOthers); at >= 0 {
		return offered[at]
	}
	for _, vague := range d.engine.Catalogue().Classes {
		at := slices.IndexFunc(vague.Between, d.aboutOthers)
		if at >= 0 && !slices.ContainsFunc(vague.Between, func(id string) bool { return id != vague.Between[at] && !slices.Contains(offered, id) }) {
			return vague.Between[at]
		}
	}
	return ""
}

// onBehalf reads a short question whether one may ask in the place of somebody one knows. What they were restricted in the thread
// says; where it does not, the asker is asked.
func (c *turn) onBehalf() (r Reply, ok bool) {
	best := c.verdict.Ranked[0]
	switch {
	case c.verdict.Answer, c.thread.Escalated, c.human, foreign(c.verdict), !heard.behalf.in(c.subject):
		return Reply{}, false
	case !c.desk.aboutOthers(best.Intent), !slices.ContainsFunc(words(c.subject), heard.other.in):
		return Reply{}, false
	case c.related(best.Intent):
		section, margin := c.desk.engine.Followup(best.Intent, c.subject)
		return c.answer(best.Intent, section, likelihood(margin), c.text), true
	default:
		return c.clarify([]intents.Score{best}, c.text), true
	}
}

// owner reads a message that only says whose account the answered article is about: the article for others is the one for theirs.
func (c *turn) owner() (r Reply, ok bool) {
	if c.thread.Intent == "" || c.thread.Escalated || c.verdict.Answer {
		return Reply{}, false
	}
	switch whose(c.text) {
	case selfPair:
		return c.chat(c.words().Acknowledge), true
	case otherPair:
		for _, class := range c.desk.engine.Catalogue().Classes {
			if class.Kind == intents.Answerable && c.desk.aboutOthers(class.ID) && c.related(class.ID) {
				return c.answer(class.ID, "", 1, c.text), true
			}
		}
	}
	return Reply{}, false
}

// aboutOthers tells whether an intent's label names people whom the asker knows, and not the asker.
func (d *Desk) aboutOthers(id string) bool {
	said := pairs(d.label(id, "ko"))
	return said[otherPair] && !said[selfPair]
}
