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
	return is(v, intents.ActAskHuman) && !noHuman.MatchString(c.text) && (c.msg.From != Agent || len(sentences(c.text)) == 1)
}

// How people wish for a human beside something else, and how they say that they want none. Half a sentence in which a human is
// only spoken of reads like a wish too easily.
var (
	humanWish = regexp.MustCompile(`(?i)(?:연결|바꿔|불러|통화|전화|상담|얘기|말씀|대화|호출|넘겨|돌려).{0,12}(?:주세요|줘|주시|부탁|싶|할래|원해|원합|바랍|요청|잡아)|(?:상담|직원|담당|매니저|사람).{0,12}(?:불러|바꿔|연결|호출|나오라)|\b(?:talk|speak|chat|connect|transfer|call|get|want|need|have)\b.*\b(?:human|agent|person|someone|somebody|representative|staff|operator|call me)\b|\b(?:someone|somebody|agent|person|human)\b.*\bcall\b`)
	noHuman   = regexp.MustCompile(`(?i)필요\s*없|(?:연결|상담|통화)[은는도]?\s*(?:됐|안\s*해|괜찮)|\bno need\b|\bdon'?t (?:need|want)\b`)
)

// longestWish is how many letters such a wish may have.
const longestWish = 40

// besideHuman is what a message says besides wishing for a human, "" when it wishes for none or says nothing else.
func (c *turn) besideHuman() string {
	if c.human || c.msg.From == Agent || !humanWish.MatchString(c.text) {
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
	if !humanWish.MatchString(s) || noHuman.MatchString(s) {
		return s, false
	}
	wish := func(s string) bool {
		return utf8.RuneCountInString(s) <= longestWish && humanWish.MatchString(s) && is(c.desk.engine.Classify(s), intents.ActAskHuman)
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
		v := c.desk.engine.Classify(s)
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
