package desk

import (
	"slices"

	"haedap/intents"
	"haedap/knowledge/text"
)

// answer shows an intent's article at a section ("" for its primary one); question is what the thread then stands
// on. An asker who asks the same again was not helped by it.
func (c *turn) answer(intent, section string, confidence float64, question string) Reply {
	p, shown := c.open(intent, section, question)
	if c.msg.From != Agent && c.again(intent, p.Section) {
		return c.escalate(ReasonRepeated, join(c.thread.Question, c.text))
	}
	lead := c.words().AnswerLead
	if intent == c.thread.Intent {
		lead = c.words().FollowupLead
	}
	c.thread.Intent, c.thread.Section, c.thread.Also = intent, p.Section, ""
	c.thread.Offered = nil
	c.thread.Question = cut(question, maxQuestion)
	c.thread.ask(c.text)
	c.thread.show(intent, p.Section)
	for _, s := range shown {
		if c.thread.shown(intent, s) == 0 {
			c.thread.show(intent, s)
		}
	}
	r := c.base(Answer)
	r.Lead, r.Parts, r.Confidence = lead, []Part{p}, confidence
	r.Candidates = first(r.Candidates, Candidate{Intent: intent, Label: c.desk.label(intent, c.lang), Score: confidence})
	return r
}

// open shows an intent's article at a section, or at all those that the question asks for, in the order asked. Who only tells what
// happened sees the primary section too: it says what to do about it.
func (c *turn) open(intent, section, question string) (p Part, shown []string) {
	p = c.desk.part(intent, section, c.lang)
	switch {
	case text.Asks(question):
		shown = c.sectionsAsked(intent, question)
		if len(shown) > 0 && !slices.Contains(shown, p.Section) {
			shown = append([]string{p.Section}, shown...)
		}
	case intent != c.thread.Intent:
		if a, ok := c.desk.library.Article(p.Article, c.lang); ok {
			shown = slices.DeleteFunc(ids(a), func(id string) bool { return id != a.Primary && id != p.Section })
		}
	}
	c.desk.widen(&p, c.lang, shown)
	return p, shown
}

// first puts the candidate that was answered, by whatever way, in front of the others.
func first(candidates []Candidate, answered Candidate) []Candidate {
	if len(candidates) > 0 && candidates[0].Intent == answered.Intent {
		return candidates
	}
	others := slices.DeleteFunc(candidates, func(o Candidate) bool { return o.Intent == answered.Intent })
	return append([]Candidate{answered}, others[:min(len(others), maxCandidates-1)]...)
}

// clarify asks which of a few articles is meant, or whether the only likely one is.
func (c *turn) clarify(offered []intents.Score, question string) Reply {
	r := c.base(Clarify)
	r.Offered = c.desk.candidates(offered, c.lang, maxOffered)
	r.Lead = c.words().ClarifyAsk
	if len(r.Offered) == 1 {
		r.Lead = fill(c.words().ConfirmAsk, r.Offered[0].Label)
	}
	r.Candidates = r.Offered
	c.thread.Offered = nil
	for _, o := range r.Offered {
		c.thread.Offered = append(c.thread.Offered, o.Intent)
	}
	c.thread.Question = cut(question, maxQuestion)
	return r
}

// escalate hands the thread to a human. The first time opens a ticket; later ones add to it. An agent, who is the
// human, is told that there is nothing.
func (c *turn) escalate(reason, question string) Reply {
	if c.msg.From == Agent && reason != ReasonAsked {
		return c.chat(c.words().SuggestNone)
	}
	r := c.base(Escalate)
	c.thread.Offered = nil
	if c.thread.Escalated {
		r.Append = cut(c.text, maxQuestion)
		r.Lead = c.words().HandAlready
		switch {
		case reason == ReasonUrgent:
			r.Lead, r.Append = c.words().HandUrgent, c.words().TicketUrgent+" "+r.Append
		case adds[reason]:
			r.Lead = c.words().HandAdded
		}
		return r
	}
	c.thread.Escalated = true
	t := &Ticket{Reason: reason, Question: cut(question, maxQuestion), Candidates: worthALook(r.Candidates)}
	if reason == ReasonNeighbour {
		t.Topic = c.desk.label(c.verdict.Outside.ID, c.lang)
	}
	r.Ticket = t
	r.Lead = c.words().handOver(reason, c.desk.cfg.Hours)
	return r
}

// adds are the reasons that bring something new to an open ticket.
var adds = map[string]bool{ReasonUnsure: true, ReasonNeighbour: true, ReasonFollowup: true, ReasonThreat: true}

// note adds what the asker tells after a hand-over to the ticket, and says so once.
func (c *turn) note(words string) Reply {
	r := c.base(Ignore)
	r.Append = cut(words, maxQuestion)
	if !c.thread.Noted {
		c.thread.Noted = true
		r.Decision, r.Lead = Chat, c.words().HandAdded
	}
	return r
}

// chat says one short line.
func (c *turn) chat(line string) Reply {
	r := c.base(Chat)
	r.Lead = line
	return r
}

// base is a reply with what the engine thinks of the message.
func (c *turn) base(decision Decision) Reply {
	r := Reply{
		Decision:   decision,
		Confidence: c.verdict.Confidence,
		Candidates: c.desk.candidates(c.verdict.Ranked, c.lang, maxCandidates),
	}
	if c.subject != "" {
		r.Evidence = c.desk.engine.Explain(c.subject, c.verdict)
	}
	return r
}
