package desk

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Most messages say little of what the desk listens for, and looking for some strings tells so many times as fast as a regular
// expression does. Which strings is read off the expression.

// needles are strings, in lower case, of which a text holds at least one wherever a pattern matches it; nil when there are no such strings.
func needles(pattern string) []string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // a mistake of heard.go
	}
	return spareNeedles(partOf(parsed).best())
}

// holdsAny tells whether s, in lower case, holds one of the needles.
func holdsAny(s string, needles []string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(needles, func(n string) bool { return strings.Contains(s, n) })
}

// part is what is known of the texts that a part of a pattern matches.
type part struct {
	all  []string // every such text, nil when there are too many
	some []string // strings of which each such text holds one, nil when there are none
}

// mostTexts bounds how many texts of a part are told apart.
const mostTexts = 256

// partOf reads a pattern.
func partOf(r *syntax.Regexp) part {
	switch r.Op {
	case syntax.OpLiteral:
		return part{all: []string{strings.ToLower(string(r.Rune))}}
	case syntax.OpCharClass:
		return part{all: classTexts(r.Rune)}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return part{all: []string{""}}
	case syntax.OpCapture:
		return partOf(r.Sub[0])
	case syntax.OpQuest:
		return oneOf(partOf(r.Sub[0]), part{all: []string{""}})
	case syntax.OpPlus:
		return part{some: partOf(r.Sub[0]).best()}
	case syntax.OpConcat:
		return sequence(r.Sub)
	case syntax.OpAlternate:
		out := partOf(r.Sub[0])
		for _, sub := range r.Sub[1:] {
			out = oneOf(out, partOf(sub))
		}
		return out
	}
	return part{} // nothing is known of it
}

// classTexts are the characters of a small class, given as ranges.
func classTexts(ranges []rune) []string {
	var out []string
	for i := 0; i < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if len(out) == mostTexts/8 {
				return nil
			}
			out = append(out, strings.ToLower(string(c)))
		}
	}
	return out
}

// oneOf is a part that matches what one of two does.
func oneOf(a, b part) part {
	var out part
	if a.all != nil && b.all != nil && len(a.all)+len(b.all) <= mostTexts {
		out.all = slices.Concat(a.all, b.all)
	}
	if one, other := a.best(), b.best(); one != nil && other != nil {
		out.some = slices.Concat(one, other)
	}
	return out
}

// sequence is a part that matches what its parts do, one after the other.
func sequence(subs []*syntax.Regexp) part {
	run := part{all: []string{""}} // what the last parts match
	whole := true
	var some []string
	for _, sub := range subs {
		next := partOf(sub)
		if next.all != nil && len(run.all)*len(next.all) <= mostTexts {
			run.all = product(run.all, next.all)
			continue
		}
		some, whole = telling(telling(some, run.best()), next.best()), false
		run = part{all: next.all}
		if run.all == nil {
			run.all = []string{""}
		}
	}
	some = telling(some, run.best())
	if whole {
		return part{run.all, some}
	}
	return part{some: some}
}

func product(a, b []string) []string {
	var out []string
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

// best are the strings that tell most of whether the part matches.
func (p part) best() []string {
	if p.all == nil || slices.Contains(p.all, "") {
		return p.some
	}
	return telling(p.all, p.some)
}

// telling is the one of two sets that tells more, the one whose shortest string is longer; a nil one tells nothing.
func telling(a, b []string) []string {
	if shortest(b) > shortest(a) || shortest(b) == shortest(a) && len(b) < len(a) {
		return b
	}
	return a
}

func shortest(set []string) int {
	if set == nil {
		return 0
	}
	return utf8.RuneCountInString(slices.MinFunc(set, func(a, b string) int { return utf8.RuneCountInString(a) - utf8.RuneCountInString(b) }))
}

// spareNeedles leaves out strings that hold another.
func spareNeedles(set []string) []string {
	var out []string
	for _, s := range slices.Compact(slices.Sorted(slices.Values(set))) {
		if !slices.ContainsFunc(set, func(other string) bool { return other != s && strings.Contains(s, other) }) {
			out = append(out, s)
		}
	}
	return out
}
