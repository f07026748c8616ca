package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// shortestClause is the fewest bytes on either side of a boundary: less says nothing by itself.
const shortestClause = 9

// connectors begin a further thing to say.
var connectors = []string{
	"그리고", "그리구", "글구", "또 ", "또한", "추가로", "근데", "그런데", "참 ", "아 ", "하나 더", "한가지 더", "둘째", "두번째", "두 번째", "별개로",
	"0.", "0)", "-", "and ", "also", "plus ", "another",
}

// endings close a Korean clause: final and connective endings of verbs, and particles that join nouns, as they are typed.
var endings = []string{"랑", "하고", "요", "다", "까", "죠", "고", "데", "나", "냐", "니", "지", "며", "음", "임", "함", "됨", "려"}

// Clauses gives the places at which a normalized text may fall into two: byte offsets after the end of a sentence or
// clause, or before a word that goes on to another matter. Digits are "0" in normalized texts.
func Clauses(normalized string) []int {
	var out []int
	for i := shortestClause; i < len(normalized)-shortestClause; i++ {
		blank := normalized[i] == ' ' && (endsClause(normalized[:i]) || beginsClause(normalized[i+1:]))
		unspaced := strings.IndexByte(".?!;", normalized[i-1]) >= 0 && normalized[i] >= utf8.RuneSelf
		if blank || unspaced {
			out = append(out, i)
		}
	}
	return out
}

func endsClause(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".?!,~;", last) || slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(s, e) })
}

func beginsClause(s string) bool {
	return slices.ContainsFunc(connectors, func(c string) bool { return strings.HasPrefix(s, c) })
}
