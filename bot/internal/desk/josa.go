package desk

import (
	"strings"
	"unicode"
)

// josas are the particles whose form hangs on the sound before them: after a final
// consonant, after a vowel.
var josas = map[string][2]string{
	"{은/는}":  {"은", "는"},
	"{이/가}":  {"이", "가"},
	"{을/를}":  {"을", "를"},
	"{과/와}":  {"과", "와"},
	"{으로/로}": {"으로", "로"},
}

// fill puts value in place of "{}" in template and gives each particle that template
// leaves open ("{을/를}") the form that follows value.
func fill(template, value string) string {
	closed, rieul := ending(value)
	pairs := make([]string, 0, 2*len(josas)+2)
	for open, forms := range josas {
		form := forms[1]
		if closed && (!rieul || open != "{으로/로}") {
			form = forms[0]
		}
		pairs = append(pairs, open, form)
	}
	// The particles go first: value may hold anything, braces too.
	template = strings.NewReplacer(pairs...).Replace(template)
	return strings.ReplaceAll(template, "{}", value)
}

// Fill puts value in place of "{}" in one of the words, as the desk does.
func Fill(template, value string) string { return fill(template, value) }

// closedDigits are the digits whose Korean name ends in a consonant; 1, 7 and 8 end in ㄹ.
const closedDigits = "013678"

// ending tells whether s, read aloud, ends in a consonant, and whether that is ㄹ.
// Quotes, brackets and what stands in brackets at the end are not read.
func ending(s string) (closed, rieul bool) {
	r := lastRead(s)
	switch {
	case r >= '가' && r <= '힣':
		tail := (r - '가') % 28
		return tail != 0, tail == 8
	case unicode.IsDigit(r):
		return strings.ContainsRune(closedDigits, r), strings.ContainsRune("178", r)
	default:
		return strings.ContainsRune("lmnr", unicode.ToLower(r)), strings.ContainsRune("lr", unicode.ToLower(r))
	}
}

// lastRead is the last letter or digit of s outside a closing bracket.
func lastRead(s string) rune {
	if open := strings.LastIndexByte(s, '('); open > 0 && strings.HasSuffix(strings.TrimSpace(s), ")") {
		s = s[:open]
	}
	end := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	for _, r := range s[max(end, 0):] {
		return r
	}
	return 0
}
