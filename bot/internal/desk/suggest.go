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

// Suggest words a reply to a customer's message, forwarded whole. Below the threshold it suggests the best article
// all the same, marked as not sure; without any likely article there are only alternatives to look at.
func (d *Desk) Suggest(message string) Suggestion {
	c := &turn{desk: d, text: tidy(message)}
	if c.text == "" {
		return Suggestion{Lang: "ko"}
	}
	c.read()
	v := c.verdict
	ours, rest := c.halves()
	s := Suggestion{Lang: c.lang, Sure: v.Answer || len(ours) > 0, Confidence: v.Confidence, Evidence: d.engine.Explain(c.subject, v)}
	switch {
	case rest != nil:
		s.Topic = d.label(rest.Intent, c.lang)
	case v.Outside.Kind == intents.Neighbour && dominated(v):
		s.Topic = d.label(v.Outside.ID, c.lang)
	}
	s.Parts = c.suggested(ours)
	s.Text = c.mail(s.Parts)
	for _, other := range worthALook(d.candidates(v.Ranked, c.lang, maxCandidates)) {
		if len(s.Parts) == 0 || other.Intent != s.Parts[0].Intent && other.Intent != s.Parts[len(s.Parts)-1].Intent {
			s.Alternatives = append(s.Alternatives, other)
		}
	}
	return s
}

// suggested are the articles to reply with: those of the questions in a message of two, or the best one.
func (c *turn) suggested(ours []intents.Part) []Part {
	var parts []Part
	for _, p := range ours {
		part, _ := c.open(p.Intent, c.sectionFor(p.Intent, p.Text), p.Text)
		parts = append(parts, part)
	}
	v := c.verdict
	if len(parts) == 0 && len(v.Ranked) > 0 && (v.Answer || v.Ranked[0].P >= hopeless) {
		best := v.Ranked[0].Intent
		part, _ := c.open(best, c.sectionFor(best, c.subject), c.subject)
		parts = append(parts, part)
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
