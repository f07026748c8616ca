package text

import (
	"strings"
	"unicode"
)

// The Korean two-set keyboard (KS X 5002): the letter under each Latin key, plain and with shift.
var keys = map[rune]rune{
	'q': 'ㅂ', 'w': 'ㅈ', 'e': 'ㄷ', 'r': 'ㄱ', 't': 'ㅅ', 'y': 'ㅛ', 'u': 'ㅕ', 'i': 'ㅑ', 'o': 'ㅐ', 'p': 'ㅔ',
	'a': 'ㅁ', 's': 'ㄴ', 'd': 'ㅇ', 'f': 'ㄹ', 'g': 'ㅎ', 'h': 'ㅗ', 'j': 'ㅓ', 'k': 'ㅏ', 'l': 'ㅣ',
	'z': 'ㅋ', 'x': 'ㅌ', 'c': 'ㅊ', 'v': 'ㅍ', 'b': 'ㅠ', 'n': 'ㅜ', 'm': 'ㅡ',
	'Q': 'ㅃ', 'W': 'ㅉ', 'E': 'ㄸ', 'R': 'ㄲ', 'T': 'ㅆ', 'O': 'ㅒ', 'P': 'ㅖ',
}

// joined are the letters that take two keys.
var joined = map[[2]rune]rune{
	{'ㅗ', 'ㅏ'}: 'ㅘ', {'ㅗ', 'ㅐ'}: 'ㅙ', {'ㅗ', 'ㅣ'}: 'ㅚ', {'ㅜ', 'ㅓ'}: 'ㅝ', {'ㅜ', 'ㅔ'}: 'ㅞ', {'ㅜ', 'ㅣ'}: 'ㅟ', {'ㅡ', 'ㅣ'}: 'ㅢ',
	{'ㄱ', 'ㅅ'}: 'ㄳ', {'ㄴ', 'ㅈ'}: 'ㄵ', {'ㄴ', 'ㅎ'}: 'ㄶ', {'ㄹ', 'ㄱ'}: 'ㄺ', {'ㄹ', 'ㅁ'}: 'ㄻ', {'ㄹ', 'ㅂ'}: 'ㄼ', {'ㄹ', 'ㅅ'}: 'ㄽ',
	{'ㄹ', 'ㅌ'}: 'ㄾ', {'ㄹ', 'ㅍ'}: 'ㄿ', {'ㄹ', 'ㅎ'}: 'ㅀ', {'ㅂ', 'ㅅ'}: 'ㅄ',
}

// latinKeys is keys the other way round, with joined letters spelled out.
var latinKeys = reverseKeys()

func reverseKeys() map[rune]string {
	out := map[rune]string{}
	for latin, jamo := range keys {
		out[jamo] = string(latin)
	}
	for pair, jamo := range joined {
		out[jamo] = out[pair[0]] + out[pair[1]]
	}
	return out
}

// ToHangul reads Latin letters as what the same keys type on a Korean keyboard: "dlswmd" gives "인증". Letters that make no
// syllable stay single. Everything else is unchanged.
func ToHangul(s string) string {
	var b strings.Builder
	var run []rune
	flush := func() {
		b.WriteString(compose(run))
		run = run[:0]
	}
	for _, r := range s {
		jamo, ok := keys[r]
		if !ok {
			jamo, ok = keys[unicode.ToLower(r)]
		}
		if ok {
			run = append(run, jamo)
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

// ToLatin reads Hangul as what the same keys type on a Latin keyboard: "ㅗ디ㅔ" gives "help".
func ToLatin(s string) string {
	var b strings.Builder
	var letters []rune
	for _, r := range s {
		letters = appendJamo(letters[:0], r)
		for _, l := range letters {
			if k, ok := latinKeys[l]; ok {
				b.WriteString(k)
			} else {
				b.WriteRune(l)
			}
		}
	}
	return b.String()
}

// compose makes syllables of letters in the order in which they were typed, as an input method does.
func compose(letters []rune) string {
	var b strings.Builder
	for i := 0; i < len(letters); {
		lead := index(leads, letters[i])
		vowel, next := nucleus(letters, i+1)
		if lead < 0 || vowel < 0 {
			b.WriteRune(letters[i])
			i++
			continue
		}
		tail, after := coda(letters, next)
		b.WriteRune(rune(firstSyllable + lead*perLead + vowel*perVowel + tail))
		i = after
	}
	return b.String()
}

// nucleus reads a vowel of one or two keys at i: its index in vowels, or -1, and the place after it.
func nucleus(letters []rune, i int) (vowel, next int) {
	if i >= len(letters) {
		return -1, i
	}
	if i+1 < len(letters) {
		if v := index(vowels, joined[[2]rune{letters[i], letters[i+1]}]); v >= 0 {
			return v, i + 2
		}
	}
	return index(vowels, letters[i]), i + 1
}

// coda reads a tail of none, one or two keys at i. A consonant before a vowel begins the next syllable instead.
func coda(letters []rune, i int) (tail, next int) {
	startsSyllable := func(i int) bool {
		return i+1 < len(letters) && index(leads, letters[i]) >= 0 && index(vowels, letters[i+1]) >= 0
	}
	if i >= len(letters) || index(tails, letters[i]) <= 0 || startsSyllable(i) {
		return 0, i
	}
	if i+1 < len(letters) && !startsSyllable(i+1) {
		if t := index(tails, joined[[2]rune{letters[i], letters[i+1]}]); t > 0 {
			return t, i + 2
		}
	}
	return index(tails, letters[i]), i + 1
}

func index(letters []rune, r rune) int {
	if r == 0 {
		return -1
	}
	for i, l := range letters {
		if l == r {
			return i
		}
	}
	return -1
}
