package desk

import (
	"regexp"
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

var (
	bareNumber = regexp.MustCompile(`^[^\pL\pN]*([1-4])\s*(?:번째?|st|nd|rd|th)?\s*(?:요|이요|이에요|예요|입니다|으로요?|로요?|거요|것|거|같아요)*[^\pL\pN]*$`)
	noneOf     = regexp.MustCompile(`(?:둘|셋|세\s*개)\s*다\s*(?:아니|아님|아닌|아닙|아녜|아녀|해당)|(?:^|\s)다\s*(?:아니|아님|아닌|아닙|아녜|아녀)|(?:모두|전부|아무\s*것도|하나도).{0,8}(?:아니|아님|아닌|아닙|아녜|없)|해당.{0,8}없|(?:다른|딴)\s*(?:문제|거|것|건|걸|얘기|이유|내용|질문|경우)|\bneither\b|\bnone\b|something else|(?:other|different) (?:issue|problem|thing|question)|not (?:any|either)`)
	plainNo    = regexp.MustCompile(`^[^\pL\pN]*(?:아니|아니요|아니오|아뇨|아니에요|아니예요|아닙니다|아닌데요?|아님|no|nope|nah)[^\pL\pN]*$`)
	allOf      = regexp.MustCompile(`둘\s*다|두\s*개\s*다|두\s*가지\s*(?:다|모두)|\bboth\b`)
	negated    = regexp.MustCompile(`^\s*(?:거|것|건|꺼|번|문제)?\s*(?:은|는|이|가|도)?\s*(?:말고|아니|아닌|아닙|아녜|빼고)`)
	notBefore  = regexp.MustCompile(`\bnot (?:the )?$`)
	butRather  = regexp.MustCompile(`아니고|아니라|아니구|말고|\bnot .{1,40}\bbut\b|,? but\b`)
)

// ordinals name places by words; the last pattern is the end of the list, however long it is.
var ordinals = []*regexp.Regexp{
	regexp.MustCompile(`첫\s*번?\s*째|(?:^|\s)(?:1|일)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)|처음\s*(?:거|것|꺼|껀)|(?:^|\s)(?:제일\s*)?위(?:에|쪽)?\s*(?:거|것|꺼|있)|\b(?:first|1st|former|option (?:1|one)|number (?:1|one)|top one)\b`),
	regexp.MustCompile(`(?:두|둘)\s*번?\s*째|(?:^|\s)(?:2|이)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)|가운데\s*(?:거|것|꺼)|\b(?:second|2nd|option (?:2|two)|number (?:2|two))\b`),
	regexp.MustCompile(`(?:세|셋)\s*번?\s*째|(?:^|\s)(?:3|삼)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)|\b(?:third|3rd|option (?:3|three)|number (?:3|three))\b`),
}

var lastOne = regexp.MustCompile(`마지막|맨\s*(?:아래|밑|뒤|끝)|(?:아래|밑)(?:에|쪽)?\s*(?:거|것|꺼|있)|후자|\b(?:last|bottom|latter)\b`)

// pickWords reads s (lower case) as a choice among labelled offers by what it says: the place of one, or one of the
// constants above.
func pickWords(s string, labels []string) int {
	short := utf8.RuneCountInString(s) <= shortPick
	switch {
	case noneOf.MatchString(s), plainNo.MatchString(s):
		return pickNone
	case short && allOf.MatchString(s):
		return pickBoth
	case short:
		return pickLabel(s, labels)
	}
	return pickUnclear
}

// pickPlace finds the place that s (lower case) names in a list of n. Of two offers, saying that it is not the one means the other.
func pickPlace(s string, n int) int {
	if m := bareNumber.FindStringSubmatch(s); m != nil {
		switch at := int(m[1][0] - '1'); {
		case at < n:
			return at
		case at == n: // numbered lists end with "something else"
			return pickNone
		}
		return pickUnclear
	}
	if utf8.RuneCountInString(s) > shortPick {
		return pickUnclear
	}
	chosen, refused := pickUnclear, pickUnclear
	note := func(re *regexp.Regexp, at int) {
		m := re.FindStringIndex(s)
		if m == nil || at >= n {
			return
		}
		if negated.MatchString(s[m[1]:]) || notBefore.MatchString(s[:m[0]]) {
			refused = at
		} else {
			chosen = at
		}
	}
	note(lastOne, n-1)
	for i, re := range ordinals {
		note(re, i)
	}
	if chosen == pickUnclear && refused != pickUnclear && n == 2 {
		return 1 - refused
	}
	return chosen
}

// pickLabel finds the one offer that s names by words of its label that no other offer has.
func pickLabel(s string, labels []string) int {
	s = afterNegation(s)
	said := pairs(s)
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
		shared := 0
		for p := range said {
			if own[p] {
				shared++
			}
		}
		if shared > most {
			best, most, second = i, shared, most
		} else {
			second = max(second, shared)
		}
	}
	if most == 0 || most == second {
		return pickUnclear
	}
	if len(labels) == 2 && negatedWhole(s) {
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
	at := butRather.FindStringIndex(s)
	if at == nil || strings.TrimSpace(s[at[1]:]) == "" {
		return s
	}
	return strings.TrimSpace(s[at[1]:])
}

// Words for who is concerned, and what stands for all of them in [pairs].
var (
	selfWord  = regexp.MustCompile(`^(?:나|내|저|제|본인)(?:는|은|가|이|를|을|도|의|한테|에게|꺼|거|건|예요|이에요)?$|^(?:me|my|mine|myself|i)$`)
	otherWord = regexp.MustCompile(`^(?:가족|친구|지인|엄마|아빠|어머니|아버지|남편|아내|와이프|동생|언니|누나|오빠|아들|딸|할머니|할아버지|부모|동료|친척|이모|삼촌)|^(?:friends?|family|mother|mom|father|dad|husband|wife|son|daughter|brother|sister|acquaintances?|relatives?)$`)
)

const (
	selfPair  = "<self>"
	otherPair = "<other>"
)

// pairs are the neighbouring letters within the words of s. A word of Latin letters counts as a whole, and so do the
// words for oneself and for people one knows.
func pairs(s string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !hangulOrLatin(r) }) {
		switch {
		case selfWord.MatchString(word):
			out[selfPair] = true
		case otherWord.MatchString(word):
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

func hangulOrLatin(r rune) bool {
	return r >= '가' && r <= '힣' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}
