package intents_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"haedap/intents"
)

// Letters of Hangul in the order of their places in a syllable, and where keys lie.
var (
	leads  = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
	vowels = []rune("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
	rows   = []string{"ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ", "qwertyuiop", "asdfghjkl", "zxcvbnm"}
)

// syllable is a Hangul syllable as the numbers of its letters; tail 0 is none.
type syllable struct{ lead, vowel, tail int }

const (
	firstSyllable = '가'
	lastSyllable  = '힣'
	tails         = 28
)

func spell(r rune) syllable {
	n := int(r - firstSyllable)
	return syllable{n / tails / len(vowels), n / tails % len(vowels), n % tails}
}

func (s syllable) rune() rune {
	return firstSyllable + rune((s.lead*len(vowels)+s.vowel)*tails+s.tail)
}

// nextKey is a key beside the one that types r, or r when it has none.
func nextKey(r rune, random *rand.Rand) rune {
	for _, row := range rows {
		keys := []rune(row)
		for i, k := range keys {
			if k == r {
				return keys[max(0, min(len(keys)-1, i+1-2*random.IntN(2)))]
			}
		}
	}
	return r
}

// place is the number of r in letters, or otherwise when it is not among them.
func place(letters []rune, r rune, otherwise int) int {
	for i, l := range letters {
		if l == r {
			return i
		}
	}
	return otherwise
}

func isHangul(r rune) bool { return r >= firstSyllable && r <= lastSyllable }
func isLatin(r rune) bool  { return r|' ' >= 'a' && r|' ' <= 'z' }

// slip types one character wrongly; 0 leaves it out.
type slip func(r rune, random *rand.Rand) rune

// anyLetter puts some other letter into a syllable.
func anyLetter(r rune, random *rand.Rand) rune {
	if isLatin(r) {
		return 'a' + rune(random.IntN(26))
	}
	s := spell(r)
	switch random.IntN(3) {
	case 0:
		s.lead = random.IntN(len(leads))
	case 1:
		s.vowel = random.IntN(len(vowels))
	default:
		s.tail = random.IntN(tails)
	}
	return s.rune()
}

// noTail loses a final consonant.
func noTail(r rune, _ *rand.Rand) rune {
	if isLatin(r) {
		return 0
	}
	s := spell(r)
	s.tail = 0
	return s.rune()
}

// besideKey hits the key beside the right one.
func besideKey(r rune, random *rand.Rand) rune {
	if isLatin(r) {
		return nextKey(r|' ', random)
	}
	s := spell(r)
	if random.IntN(2) == 0 {
		s.lead = place(leads, nextKey(leads[s.lead], random), s.lead)
	} else {
		s.vowel = place(vowels, nextKey(vowels[s.vowel], random), s.vowel)
	}
	return s.rune()
}

// every is how many letters or syllables one slip comes on.
const every = 10

// typed makes one slip in every ten syllables that it can befall, and at least one.
func typed(text string, s slip, befalls func(rune) bool, random *rand.Rand) string {
	runes := []rune(text)
	var at []int
	for i, r := range runes {
		if befalls(r) {
			at = append(at, i)
		}
	}
	random.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
	for _, i := range at[:min(len(at), max(1, len(runes)/every))] {
		runes[i] = s(runes[i], random)
	}
	return strings.ReplaceAll(string(runes), "\x00", "")
}

func canSlip(r rune) bool { return isHangul(r) || isLatin(r) }
func hasTail(r rune) bool { return isLatin(r) || isHangul(r) && spell(r).tail > 0 }

// worstLoss is how many points of accuracy any of these noises may cost.
const worstLoss = 2.5

// TestNoise measures how many best candidates noise spoils, on the calibration questions, which the classifier has not learnt.
func TestNoise(t *testing.T) {
	e := shipped()
	noises := []struct {
		name string
		make func(text string, random *rand.Rand) string
	}{
		{"as written", func(text string, _ *rand.Rand) string { return text }},
		{"no spaces", func(text string, _ *rand.Rand) string { return strings.ReplaceAll(text, " ", "") }},
		{"any letter, one in ten", func(text string, random *rand.Rand) string { return typed(text, anyLetter, canSlip, random) }},
		{"lost final consonants, one in ten", func(text string, random *rand.Rand) string { return typed(text, noTail, hasTail, random) }},
		{"neighbouring keys, one in ten", func(text string, random *rand.Rand) string { return typed(text, besideKey, canSlip, random) }},
	}
	var clean float64
	for i, noise := range noises {
		random := rand.New(rand.NewPCG(7, uint64(i)))
		right, all := 0, 0
		for _, q := range e.Catalogue().Calibration {
			class, ok := e.Catalogue().Class(q.Label)
			if !ok || class.Kind != intents.Answerable || !strings.ContainsFunc(q.Text, isHangul) {
				continue
			}
			all++
			if e.Classify(noise.make(q.Text, random)).Ranked[0].Intent == q.Label {
				right++
			}
		}
		if all == 0 {
			t.Fatal("no calibration question")
		}
		accuracy := 100 * float64(right) / float64(all)
		if i == 0 {
			clean = accuracy
		}
		t.Logf("%-34s best candidate right %.1f %% of %d, loss %.1f points", noise.name, accuracy, all, clean-accuracy)
		if clean-accuracy > worstLoss {
			t.Errorf("%s costs %.1f points, more than %.1f", noise.name, clean-accuracy, worstLoss)
		}
	}
}
