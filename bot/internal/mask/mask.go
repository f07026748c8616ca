// Package mask replaces personal data in text by readable placeholders, such as [전화번호] or [phone].
//
// It knows Korean resident and foreigner registration numbers, Korean phone numbers, payment cards, bank accounts that are
// named as such, and e-mail addresses, with the spaces, dots, dashes, full-width digits and spoken digits that people
// write. It leaves other numbers alone: dates, times, prices, counts, short numbers such as 114 and companies' 1588-….
// It takes time linear in the length of the text, and masking twice changes nothing.
package mask

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is one sort of personal data.
type kind struct {
	ko, en  string
	pattern *regexp.Regexp                           // over folded text
	fits    func(folded string, start, end int) bool // nil: the pattern is enough
}

const (
	sep    = `[-. ,/_()~]{0,3}` // between the groups of a phone number
	dash   = `[-. ]{1,3}`
	spoken = `[0-9공영일이삼사오육륙칠팔구]`
)

// mobile is what follows the 0 or the +82 of a mobile number: 010 has eight digits more, the old prefixes seven or eight.
const mobile = `1(?:0(?:` + sep + `[0-9]){8}|[16789]` + sep + `[0-9]{3,4}` + sep + `[0-9]{4})`

// landline is what follows the 0 or the +82 of a landline, internet or safe number.
const landline = `(?:2|[3-6][1-5]|70|50[2-8])(?:\)?[-. /]{1,3}[0-9]{3,4}` + dash + `[0-9]{4}|\)[0-9]{3,4}` + dash + `[0-9]{4}|[0-9]{7,8})`

// kinds in the order in which they are looked for: a number belongs to the first that it fits.
var kinds = []kind{
	{"[이메일]", "[email]", regexp.MustCompile(`[A-Za-z0-9._%+-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`), nil},
	{"[주민등록번호]", "[resident number]", regexp.MustCompile(`[0-9]{6} {0,2}[-.]? {0,2}[1-8][0-9*xX●○]{6}`), isResident},
	{"[카드번호]", "[card]", regexp.MustCompile(`[0-9](?:[- ]{0,2}[0-9]){13,15}`), isCard},
	{"[전화번호]", "[phone]", regexp.MustCompile(`(?:(?:\+|00) ?82` + sep + `(?:0\)?` + sep + `)?(?:` + mobile + `|` + landline + `)|82` + sep + `(?:0\)?` + sep + `)?` + mobile + `|\(?0` + mobile + `|\(?0` + landline + `|10-[0-9]{4}-[0-9]{4})`), apart},
	{"[전화번호]", "[phone]", regexp.MustCompile(`[공영0]` + sep + `[일1]` + sep + `[공영0](?:` + sep + spoken + `){8}`), apart},
	{"[계좌번호]", "[account]", regexp.MustCompile(`[0-9]{2,16}(?:[- ][0-9]{2,8}){0,4}`), isAccount},
}

// Mask returns text with the personal data in it replaced, by Korean placeholders when the text has Hangul.
func Mask(text string) string {
	if !suspicious(text) {
		return text
	}
	korean := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
	for _, k := range kinds {
		text = k.mask(text, korean)
	}
	return text
}

// suspicious reports whether text can hold personal data at all: most messages cannot.
func suspicious(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r == '@' || r == '＠':
			return true
		case r >= '0' && r <= '9', r >= '０' && r <= '９', strings.ContainsRune("공영일이삼사오육륙칠팔구", r):
			digits++
		}
	}
	return digits >= 7
}

func (k kind) mask(text string, korean bool) string {
	folded, offsets := fold(text)
	var out strings.Builder
	done := 0
	for _, at := range k.pattern.FindAllStringIndex(folded, -1) {
		start, end := at[0], at[1]
		if k.fits != nil && !k.fits(folded, start, end) {
			continue
		}
		out.WriteString(text[done:offsets[start]])
		if korean {
			out.WriteString(k.ko)
		} else {
			out.WriteString(k.en)
		}
		done = offsets[end]
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// fold writes text as the patterns know it: ASCII digits, dashes, spaces and signs, without what has no width.
// offsets[i] is where byte i of folded, or its end, stands in text.
func fold(text string) (folded string, offsets []int) {
	out := make([]byte, 0, len(text))
	offsets = make([]int, 0, len(text)+1)
	for i, r := range text {
		if r == utf8.RuneError {
			r = ' ' // may be a broken byte; its width is one in either spelling
		}
		r = plain(r)
		if r < 0 {
			continue
		}
		out = utf8.AppendRune(out, r)
		for len(offsets) < len(out) {
			offsets = append(offsets, i)
		}
	}
	return string(out), append(offsets, len(text))
}

// plain is r as the patterns know it; below 0: nothing.
func plain(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII
		return r - 0xFEE0
	case r == 'ㅡ' || r == 'ー' || r == '−' || unicode.Is(unicode.Pd, r):
		return '-'
	case r == '·' || r == '。' || r == 'ㆍ' || r == '•':
		return '.'
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// apart reports whether the match is a number of its own, not a piece of a longer one.
func apart(folded string, start, end int) bool {
	return (start == 0 || !isDigit(folded[start-1])) && (end == len(folded) || !isDigit(folded[end]))
}

// isResident reports whether the match begins with a date of birth.
func isResident(folded string, start, end int) bool {
	month, day := number(folded[start+2:start+4]), number(folded[start+4:start+6])
	return apart(folded, start, end) && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// isCard reports whether the match has a card's first digit and check digit.
func isCard(folded string, start, end int) bool {
	if !apart(folded, start, end) || !strings.ContainsRune("34569", rune(folded[start])) {
		return false
	}
	sum, double := 0, false
	for i := end - 1; i >= start; i-- {
		if !isDigit(folded[i]) {
			continue
		}
		d := int(folded[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return sum%10 == 0
}

var (
	bank = regexp.MustCompile(`(?i)계좌|통장|은행|뱅크|카뱅|입금|송금|이체|예금주|농협|수협|신협|새마을|우체국|신한|국민|토스|account|acct|bank|deposit|transfer`)
	date = regexp.MustCompile(`^(?:19|20)[0-9]{2}[- ]?(?:0?[1-9]|1[0-2])[- ]?(?:0?[1-9]|[12][0-9]|3[01])(?:[- ]|$)`)
)

// isAccount reports whether the match has as many digits as an account, is no date, and stands near a word of banking.
func isAccount(folded string, start, end int) bool {
	digits := 0
	for _, c := range []byte(folded[start:end]) {
		if isDigit(c) {
			digits++
		}
	}
	if digits < 10 || digits > 16 || !apart(folded, start, end) || date.MatchString(folded[start:end]) {
		return false
	}
	return bank.MatchString(folded[max(start-60, 0):start]) || bank.MatchString(folded[end:min(end+30, len(folded))])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func number(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}
