package intents

import (
	"strings"

	"haedap/knowledge/text"
)

// Before a question is cut into pieces it is brought to the writing that the examples have: words typed with the keyboard in
// the other language are typed again, and words of which only the initial consonants stand ("ㅇㅈㅂㅎ") become the
// commonest word with those initials. The examples themselves are the only dictionary.

// hearing is what the examples teach about such writing. It is immutable once built.
type hearing struct {
	initials map[string]string // initials of a common word → the word
}

// Words that initials may stand for.
const (
	shortestInitials = 3
	longestInitials  = 8
	leastOften       = 5 // examples that have the word
)

// hear learns the words of normalized texts.
func hear(texts []string) hearing {
	counts := map[string]int{}
	for _, t := range texts {
		for _, word := range strings.Fields(t) {
			syllables := []rune(word)
			for n := shortestInitials; n <= min(longestInitials, len(syllables)); n++ {
				counts[string(syllables[:n])]++
			}
		}
	}
	h := hearing{initials: map[string]string{}}
	for word, n := range counts {
		initials := text.Initials(word)
		if n < leastOften || len([]rune(initials)) != len([]rune(word)) {
			continue
		}
		if best, ok := h.initials[initials]; !ok || n > counts[best] || (n == counts[best] && word < best) {
			h.initials[initials] = word
		}
	}
	return h
}

// spellOut replaces words that are initials only by what they most likely stand for.
func (h hearing) spellOut(normalized string) string {
	if !strings.ContainsFunc(normalized, isInitial) {
		return normalized
	}
	words := strings.Split(normalized, " ")
	for i, w := range words {
		if full, ok := h.initials[w]; ok && strings.IndexFunc(w, func(r rune) bool { return !isInitial(r) }) < 0 {
			words[i] = full
		}
	}
	return strings.Join(words, " ")
}

func isInitial(r rune) bool { return r >= 'ㄱ' && r <= 'ㅎ' }

// A question is retyped when so small a share of its pieces is known, and so much more of the retyped one.
const (
	strangeBelow = 0.6
	clearerBy    = 0.15
)

// prepare normalizes a question and mends its writing. It uses s's reader.
func (e *Engine) prepare(s *scratch, question string) string {
	normalized := e.hearing.spellOut(text.Normalize(question))
	latin := strings.ContainsFunc(normalized, func(r rune) bool { return r >= 'a' && r <= 'z' })
	loose := strings.ContainsFunc(normalized, func(r rune) bool { return r >= 'ㄱ' && r <= 'ㅣ' })
	if !latin && !loose {
		return normalized
	}
	known := e.known(s, normalized)
	if known >= strangeBelow {
		return normalized
	}
	best := normalized
	for _, retype := range []func(string) string{text.ToHangul, text.ToLatin} {
		retyped := text.Normalize(retype(text.Cut(question)))
		if k := e.known(s, retyped); k >= known+clearerBy {
			best, known = retyped, k
		}
	}
	return best
}

// known is the share of a text's longest pieces of single letters that the examples have.
func (e *Engine) known(s *scratch, normalized string) float64 {
	s.reader.cutter.Senses = false
	s.reader.cutter.Cut(normalized)
	known, all := 0, 0
	for _, p := range s.reader.cutter.Pieces {
		if p.Family != text.Letters || p.Length != text.LongestLetters {
			continue
		}
		all++
		if _, ok := e.vocabulary.index.find(p.Hash); ok {
			known++
		}
	}
	return float64(known) / float64(max(1, all))
}
