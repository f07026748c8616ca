// Package desk is the policy: (thread, message) → reply.
//
// It is pure: no clock, no I/O, no Slack. The same thread and message give the same
// reply. What it says to people stands in words.go, in Korean and English; article text is
// taken from package knowledge unchanged. What people write is quoted in tickets and evidence,
// never in what the asker is told, so it can neither ping anyone nor alter a fact.
//
// [Desk.Handle] asks, in this order, and the first yes decides:
//
//   - Is it for humans? An agent speaks, or spoke here and nobody called the bot since: ignore.
//   - Is a button pressed, or nothing said? Is something only announced, or a promise to do as was answered?
//   - May somebody be in danger, or are legal steps announced? A human.
//   - Is a clarification open? The words pick an offer, confirm the only one, refuse all, or say more.
//   - Are two things asked? Both are answered; a half that is not ours goes to a human. Is it asked how two differ? Both are shown or offered.
//   - Does it lean on the article that was answered last? A section of that, or a human.
//   - Is the engine sure? The article, unless the same was asked before.
//   - Is a human asked for? (Beside a question that was answered: both.) Is it courtesy, or about something else? Are one to three articles likely?
//   - Else a human takes over.
//
// A [Thread] is all that is kept between messages. It stays below 16 KiB, whatever people write,
// and a damaged one, or one made for another catalogue, is mended rather than refused. A thread
// has one ticket: what the asker adds after it was opened comes as [Reply.Append].
package desk

import "haedap/intents"

// Decision is what the desk does with a message.
type Decision string

// The five decisions.
const (
	Answer   Decision = "answer"
	Clarify  Decision = "clarify"
	Escalate Decision = "escalate"
	Chat     Decision = "chat"
	Ignore   Decision = "ignore"
)

// Speaker is who wrote a message.
type Speaker string

// The speakers that the desk tells apart.
const (
	Asker Speaker = "customer" // who opened the thread
	Agent Speaker = "agent"    // any other person in it
)

// Action is a button that was pressed instead of words.
type Action string

// The buttons under a reply.
const (
	NoAction  Action = ""
	Choose    Action = "choose"    // one of the candidates; Message.Intent says which
	OtherThan Action = "other"     // "다른 문제예요"
	Human     Action = "human"     // "상담원 연결"
	Helpful   Action = "helpful"   // "도움이 됐어요"
	Unhelpful Action = "unhelpful" // "안 됐어요"
)

// Message is one thing that a person said or pressed.
type Message struct {
	From      Speaker
	Text      string // masked, plain (no Slack markup)
	Addressed bool   // the bot was mentioned, or this is a direct message or a button; wakes a bot that stepped back
	Action    Action
	Intent    string // for Choose
	Files     bool   // carries files; with empty Text the asker is asked for words
	// Embedding says what Text means, as [intents.Engine.ClassifyWith] reads it. Whoever hands the message in has asked for it,
	// because the desk waits for nothing; nil when it did not come in time.
	Embedding []float32 `json:"-"`
}

// Thread is what the desk remembers of a thread. Its size is bounded; it is stored as JSON.
type Thread struct {
	Lang      string   `json:"lang,omitempty"`
	Intent    string   `json:"intent,omitempty"`     // last answered
	Section   string   `json:"section,omitempty"`    // last shown
	Offered   []string `json:"offered,omitempty"`    // intents of an open clarification
	Question  string   `json:"question,omitempty"`   // the question that an open clarification or the last answer stands on
	Also      string   `json:"also,omitempty"`       // the other intent of an answer to two questions
	Seen      []string `json:"seen,omitempty"`       // what was shown, as "intent/section", latest last; as often as it was shown
	Asked     []string `json:"asked,omitempty"`      // questions that were answered, latest last
	Escalated bool     `json:"escalated,omitempty"`  // a ticket is open
	Noted     bool     `json:"noted,omitempty"`      // the asker was told that what they add reaches the ticket
	AgentHere bool     `json:"agent_here,omitempty"` // a human took over; the bot is silent until addressed
	Turns     int      `json:"turns,omitempty"`
}

// Reply is what the desk says. Doors (Slack, page, terminal) render it.
type Reply struct {
	Decision   Decision           `json:"decision"`
	Lang       string             `json:"lang"`
	Confidence float64            `json:"confidence"`
	Lead       string             `json:"lead,omitempty"`       // the desk's own words, before everything else
	Tail       string             `json:"tail,omitempty"`       // the desk's own words, after everything else
	Parts      []Part             `json:"parts,omitempty"`      // answered articles, in the order asked
	Offered    []Candidate        `json:"offered,omitempty"`    // for Clarify: a button each
	Candidates []Candidate        `json:"candidates,omitempty"` // best first, for every decision
	Ticket     *Ticket            `json:"ticket,omitempty"`     // to open; with Answer too, when half of a message goes to a human
	Append     string             `json:"append,omitempty"`     // words of the asker to add to the thread's open ticket
	Evidence   []intents.Evidence `json:"evidence,omitempty"`
}

// Part is one article as shown in a reply.
type Part struct {
	Intent  string `json:"intent"`
	Article string `json:"article"`
	Section string `json:"section"`
	Title   string `json:"title"`
	Shown   string `json:"shown"`  // Markdown: lead and the section that answers
	Folded  string `json:"folded"` // Markdown: the other sections with their headings
	Source  string `json:"source"` // name of the source and when it was checked
	URL     string `json:"url"`
}

// Candidate is an intent that the question may mean.
type Candidate struct {
	Intent string  `json:"intent"`
	Label  string  `json:"label"`
	Score  float64 `json:"score"`
}

// Ticket is what a human needs to take over.
type Ticket struct {
	Reason     string      `json:"reason"` // a word of reasons.go
	Question   string      `json:"question"`
	Topic      string      `json:"topic,omitempty"` // label of the neighbour topic, when one is named
	Candidates []Candidate `json:"candidates,omitempty"`
}
