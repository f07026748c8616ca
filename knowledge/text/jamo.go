package text

import "strings"

// Hangul syllables are laid out in Unicode as lead × 588 + vowel × 28 + tail.
const (
	firstSyllable = 0xAC00
	syllables     = 11172
	perLead       = 588
	perVowel      = 28
)

var (
	leads  = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
	vowels = []rune("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
	// tails[0] stands for no tail.
	tails = []rune("\x00ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
)

// appendJamo appends the letters of which r is made to dst: a syllable gives two or three, any other rune itself.
func appendJamo(dst []rune, r rune) []rune {
	i := int(r) - firstSyllable
	if i < 0 || i >= syllables {
		return append(dst, r)
	}
	dst = append(dst, leads[i/perLead], vowels[i%perLead/perVowel])
	if t := i % perVowel; t > 0 {
		dst = append(dst, tails[t])
	}
	return dst
}

// Jamo spells s in single letters: "번호" gives "ㅂㅓㄴㅎㅗ".
func Jamo(s string) string {
	out := make([]rune, 0, 3*len(s)/2)
	for _, r := range s {
		out = appendJamo(out, r)
	}
	return string(out)
}

// Initials gives the lead consonant of each syllable of s and leaves other characters out: "인증번호" gives "ㅇㅈㅂㅎ".
func Initials(s string) string {
	var b strings.Builder
	for _, r := range s {
		if i := int(r) - firstSyllable; i >= 0 && i < syllables {
			b.WriteRune(leads[i/perLead])
		}
	}
	return b.String()
}
