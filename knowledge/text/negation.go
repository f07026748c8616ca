package text

import (
	"strings"
	"unicode/utf8"
)

// What a message says it is not about ("지구본 말고 사람 모양", "not the globe") is cut into pieces of its own, so that it speaks
// for nothing else. Only plain contrasts count: "해킹 아닌가요?" asks, it does not deny.

// deniers follow what is denied, as a word or at the end of one.
var deniers = []string{"말고", "아니라", "아니고", "아니구", "아닌데", "아니래", "아니에요.", "아닙니다", "아님"}

// englishDeniers stand before what is denied.
var englishDeniers = []string{"not the ", "not a ", "not an ", "not my ", "not about ", "isn't ", "not "}

// How far a denial reaches: words before a Korean denier besides the one it hangs on, runes where spaces are
// missing, words after an English one.
const (
	deniedWords   = 1
	deniedRunes   = 8
	deniedEnglish = 2
)

// span is a run of runes of a normalized text.
type span struct{ start, end int }

// denied appends the spans of a normalized text that it denies.
func denied(into []span, s string) []span {
	for _, d := range deniers {
		for at, rest := 0, s; ; {
			i := strings.Index(rest, d)
			if i < 0 {
				break
			}
			at += i
			start := deniedFrom(s[:at])
			into = append(into, span{utf8.RuneCountInString(s[:start]), utf8.RuneCountInString(s[:at])})
			at += len(d)
			rest = s[at:]
		}
	}
	for _, d := range englishDeniers {
		for at, rest := 0, s; ; {
			i := strings.Index(rest, d)
			if i < 0 {
				break
			}
			at += i + len(d)
			rest = s[at:]
			end := at + wordsLength(rest, deniedEnglish)
			into = append(into, span{utf8.RuneCountInString(s[:at]), utf8.RuneCountInString(s[:end])})
		}
	}
	return into
}

// deniedFrom is where the words begin that a denier after s denies.
func deniedFrom(s string) int {
	trimmed := strings.TrimRight(s, " ")
	start := len(trimmed)
	for range deniedWords + 1 {
		before := strings.TrimRight(trimmed[:start], " ")
		if before == "" || (start < len(trimmed) && strings.ContainsRune(".?!,", rune(before[len(before)-1]))) {
			break
		}
		start = strings.LastIndexByte(before, ' ') + 1
	}
	for utf8.RuneCountInString(trimmed[start:]) > deniedRunes {
		_, n := utf8.DecodeRuneInString(trimmed[start:])
		start += n
	}
	return start
}

// wordsLength is how many bytes the first n words of s take, up to the end of the sentence.
func wordsLength(s string, n int) int {
	end := 0
	for range n {
		i := strings.IndexAny(s[end:], " .?!,")
		switch {
		case i < 0:
			return len(s)
		case s[end+i] != ' ':
			return end + i
		}
		end += i + 1
	}
	return max(0, end-1)
}
