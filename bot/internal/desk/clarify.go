package desk

import "haedap/intents"

// choose handles words while a clarification is open.
func (c *turn) choose() Reply {
	v := c.verdict
	switch {
	case c.human:
		return c.escalate(ReasonAsked, join(c.thread.Question, c.text))
	case v.Answer:
		return c.answer(v.Ranked[0].Intent, v.Section, v.Confidence, join(c.thread.Question, c.text))
	}
	both := join(c.thread.Question, c.text)
	if combined := c.desk.engine.Classify(both); combined.Answer {
		c.verdict = combined
		return c.answer(combined.Ranked[0].Intent, combined.Section, combined.Confidence, both)
	}
	if v.Outside.Kind == intents.Act && dominated(v) {
		return c.outside()
	}
	return c.escalate(ReasonUnsure, both)
}
