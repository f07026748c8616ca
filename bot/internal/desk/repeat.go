package desk

import (
	"slices"
	"strings"

	"haedap/knowledge/text"
)

const (
	alike    = 0.6 // share of a question's letter triples that make another the same question
	maxAsked = 4
	maxAsk   = 300 // bytes kept of each
	maxShown = 3   // times that one section is shown in a thread
)

// unsolved tells whether the asker, who asks nothing new, says that what was answered has changed nothing.
func (c *turn) unsolved() bool {
	if c.thread.Intent == "" || c.thread.Escalated || c.msg.From == Agent || c.verdict.Answer && c.verdict.Ranked[0].Intent != c.thread.Intent {
		return false
	}
	said := heard.unsolved.at(c.text)
	return said != nil && !asks(c.text[:said[0]]+c.text[said[1]:])
}

// asks tells whether s is a question. In English only its mark tells: "it is still blocked" and "will" are in statements too.
func asks(s string) bool {
	hangul, _ := letters(s)
	return strings.ContainsAny(s, "?？") || hangul > 0 && text.Asks(s)
}

// again tells whether the asker, to whom a section was shown, asks the same once more: in the same words, or saying so,
// or by ending up at the same section too often. Another question that the same section answers is not the same.
func (c *turn) again(intent, section string) bool {
	switch n := c.thread.shown(intent, section); {
	case n == 0:
		return false
	case n >= maxShown || heard.insisting.in(c.text):
		return true
	default:
		return slices.ContainsFunc(c.thread.Asked, func(asked string) bool { return same(asked, c.text) })
	}
}

// same tells whether two questions are put in nearly the same words.
func same(a, b string) bool {
	x, y := triples(a), triples(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return len(y) == 0
	}
	shared := 0
	for t := range x {
		if y[t] {
			shared++
		}
	}
	return float64(shared) >= alike*float64(len(x))
}

// triples are the runs of three letters of s, spelt out in jamo, without spaces.
func triples(s string) map[string]bool {
	letters := []rune(strings.Map(func(r rune) rune {
		if r == ' ' || r == '?' || r == '.' || r == '!' || r == ',' || r == '~' {
			return -1
		}
		return r
	}, text.Jamo(text.Normalize(s))))
	out := map[string]bool{}
	for i := 3; i <= len(letters); i++ {
		out[string(letters[i-3:i])] = true
	}
	return out
}

// ask keeps a question that was answered, to know it again.
func (t *Thread) ask(question string) {
	t.Asked = append(t.Asked, cut(question, maxAsk))
	t.Asked = t.Asked[max(0, len(t.Asked)-maxAsked):]
}
