package desk

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"haedap/intents"
	"haedap/knowledge/text"
)

// Handle decides what becomes of m in t, and gives the thread as it is afterwards. Any thread and any message will do.
func (d *Desk) Handle(t Thread, m Message) (Thread, Reply) {
	c := &turn{desk: d, thread: d.bounded(t), msg: m, text: tidy(m.Text)}
	if called, rest := calls(c.text); called {
		c.msg.Addressed, c.text = true, rest
	}
	c.lang = cmp.Or(c.thread.Lang, "ko")
	r := c.reply()
	c.thread.Turns = min(c.thread.Turns+1, maxTurns)
	r.Lang = c.lang
	if len(m.Text) > text.MaxBytes && r.Decision != Ignore {
		r.Tail = join(r.Tail, c.words().TooLongNotice)
	}
	return c.thread, r
}

// tidy makes what was written bounded and valid.
func tidy(s string) string { return strings.TrimSpace(text.Cut(strings.ToValidUTF8(s, ""))) }

// turn is one message on its way to a reply.
type turn struct {
	desk    *Desk
	thread  Thread
	msg     Message
	text    string // what was said, without the bot's name in front
	lang    string // of the reply
	subject string // what the verdict is of: what was said without courtesy, or with what was asked before
	verdict intents.Verdict
	human   bool // a human was asked for, alone or beside a question

	understood map[string]intents.Verdict // by what was read of the message so far
}

// reply is the policy's first fork: who speaks, and how.
func (c *turn) reply() Reply {
	switch {
	case c.leftToHumans():
		return Reply{Decision: Ignore}
	case c.msg.Action != NoAction:
		return c.pressed()
	case c.text == "", onlyFiles(c.text):
		return c.wordless()
	}
	c.read()
	r := c.heard()
	if r.Decision == Answer && c.human && r.Ticket == nil { // asked for both
		c.handRest(&r, intents.Part{Text: c.text, Intent: intents.ActAskHuman})
	}
	return r
}

// heard handles words.
func (c *turn) heard() Reply {
	switch {
	case c.inCrisis():
		return c.escalate(ReasonUrgent, c.text)
	case heard.threat.in(c.text) && !c.verdict.Answer && !asks(c.text):
		return c.escalate(ReasonThreat, join(c.thread.Question, c.text))
	case heard.no.in(c.text) && c.thread.fresh():
		return c.chat(c.words().HowHelp)
	case !c.thread.Escalated && (heard.opening.in(c.text) || heard.opening.in(c.subject)):
		return c.chat(c.words().GoOn)
	case len(c.thread.Offered) > 0:
		return c.choose()
	case c.acknowledges():
		return c.chat(c.words().Acknowledge)
	default:
		return c.said()
	}
}

// surelyCrisis is the probability from which a short message is taken for what people in danger write.
const surelyCrisis = 0.9

// inCrisis tells whether somebody may be in danger. Of a long message the engine finds too easily that it sounds alike.
func (c *turn) inCrisis() bool {
	o := c.verdict.Outside
	return heard.crisis.in(c.text) || o.ID == crisis && o.P > surelyCrisis && utf8.RuneCountInString(c.text) <= shortFollowup
}

// said handles words when no clarification is open.
func (c *turn) said() Reply {
	if r, ok := c.two(); ok {
		return r
	}
	if r, ok := c.compare(); ok {
		return r
	}
	if c.unsolved() {
		return c.escalate(ReasonRepeated, join(c.thread.Question, c.text))
	}
	for _, read := range []func() (Reply, bool){c.onBehalf, c.owner, c.followup} {
		if r, ok := read(); ok {
			return r
		}
	}
	v := c.verdict
	switch {
	case v.Answer && c.thread.Escalated && !text.Asks(c.text): // more detail, however much it sounds like an article
		return c.note(c.text)
	case v.Answer:
		best := v.Ranked[0].Intent
		return c.answer(best, c.sectionFor(best, c.subject), v.Confidence, c.text)
	case c.human:
		return c.escalate(ReasonAsked, join(c.thread.Question, c.text))
	case len(v.Candidates) == 0 && c.namesBest():
		return c.clarify(v.Ranked[:1], c.text)
	case dominated(v):
		return c.outside()
	case c.nextDoor():
		return c.answer(v.Ranked[0].Intent, v.Section, v.Confidence, c.text)
	case len(v.Candidates) > 0 && !c.thread.Escalated:
		return c.clarify(v.Candidates, c.text)
	default:
		return c.unsure()
	}
}

// classify makes s, which is what the message says, the subject.
func (c *turn) classify(s string) {
	c.subject = s
	if len(c.msg.Embedding) > 0 {
		c.verdict = c.desk.engine.ClassifyWith(s, c.msg.Embedding)
		return
	}
	c.verdict = c.understand(s)
}

// understand is what the words of s, a part of what is said, ask for. Many a part is looked at more than once.
func (c *turn) understand(s string) intents.Verdict {
	v, ok := c.understood[s]
	if !ok {
		v = c.desk.engine.Classify(s)
		if c.understood == nil {
			c.understood = map[string]intents.Verdict{}
		}
		c.understood[s] = v
	}
	return v
}

// dominated tells whether something that no article answers explains the message better than any article.
func dominated(v intents.Verdict) bool {
	return v.Outside.ID != "" && !v.Answer && v.Vague == "" && (len(v.Ranked) == 0 || v.Outside.P > v.Ranked[0].P)
}

// outside handles a message that is no question for an article.
func (c *turn) outside() Reply {
	o := c.verdict.Outside
	switch {
	case o.ID == intents.ActNotHelpful && c.thread.Question == "" && !c.thread.Escalated: // nothing was said that could have helped
		return c.chat(c.words().Insult)
	case o.ID == intents.ActNotHelpful:
		return c.escalate(ReasonUnhelpful, join(c.thread.Question, c.text))
	case c.thread.fresh() && o.ID == intents.ActAcknowledge && !heard.declined.in(c.text):
		return c.chat(c.words().HowHelp)
	case c.thread.Escalated && patient[o.ID]:
		return c.chat(c.words().HandWaiting)
	case c.thread.Escalated && !text.Asks(c.text):
		return c.note(c.text)
	case o.Kind == intents.Background && (!foreign(c.verdict) && c.verdict.Ranked[0].P > worthAHuman || c.oursBeside()): // rather a human than a refusal
		return c.unsure()
	case o.Kind == intents.Act, o.Kind == intents.Background:
		return c.chat(c.words().act(o, c.desk.scope[c.lang]))
	default:
		return c.unsure()
	}
}

// worthAHuman is the probability from which an article may be meant by what seems to be about something else.
const worthAHuman = 0.1

// patient are the acts of someone who waits for the human that was promised.
var patient = map[string]bool{intents.ActThanks: true, intents.ActAcknowledge: true, intents.ActGreeting: true, intents.ActFarewell: true}

// namedFrom is the probability from which a neighbour topic is named.
const namedFrom = 0.5

// unsure hands over what no article is sure to answer. After a hand-over what asks nothing is more detail for the ticket.
func (c *turn) unsure() Reply {
	topic := c.verdict.Outside
	switch {
	case c.thread.Escalated && !text.Asks(c.text):
		return c.note(c.text)
	case topic.Kind == intents.Neighbour && topic.P >= namedFrom && c.desk.label(topic.ID, c.lang) != "":
		return c.escalate(ReasonNeighbour, c.text)
	default:
		return c.escalate(ReasonUnsure, c.text)
	}
}

func (c *turn) words() Words { return In(c.lang) }
