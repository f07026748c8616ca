package desk

import (
	"strings"
	"unicode/utf8"
)

// What [pickPlace] and [pickWords] find besides the place of an offer.
const (
	pickUnclear = -1
	pickNone    = -2
	pickBoth    = -3
)

// shortPick is how many letters a message may have to be read as a mere choice. In a longer one
// "the first" and "twice" are part of a story.
const shortPick = 30

// pickWords reads s (lower case) as a choice among labelled offers by what it says: the place of one, or one of the
// constants above.
func pickWords(s string, labels []string) int {
	short := utf8.RuneCountInString(s) <= shortPick
	switch {
	case heard.none.in(s), heard.no.in(s):
		return pickNone
	case heard.both.in(s):
		return pickBoth
	case short:
		return pickLabel(s, labels)
	}
	return pickUnclear
}

// pickPlace finds the place that s (lower case) names in a list of n. Of two offers, saying that it is not the one means the other.
func pickPlace(s string, n int) int {
	if m := heard.number.find(s); m != nil {
		switch at := int(m[1][0] - '1'); {
		case at < n:
			return at
		case at == n: // numbered lists end with "something else"
			return pickNone
		}
		return pickUnclear
	}
	chosen, refused := places(s, n)
	switch {
	case chosen != pickUnclear || refused == pickUnclear:
		return chosen
	case n == 1:
		return pickNone
	case n == 2:
		return 1 - refused
	}
	return pickUnclear
}

// places finds the place that s chooses by a word in a list of n, and the one that it refuses.
func places(s string, n int) (chosen, refused int) {
	chosen, refused = pickUnclear, pickUnclear
	note := func(p phrase, at int) {
		m := p.at(s)
		if m == nil || at >= n {
			return
		}
		if heard.refused.in(s[m[1]:]) || heard.refusing.in(s[:m[0]]) {
			refused = at
		} else {
			chosen = at
		}
	}
	note(heard.last, n-1)
	for i, p := range []phrase{heard.first, heard.second, heard.third} {
		note(p, i)
	}
	return chosen, refused
}

// pickTwo finds the two places that s (lower case) names by their numbers in a list of n.
func pickTwo(s string, n int) (one, other int, ok bool) {
	m := heard.numbers.find(s)
	if m == nil {
		return 0, 0, false
	}
	one, other = int(m[1][0]-'1'), int(m[2][0]-'1')
	return one, other, one != other && max(one, other) < n
}

// refusedOne finds the one of three or more offers that s (lower case) says it is not.
func refusedOne(s string, labels []string) int {
	if len(labels) < 3 || utf8.RuneCountInString(s) > shortPick || !negatedWhole(s) || afterNegation(s) != s {
		return pickUnclear
	}
	if _, refused := places(s, len(labels)); refused != pickUnclear {
		return refused
	}
	return pickLabel(s, labels)
}

// onlyNames tells whether every word of s is one of a label's.
func onlyNames(s, label string) bool {
	own, named := pairs(label), false
	for _, word := range words(s) {
		said := pairs(word)
		if len(said) == 0 { // a short word says nothing
			continue
		}
		if !shared(said, own) {
			return false
		}
		named = true
	}
	return named
}

// shared tells whether two sets have something in common.
func shared(a, b map[string]bool) bool {
	for p := range a {
		if b[p] {
			return true
		}
	}
	return false
}

// pickLabel finds the one offer that s names by words of its label that no other offer has.
func pickLabel(s string, labels []string) int {
	not := strings.TrimSuffix(s, afterNegation(s))
	s = afterNegation(s)
	said := pairs(s)
	for p := range pairs(not) {
		delete(said, p)
	}
	if said[otherPair] { // "my friend" is about the friend
		delete(said, selfPair)
	}
	best, most, second := pickUnclear, 0, 0
	for i, label := range labels {
		own := pairs(label)
		for j, other := range labels {
			if j != i {
				for p := range pairs(other) {
					delete(own, p)
				}
			}
		}
		n := 0
		for p := range said {
			if own[p] {
				n++
			}
		}
		if n > most {
			best, most, second = i, n, most
		} else {
			second = max(second, n)
		}
	}
	if most == 0 || most == second {
		return pickUnclear
	}
	switch {
	case len(labels) == 1 && negatedWhole(s):
		return pickNone
	case len(labels) == 2 && negatedWhole(s):
		return 1 - best
	}
	return best
}

// negatedWhole tells whether s says of what it names that it is not that.
func negatedWhole(s string) bool {
	return strings.Contains(s, "아니") || strings.Contains(s, "아닙") || strings.Contains(s, "아님") || strings.Contains(s, "아닌") || strings.HasPrefix(s, "not ")
}

// afterNegation is what comes after "not that but", or all of s.
func afterNegation(s string) string {
	at := heard.rather.at(s)
	if at == nil || strings.TrimSpace(s[at[1]:]) == "" {
		return s
	}
	return strings.TrimSpace(s[at[1]:])
}

// pairs are the neighbouring letters within the words of s. A word of Latin letters counts as a whole, and so do the
// words for oneself and for people one knows.
func pairs(s string) map[string]bool {
	out := map[string]bool{}
	for _, word := range words(s) {
		switch {
		case heard.self.in(word):
			out[selfPair] = true
		case heard.other.in(word):
			out[otherPair] = true
		case word[0] < utf8.RuneSelf:
			if len(word) > 3 {
				out[word] = true
			}
		default:
			runes := []rune(word)
			for i := 1; i < len(runes); i++ {
				out[string(runes[i-1:i+1])] = true
			}
		}
	}
	return out
}

// words are the runs of letters and digits of s.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !hangulOrLatin(r) })
}

func hangulOrLatin(r rune) bool {
	return r >= '가' && r <= '힣' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}
