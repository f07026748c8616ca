package desk

import (
	"regexp"
	"slices"
	"strings"

	"haedap/intents"
	"haedap/knowledge/text"
)

// Handle decides what becomes of m in t, and gives the thread as it is afterwards. Any thread and any message will do.
func (d *Desk) Handle(t Thread, m Message) (Thread, Reply) {
	c := &turn{desk: d, thread: d.bounded(t), msg: m, text: strings.TrimSpace(text.Cut(strings.ToValidUTF8(m.Text, "")))}
	if called, rest := calls(c.text); called {
		c.msg.Addressed, c.text = true, rest
	}
	c.lang = c.language()
	r := c.reply()
	c.thread.Turns = min(c.thread.Turns+1, maxTurns)
	r.Lang = c.lang
	return c.thread, r
}

// turn is one message on its way to a reply.
type turn struct {
	desk    *Desk
	thread  Thread
	msg     Message
	text    string          // what was said, without the bot's name in front
	lang    string          // of the reply
	verdict intents.Verdict // of what was said, once read
	human   bool            // a human was asked for, alone or beside a question
}

// reply is the policy's first fork: who speaks, and how.
func (c *turn) reply() Reply {
	switch {
	case c.leftToHumans():
		return Reply{Decision: Ignore}
	case c.msg.Action != NoAction:
		return c.pressed()
	case c.text == "":
		return c.wordless()
	}
	c.read()
	if len(c.thread.Offered) > 0 {
		return c.choose()
	}
	return c.said()
}

// leftToHumans tells whether the thread is a human's: an agent spoke in it, and nobody has called the bot since.
// An agent who calls the bot gets a reply and keeps the thread.
func (c *turn) leftToHumans() bool {
	switch {
	case c.msg.From == Agent:
		c.thread.AgentHere = true
	case c.msg.Addressed:
		c.thread.AgentHere = false
	}
	return c.thread.AgentHere && !c.msg.Addressed
}

// callPattern is the bot's name in front of a message, called as people call someone.
var callPattern = regexp.MustCompile(`(?i)^\s*(?:@\s*(?:해답\s*봇|해답|챗봇|봇|haedap|bot)(?:아|야|님|씨|한테|에게)?|(?:해답\s*봇|해답|챗봇|봇)(?:아|야|님|씨)|(?:haedap|bot)\s*[,:])[\s,.:!~]+`)

// calls tells whether s starts by calling the bot, and what comes after.
func calls(s string) (called bool, rest string) {
	at := callPattern.FindStringIndex(s + " ")
	if at == nil {
		return false, s
	}
	return true, strings.TrimSpace(s[min(at[1], len(s)):])
}

// language is that of the message, or of the thread when the message has too few letters to tell.
func (c *turn) language() string {
	lang := text.Lang(c.text)
	hangul, latin := letters(c.text)
	if c.thread.Lang != "" && hangul == 0 && latin < 8 {
		lang = c.thread.Lang
	}
	c.thread.Lang = lang
	return lang
}

// letters counts the Hangul and the other letters of s.
func letters(s string) (hangul, other int) {
	for _, r := range s {
		switch {
		case r >= 'ㄱ' && r <= 'ㆎ', r >= '가' && r <= '힣':
			hangul++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			other++
		}
	}
	return hangul, other
}

// pressed handles a button.
func (c *turn) pressed() Reply {
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
	if !c.desk.answerable(intent) {
		return c.escalate(ReasonUnsure, c.thread.Question)
	}
	if len(c.thread.Offered) == 0 && c.thread.Intent == intent {
		return Reply{Decision: Ignore}
	}
	c.verdict = c.desk.engine.Classify(c.thread.Question)
	return c.answer(intent, c.sectionFor(intent, c.thread.Question, c.verdict), 1, c.thread.Question)
}

// wordless handles a message without text.
func (c *turn) wordless() Reply {
	switch {
	case c.thread.Escalated && c.msg.Files:
		return c.note("")
	case c.msg.Files:
		return c.chat(c.words().FilesHint)
	default:
		return c.chat(c.words().Empty)
	}
}

// said handles words when no clarification is open.
func (c *turn) said() Reply {
	v := c.verdict
	if r, ok := c.two(); ok {
		return r
	}
	if c.thread.Intent != "" {
		if r, ok := c.followup(); ok {
			return r
		}
	}
	switch {
	case v.Answer:
		return c.answer(v.Ranked[0].Intent, v.Section, v.Confidence, c.text)
	case c.human:
		return c.escalate(ReasonAsked, join(c.thread.Question, c.text))
	case dominated(v):
		return c.outside()
	case len(v.Candidates) >= 2 && !c.thread.Escalated:
		return c.clarify(v.Candidates, c.text)
	default:
		return c.unsure()
	}
}

// dominated tells whether something that no article answers explains the message better than any article.
func dominated(v intents.Verdict) bool {
	return v.Outside.ID != "" && !v.Answer && (len(v.Ranked) == 0 || v.Outside.P > v.Ranked[0].P)
}

// outside handles a message that is no question for an article.
func (c *turn) outside() Reply {
	o := c.verdict.Outside
	switch {
	case o.ID == intents.ActNotHelpful && (c.thread.Intent != "" || c.thread.Escalated):
		return c.escalate(ReasonUnhelpful, join(c.thread.Question, c.text))
	case o.Kind == intents.Act && o.ID != intents.ActNotHelpful, o.Kind == intents.Background:
		return c.chat(c.words().act(o, c.desk.scope[c.lang]))
	default:
		return c.unsure()
	}
}

// unsure hands over what no article is sure to answer. After a hand-over it is more detail for the ticket.
func (c *turn) unsure() Reply {
	topic := c.verdict.Outside
	neighbour := topic.Kind == intents.Neighbour && c.desk.label(topic.ID, c.lang) != "" && dominated(c.verdict)
	switch {
	case neighbour:
		return c.escalate(ReasonNeighbour, c.text)
	case c.thread.Escalated:
		return c.note(c.text)
	default:
		return c.escalate(ReasonUnsure, c.text)
	}
}

// two answers a message that asks two things: what is ours in the order asked, and hands the rest over.
func (c *turn) two() (Reply, bool) {
	var ours []intents.Part
	var rest *intents.Part
	for i, p := range c.verdict.Parts {
		switch {
		case !c.desk.answerable(p.Intent):
			rest = &c.verdict.Parts[i]
		case !slices.ContainsFunc(ours, func(o intents.Part) bool { return o.Intent == p.Intent && o.Section == p.Section }):
			ours = append(ours, p)
		}
	}
	if len(ours) == 0 || len(ours) == 1 && rest == nil {
		return Reply{}, false
	}
	r := c.answer(ours[0].Intent, ours[0].Section, ours[0].Confidence, c.text)
	if r.Decision != Answer {
		return r, true
	}
	if len(ours) == 2 {
		c.add(&r, ours[1])
	}
	if rest != nil {
		c.handRest(&r, *rest)
	}
	return r, true
}

// add puts the answer to a second question under the first.
func (c *turn) add(r *Reply, p intents.Part) {
	part := c.desk.part(p.Intent, p.Section, c.lang)
	r.Lead = c.words().TwoLead
	r.Parts = append(r.Parts, part)
	r.Confidence = min(r.Confidence, p.Confidence)
	if p.Intent != c.thread.Intent {
		c.thread.Also = c.thread.Intent
	}
	c.thread.Intent, c.thread.Section = p.Intent, part.Section
	c.thread.show(p.Intent, part.Section)
}

// handRest opens a ticket for the half of a message that no article answers.
func (c *turn) handRest(r *Reply, p intents.Part) {
	topic := c.desk.label(p.Intent, c.lang)
	r.Tail = c.words().rest(topic, c.desk.cfg.Hours)
	if c.thread.Escalated {
		r.Append = cut(p.Text, maxQuestion)
		return
	}
	c.thread.Escalated = true
	r.Ticket = &Ticket{Reason: ReasonNeighbour, Question: cut(p.Text, maxQuestion), Topic: topic}
}

func (c *turn) words() Words { return In(c.lang) }
