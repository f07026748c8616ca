package knowledge

import (
	"strings"
	"unicode/utf8"

	"haedap/knowledge/text"
)

// excerptLength is how many characters of a text an excerpt holds at most.
const excerptLength = 120

// word is a word of a unit's plain text.
type word struct {
	start, end int // bytes
	length     int // characters, with the blank after it
	terms      []int32
	opens      bool // the first word of a sentence or of a list item
}

// cutWords finds the words of a text with their telling terms: pieces of two syllables or more,
// and stems. They must be in the index already.
func (x *index) cutWords(c *text.Cutter, plain string) []word {
	var words []word
	at, opens := 0, true
	for field := range strings.FieldsSeq(plain) {
		at += strings.Index(plain[at:], field)
		w := word{start: at, end: at + len(field), length: utf8.RuneCountInString(field) + 1, opens: opens}
		c.Cut(text.Normalize(field))
		for _, p := range c.Pieces {
			if id, ok := x.terms[p.Hash]; ok && p.Family != text.Letters && p.End-p.Start > 1 {
				w.terms = append(w.terms, id)
			}
		}
		words = append(words, w)
		at = w.end
		opens = strings.HasSuffix(field, ".") || strings.HasSuffix(field, ":")
	}
	return words
}

// excerpt takes the stretch of the text that holds most of the query, and starts it at the
// beginning of its sentence where there is room.
func (u *unit) excerpt(weight []float64) string {
	from, to := u.heaviest(weight)
	room := excerptLength
	for _, w := range u.words[from:to] {
		room -= w.length
	}
	start := from
	for r := room; start > 0 && !u.words[start].opens && r >= u.words[start-1].length; start-- {
		r -= u.words[start-1].length
	}
	if start == 0 || (start < len(u.words) && u.words[start].opens) {
		for ; from > start; from-- {
			room -= u.words[from-1].length
		}
	}
	for ; to < len(u.words) && room >= u.words[to].length; to++ {
		room -= u.words[to].length
	}
	return u.quote(from, to)
}

// heaviest finds the words from–to that weigh most within the length of an excerpt, without
// weightless words at either end.
func (u *unit) heaviest(weight []float64) (from, to int) {
	own := make([]float64, len(u.words))
	for i, w := range u.words {
		for _, id := range w.terms {
			own[i] += weight[id]
		}
	}
	best, sum, length, start := 0.0, 0.0, 0, 0
	for i, w := range u.words {
		sum, length = sum+own[i], length+w.length
		for ; length > excerptLength && start < i; start++ {
			sum, length = sum-own[start], length-u.words[start].length
		}
		if sum > best+1e-9 {
			best, from, to = sum, start, i+1
		}
	}
	for from < to && own[from] == 0 {
		from++
	}
	return from, to
}

// quote cuts the words from–to out of the text and marks what is left out.
func (u *unit) quote(from, to int) string {
	if from >= to {
		return ""
	}
	s := u.plain[u.words[from].start:u.words[to-1].end]
	if from > 0 {
		s = "…" + s
	}
	if to < len(u.words) {
		s += "…"
	}
	return s
}
