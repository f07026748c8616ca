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
	noneOf     = regexp.MustCompile(`(?:둘|셋|세\s*개)\s*다\s*(?:아니|아님|아닌|아닙|아녜|아녀|해당.{0,4}(?:안|않))|(?:^|\s)다\s*(?:아니|아님|아닌|아닙|아녜|아녀)|(?:모두|전부|아무\s*것도|하나도).{0,8}(?:아니|아님|아닌|아닙|아녜|없)|해당.{0,8}없|(?:다른|딴)\s*(?:문제|거|것|건|걸|얘기|이유|내용|질문|경우)|\bneither\b|\bnone\b|something else|(?:other|different) (?:issue|problem|thing|question)|not (?:any|either)`)
	twoNumbers = regexp.MustCompile(`^[^\pL\pN]*([1-3])\s*번?째?\s*(?:이?랑|하고|[과와,/&+·]|및|그리고|and)\s*([1-3])\s*번?째?\s*(?:요|이요|이에요|예요|입니다|거요|다요?)*[^\pL\pN]*$`)
	plainNo    = regexp.MustCompile(`^[^\pL\pN]*(?:(?:아니|아니요|아니오|아뇨|아니에요|아니예요|아닙니다|아닌데요?|아님|ㄴㄴ|no|nope|nah|not (?:that|this|really|it))[\s,.!~]*)+(?:그게|그거|이게|그건|그것)?\s*(?:아니[가-힣]*|아닌[가-힣]*|아닙니다|아님|말고요?)?[^\pL\pN]*$`)
	yes        = regexp.MustCompile(`^[^\pL\pN]*(?:네네?|넵|넹|녜|예예?|응|웅|ㅇㅇ|ㅇㅋ|맞[아어]요?|맞습니다|맞음|맞네요?|맞는데요|맞는\s*(?:거|것)?\s*같[가-힣]*|그거(?:요|예요|에요|맞아요)?|그래요|그렇습니다|그런\s*(?:거|것)?\s*같[가-힣]*|yes|yeah|yep|yup|ya|y|correct|right|exactly|sure|ok|okay|please do|that'?s (?:it|right|the one))(?:[\s,.!~]|$)`)
	declined   = regexp.MustCompile(`(?i)괜찮|됐|되었|no,? thank|never ?mind|forget it`)
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
	if utf8.RuneCountInString(s) > shortPick {
		return chosen, refused
	}
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
	return chosen, refused
}

// pickTwo finds the two places that s (lower case) names by their numbers in a list of n.
func pickTwo(s string, n int) (one, other int, ok bool) {
	m := twoNumbers.FindStringSubmatch(s)
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
	at := butRather.FindStringIndex(s)
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

// words are the runs of letters and digits of s.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !hangulOrLatin(r) })
}

func hangulOrLatin(r rune) bool {
	return r >= '가' && r <= '힣' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}
