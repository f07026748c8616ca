package desk

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"haedap/intents"
	"haedap/knowledge/text"
)

// read asks the engine about the message. A wish for a human is taken off and remembered. When the engine does not know
// enough, greetings, thanks and the like are taken off too and what remains is asked again, so that politeness never hides a question.
func (c *turn) read() {
	c.classify(c.text)
	c.speak(c.verdict.Lang)
	c.human = c.wantsHuman(c.verdict)
	if rest := c.besideHuman(); rest != "" {
		c.human = true
		if text.Asks(rest) { // who only tells what happened wants the human for that
			c.classify(rest)
		}
	}
	if c.verdict.Answer || len(c.verdict.Parts) > 0 {
		return
	}
	if core := c.withoutCourtesy(); core != "" && core != c.text {
		c.classify(core)
		c.human = c.human || c.wantsHuman(c.verdict)
	}
}

// is tells whether a verdict reads the message as one act more than anything else.
func is(v intents.Verdict, act string) bool {
	return v.Outside.Kind == intents.Act && v.Outside.ID == act && dominated(v)
}

// wantsHuman tells whether a verdict reads as asking for a human. An agent who forwards a mail does not ask for what its
// writer asks for.
func (c *turn) wantsHuman(v intents.Verdict) bool {
	return is(v, intents.ActAskHuman) && !heard.nobody.in(c.text) && (c.msg.From != Agent || len(sentences(c.text)) == 1)
}

// longestWish is how many letters such a wish may have.
const longestWish = 40

// besideHuman is what a message says besides wishing for a human, "" when it wishes for none or says nothing else.
func (c *turn) besideHuman() string {
	if c.human || c.msg.From == Agent || !heard.human.in(c.text) {
		return ""
	}
	var kept []string
	found := false
	for _, s := range sentences(c.text) {
		rest, asks := c.withoutHuman(s)
		found = found || asks
		if rest != "" {
			kept = append(kept, rest)
		}
	}
	if !found {
		return ""
	}
	return strings.Join(kept, " ")
}

// withoutHuman takes a wish for a human off a sentence: all of it, or a clause at its end or its beginning.
func (c *turn) withoutHuman(s string) (rest string, found bool) {
	if !heard.human.in(s) || heard.nobody.in(s) {
		return s, false
	}
	wish := func(s string) bool {
		return utf8.RuneCountInString(s) <= longestWish && heard.human.in(s) && is(c.understand(s), intents.ActAskHuman)
	}
	if wish(s) {
		return "", true
	}
	places := text.Clauses(s)
	for _, at := range places[max(0, len(places)-maxPlaces):] {
		one, other := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at:])
		switch {
		case wish(other):
			return one, true
		case wish(one):
			return other, true
		}
	}
	return s, false
}

// sentenceEnd is where one sentence ends and the next begins: an ending, which belongs to the first, or a word between.
var sentenceEnd = regexp.MustCompile(`([.!?~…。\n]+\s*|(?:요|니다|ㅠ|ㅜ|ㅎ|ㅋ)\s+)|\s+(?:그리고|그런데|근데|and also)\s+`)

// noEnd is a word that ends as verbs do.
var noEnd = regexp.MustCompile(`(?:필요|중요|주요|수요)\s+$`)

// maxSentences bounds the work on one message; people say more only in pasted text.
const maxSentences = 12

// sentences cuts a message where sentences end.
func sentences(s string) []string {
	var out []string
	from := 0
	for _, at := range sentenceEnd.FindAllStringSubmatchIndex(s, maxSentences-1) {
		end := at[0]
		if at[2] >= 0 {
			end = at[3]
		}
		if noEnd.MatchString(s[from:end]) {
			continue
		}
		if one := strings.TrimSpace(s[from:end]); one != "" {
			out = append(out, one)
		}
		from = at[1]
	}
	if last := strings.TrimSpace(s[from:]); last != "" {
		out = append(out, last)
	}
	return out
}

// withoutCourtesy is the message without the sentences that are mere acts, "" when nothing else is in it.
func (c *turn) withoutCourtesy() string {
	var kept []string
	for _, s := range sentences(c.text) {
		v := c.understand(s)
		switch {
		case is(v, intents.ActAskHuman):
			c.human = c.human || c.wantsHuman(v)
		case v.Outside.Kind == intents.Act && dominated(v) && courtesies[v.Outside.ID]:
		default:
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// courtesies are the acts that may stand beside a question without changing it.
var courtesies = map[string]bool{
	intents.ActGreeting: true, intents.ActThanks: true, intents.ActFarewell: true,
	intents.ActAcknowledge: true, intents.ActInsult: true, intents.ActSmallTalk: true,
}

// acknowledges tells whether the asker, who was answered, says only that what the answer says will be done.
func (c *turn) acknowledges() bool {
	if c.thread.Intent == "" || c.thread.Escalated || heard.unpromising.in(c.text) {
		return false
	}
	m := heard.promise.find(c.subject) // without thanks
	return m != nil && (m[1] == "" || heard.other.in(m[1])) && !asks(c.text)
}
