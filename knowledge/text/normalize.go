// Package text turns what people write into what programs can compare.
//
// [Normalize] makes texts that look the same the same: composed and decomposed
// Hangul, full width and half width, zero-width characters, case, drawn-out
// letters. [Grams] cuts a normalized text into pieces that survive missing
// spaces and typing errors. Every function takes any bytes, never panics, and is
// deterministic. [Version] names this behaviour: whatever was computed from texts
// under another version must be computed again.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Version changes whenever any function of the package gives another result for some text.
const Version = 3

// MaxBytes is the length to which [Normalize] cuts a text. A question that is longer
// carries no more meaning for a help desk, and a bound keeps the time bounded.
const MaxBytes = 8 << 10

// Normalize makes equal what looks equal: invalid bytes and invisible characters go,
// full-width forms become plain, Hangul is composed, letters are lower case, a letter repeated
// more than twice is kept twice, digits are all "0", white space is one blank, and a line ends with a semicolon. Texts over
// [MaxBytes] are cut at a character.
func Normalize(s string) string {
	s = Cut(s)
	if strings.ContainsFunc(s, isUncommon) {
		s = strings.Map(dropInvisible, strings.ToValidUTF8(s, " "))
		s = norm.NFC.String(width.Fold.String(s))
	}
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	run := 0
	for _, r := range s {
		if r == '\n' {
			b.WriteByte(';') // what stands on another line is a sentence of its own
		}
		r = fold(r)
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		if run > 2 || (r == ' ' && run > 1) {
			continue
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// Cut shortens s to at most [MaxBytes] at the start of a character.
func Cut(s string) string {
	if len(s) <= MaxBytes {
		return s
	}
	end := MaxBytes
	for end > MaxBytes-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// isUncommon tells of a character that may be invalid, invisible, wide or part of another: anything but ASCII and whole Hangul.
func isUncommon(r rune) bool {
	return r >= utf8.RuneSelf && (r < '가' || r > '힣') && (r < 'ㄱ' || r > 'ㅣ')
}

// dropInvisible removes characters that nobody sees: zero-width, direction marks, soft hyphens, variation selectors.
func dropInvisible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == '\u115f' || r == '\u1160' || r == '\u3164' {
		return -1
	}
	return r
}

func fold(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '0'
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	default:
		return unicode.ToLower(r)
	}
}

// Lang tells the language of a text: "ko" when it holds at least one Hangul letter for every
// five Latin ones, "en" when it holds Latin letters only or mostly, and "ko" when it holds neither.
func Lang(s string) string {
	hangul, latin := 0, 0
	for _, r := range Cut(s) {
		switch {
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	if latin > 0 && hangul*5 < latin {
		return "en"
	}
	return "ko"
}
