package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Family is a kind of piece that [Pieces] cuts from a text.
type Family uint8

// The families of pieces. Each sees past another kind of noise.
const (
	Letters    Family = iota // runs of 1–5 single letters (jamo), blanks count between Latin ones only: typing errors, lost final consonants
	Syllables                // runs of 1–3 syllables or characters, blanks likewise: wrong or missing spaces
	Stems                    // English words by their stems, and pairs of words that stand near: inflection, word order
	Senses                   // what words mean, and the field of that: other words for the same
	SensePairs               // pairs of what is meant
	Families                 // how many there are
)

// LongestLetters is how many letters the longest piece of [Letters] has.
const LongestLetters = 5

const (
	longestSyllables = 3
	edge             = '\u0002' // stands before the first and after the last character
)

// Piece is one piece of a text: its family's hash of what it says, and where it stands.
type Piece struct {
	Family     Family
	Length     uint8 // letters, syllables or stems
	Hash       uint64
	Start, End int // runes of the normalized text, End exclusive
}

// Cutter cuts texts into pieces. It keeps its buffers between texts and is not safe for concurrent use.
type Cutter struct {
	Senses  bool    // cut what the words mean as well, by the thesaurus
	Literal bool    // for texts that state facts: what is denied is cut like everything else, blanks never count, only neighbours are paired
	Pieces  []Piece // of the last text

	runes   []rune
	at      []int // for each of runes: its place in the normalized text
	letters []rune
	from    []int
	denied  []span
	words   []stem
	heard   []heard
}

// Cut fills c.Pieces with the pieces of a normalized text, in a fixed order.
func (c *Cutter) Cut(normalized string) {
	c.Pieces, c.runes, c.at = c.Pieces[:0], c.runes[:0], c.at[:0]
	c.letters, c.from = c.letters[:0], c.from[:0]
	c.denied, c.words = c.denied[:0], c.words[:0]
	if !c.Literal {
		c.denied = denied(c.denied, normalized)
	}
	c.add(edge, 0)
	latin := false
	n := 0
	last, lastAt := rune(edge), -1
	for _, r := range normalized {
		if counts(r) {
			if !c.Literal && !notLatin(r) && !notLatin(last) && n > lastAt+1 { // people leave out blanks between Korean words, hardly between English ones
				c.add(' ', n-1)
			}
			c.add(r, n)
			latin = latin || !notLatin(r)
			last, lastAt = r, n
		}
		n++
	}
	c.add(edge, max(n-1, 0))
	c.slide(Letters, c.letters, c.from, LongestLetters)
	c.slide(Syllables, c.runes, c.at, longestSyllables)
	if latin {
		c.stems(normalized)
	}
	if c.Senses {
		c.senses()
	}
	for i, p := range c.Pieces {
		if c.isDenied(p) {
			c.Pieces[i].Hash = mix(p.Hash, denial)
		}
	}
}

// denial turns the hash of a piece into that of its denial.
const denial = 0x6e6f74

func (c *Cutter) isDenied(p Piece) bool {
	for _, d := range c.denied {
		if p.Start >= d.start && p.End <= d.end {
			return true
		}
	}
	return false
}

// counts tells whether a rune says something.
func counts(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || isLoneJamo(r) }

func isLoneJamo(r rune) bool { return r >= 'ㄱ' && r <= 'ㅣ' }

func (c *Cutter) add(r rune, at int) {
	c.runes, c.at = append(c.runes, r), append(c.at, at)
	before := len(c.letters)
	c.letters = appendJamo(c.letters, r)
	for range c.letters[before:] {
		c.from = append(c.from, at)
	}
}

// slide adds every run of 1 to longest runes.
func (c *Cutter) slide(f Family, runes []rune, at []int, longest int) {
	for i := range runes {
		h := seed(f)
		for j := i; j < len(runes) && j < i+longest; j++ {
			h = mix(h, uint64(runes[j]))
			c.Pieces = append(c.Pieces, Piece{f, uint8(j - i + 1), h, at[i], at[j] + 1})
		}
	}
}

// near is how many words a word is paired with: so many before it. In a question two words that say it may stand anywhere; in a
// literal text, which is long, such pairs would only drown the words.
const near = 12

// stem is a word of a text.
type stem struct {
	hash uint64
	span
}

// stems adds the stem of each English word, and each pair of different stems that stand near, in either order.
func (c *Cutter) stems(normalized string) {
	reach := near
	if c.Literal {
		reach = 1
	}
	at := 0
	for _, field := range strings.FieldsFunc(normalized, notLatin) {
		start := at + strings.Index(normalized[at:], field)
		at = start + len(field)
		first := utf8.RuneCountInString(normalized[:start])
		last := first + len(field)
		h := stemHash(field)
		c.Pieces = append(c.Pieces, Piece{Stems, 1, h, first, last})
		for _, w := range c.words[max(0, len(c.words)-reach):] {
			if w.hash != h {
				c.Pieces = append(c.Pieces, Piece{Stems, 2, mix(min(w.hash, h), max(w.hash, h)), w.start, last})
			}
		}
		c.words = append(c.words, stem{h, span{first, last}})
	}
}

func notLatin(r rune) bool { return r < 'a' || r > 'z' }

// seed and mix hash pieces; any change of them is a new Version.
func seed(f Family) uint64 { return 0x9e3779b97f4a7c15 * (uint64(f) + 1) }

func mix(h, v uint64) uint64 {
	h ^= v
	h *= 0xff51afd7ed558ccd
	return h ^ h>>32
}
