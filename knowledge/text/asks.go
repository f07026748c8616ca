package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What makes a sentence a question or a request: pieces of Korean words, and English words.
var (
	askingPieces = []string{
		"?", "？", "나요", "까요", "가요", "는지", "을지", "어떻", "어떡", "왜", "언제", "뭐", "뭔", "무슨", "무엇", "어디", "어느", "어떤", "누가", "누구",
		"얼마", "몇", "궁금", "알려", "방법", "되죠", "하죠", "인지", "건지", "냐",
	}
	askingEnding = "니까" // where the word ends with it
	askingWords  = []string{"what", "how", "why", "when", "where", "who", "which", "can", "could", "do", "does", "is", "are", "will", "should"}
)

// Asks tells whether s asks or requests something, rather than only describe it.
func Asks(s string) bool {
	if slices.ContainsFunc(askingPieces, func(p string) bool { return strings.Contains(s, p) }) {
		return true
	}
	for rest := s; ; {
		_, after, found := strings.Cut(rest, askingEnding)
		if !found {
			break
		}
		if next, _ := utf8.DecodeRuneInString(after); !unicode.IsLetter(next) {
			return true
		}
		rest = after
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !isWordLetter(r) }) {
		if slices.ContainsFunc(askingWords, func(w string) bool { return strings.EqualFold(w, word) }) {
			return true
		}
	}
	return false
}

func isWordLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}
