package desk

import (
	"strings"

	"haedap/intents"
	"haedap/knowledge"
)

// Suggestion is a reply for an agent to check and send to a customer.
type Suggestion struct {
	Lang         string             `json:"lang"`
	Sure         bool               `json:"sure"` // the desk itself would answer so
	Confidence   float64            `json:"confidence"`
	Parts        []Part             `json:"parts,omitempty"`        // the articles that the text is made from; none when nothing fits
	Text         string             `json:"text,omitempty"`         // plain, ready to send
	Alternatives []Candidate        `json:"alternatives,omitempty"` // best first, without those in Parts
	Topic        string             `json:"topic,omitempty"`        // label of the topic without an article that it looks like
	Evidence     []intents.Evidence `json:"evidence,omitempty"`
}

// hopeless is the probability below which the best article is not worth an agent's look.
const hopeless = 0.02

// Suggest words a reply to a customer's message, forwarded whole. Below the threshold it suggests the best article
// all the same, marked as not sure; without any likely article there are only alternatives to look at.
func (d *Desk) Suggest(message string) Suggestion {
	c := &turn{desk: d, text: tidy(message)}
	if c.text == "" {
		return Suggestion{Lang: "ko"}
	}
	c.read()
	v := c.verdict
	s := Suggestion{Lang: c.lang, Sure: v.Answer, Confidence: v.Confidence}
	s.Evidence = d.engine.Explain(c.subject, v)
	if v.Outside.Kind == intents.Neighbour && dominated(v) {
		s.Topic = d.label(v.Outside.ID, c.lang)
	}
	s.Parts = c.suggested()
	s.Text = c.mail(s.Parts)
	for _, other := range d.candidates(v.Ranked, c.lang, maxCandidates) {
		if len(s.Parts) == 0 || other.Intent != s.Parts[0].Intent && other.Intent != s.Parts[len(s.Parts)-1].Intent {
			s.Alternatives = append(s.Alternatives, other)
		}
	}
	return s
}

// suggested are the articles to reply with: those of two questions, or the best one.
func (c *turn) suggested() []Part {
	var parts []Part
	for _, p := range c.verdict.Parts {
		if c.desk.answerable(p.Intent) {
			parts = append(parts, c.desk.part(p.Intent, c.sectionFor(p.Intent, p.Text), c.lang))
		}
	}
	if len(parts) == 0 && len(c.verdict.Ranked) > 0 && (c.verdict.Answer || c.verdict.Ranked[0].P >= hopeless) {
		best := c.verdict.Ranked[0].Intent
		p := c.desk.part(best, c.sectionFor(best, c.subject), c.lang)
		if !asks(c.subject) {
			c.desk.widen(&p, c.lang)
		}
		parts = append(parts, p)
	}
	return parts
}

// mail words a reply that a customer can be sent as it is, "" without an article.
func (c *turn) mail(parts []Part) string {
	if len(parts) == 0 {
		return ""
	}
	w := c.words()
	blocks := []string{w.MailOpening}
	if len(parts) > 1 {
		blocks = append(blocks, w.MailTwo)
	}
	for _, p := range parts {
		blocks = append(blocks, knowledge.Plain(p.Shown))
		if p.URL != "" {
			blocks = append(blocks, fill(w.MailLink, p.URL))
		}
	}
	return strings.Join(append(blocks, w.MailClosing), "\n\n")
}
