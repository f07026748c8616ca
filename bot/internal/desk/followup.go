package desk

import (
	"unicode/utf8"

	"haedap/intents"
)

// shortFollowup is how many letters a message may have to be read as one that leans on what was said before.
const shortFollowup = 40

// followup reads a message as a question about the article that was answered last. ok is false when it stands on its own.
func (c *turn) followup() (r Reply, ok bool) {
	if !c.leans() {
		return Reply{}, false
	}
	intent, section, margin := c.about()
	switch {
	case section == "" || margin <= 0:
		return Reply{}, false
	case section == intents.NoSection:
		return c.escalate(ReasonFollowup, join(c.thread.Question, c.text)), true
	default:
		return c.answer(intent, section, c.verdict.Confidence, c.text), true
	}
}

// leans tells whether the message says too little to stand on its own.
func (c *turn) leans() bool {
	v := c.verdict
	if v.Answer || v.Outside.Kind == intents.Act && dominated(v) {
		return false
	}
	return v.Outside.ID == intents.OutsideFollowups && dominated(v) || utf8.RuneCountInString(c.text) <= shortFollowup && !dominated(v)
}

// about finds which of the articles answered last the message is about, and its section.
func (c *turn) about() (intent, section string, margin float64) {
	intent = c.thread.Intent
	section, margin = c.desk.engine.Followup(intent, c.text)
	if also := c.thread.Also; also != "" {
		if s, m := c.desk.engine.Followup(also, c.text); m > margin {
			return also, s, m
		}
	}
	return intent, section, margin
}

// sectionFor picks the section of intent's article for a question that the engine may have read otherwise.
func (c *turn) sectionFor(intent, question string, v intents.Verdict) string {
	if len(v.Ranked) > 0 && v.Ranked[0].Intent == intent {
		return v.Section
	}
	section, margin := c.desk.engine.Followup(intent, question)
	if section == intents.NoSection || margin <= 0 {
		return ""
	}
	return section
}
