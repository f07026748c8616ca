package desk

import "cmp"

// pressed handles a button.
func (c *turn) pressed() Reply {
	if c.thread.Question != "" {
		c.classify(c.thread.Question)
	}
	switch c.msg.Action {
	case Choose:
		return c.chosen(c.msg.Intent)
	case OtherThan:
		return c.escalate(ReasonUnsure, c.thread.Question)
	case Human:
		return c.escalate(ReasonAsked, c.thread.Question)
	case Helpful:
		return c.chat(c.words().Glad)
	case Unhelpful:
		return c.escalate(ReasonUnhelpful, c.thread.Question)
	default:
		return Reply{Decision: Ignore}
	}
}

// chosen handles the button of a candidate. A second press of the same one is passed over; one of an older
// clarification is answered like any other.
func (c *turn) chosen(intent string) Reply {
	switch {
	case !c.desk.answerable(intent):
		return c.escalate(ReasonUnsure, c.thread.Question)
	case len(c.thread.Offered) == 0 && c.thread.Intent == intent:
		return Reply{Decision: Ignore}
	default:
		return c.take(intent, 1, c.thread.Question)
	}
}

// wordless handles a message that asks nothing in words.
func (c *turn) wordless() Reply {
	hangul, latin := letters(c.text)
	if c.thread.Lang == "" && latin > hangul {
		c.speak("en")
	}
	switch files := c.msg.Files || c.text != ""; {
	case c.thread.Escalated && files:
		return c.note(cmp.Or(c.text, c.words().TicketFile))
	case files:
		return c.chat(c.words().FilesHint)
	default:
		return c.chat(c.words().Empty)
	}
}
