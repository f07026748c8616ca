package text

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/kljensen/snowball/english"
)

// Two questions may say the same without a word in common. The thesaurus tells which words people use for the same thing: files of
// groups under the fields that they belong to, one file an author, in a folder a language.
//
//	[money]
//	refund: refund, reimburse, money back, get my money back

//go:embed thesaurus
var thesaurusFiles embed.FS

// sense is what a word or phrase may mean: the hashes of its group, and of the group's field.
type sense struct{ group, field uint64 }

// thesaurus finds senses by the words that say them: a tree of the stems of English phrases, and of the letters of Korean ones.
type thesaurus struct {
	next   map[step]int32
	senses [][]sense // by node
}

// step leads from one node of the tree to the next.
type step struct {
	node  int32
	token uint64
}

// root is where every phrase begins; no step leads there.
const root = 0

// shipped is the thesaurus of the embedded files.
var shipped = sync.OnceValue(func() *thesaurus {
	t, err := readThesaurus(thesaurusFiles)
	if err != nil {
		panic(err) // a mistake in the files, which the tests read as well
	}
	return t
})

// Identity names all that the package does to texts: its [Version] and the thesaurus.
var Identity = sync.OnceValue(func() string {
	h := sha256.New()
	fmt.Fprintln(h, Version) //nolint:errcheck // a hash never fails
	err := eachFile(thesaurusFiles, func(_ string, raw []byte) error {
		h.Write(raw)
		return nil
	})
	if err != nil {
		panic(err) // as above
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
})

// eachFile gives the files of the thesaurus, in a fixed order.
func eachFile(fsys fs.FS, use func(name string, raw []byte) error) error {
	names, err := fs.Glob(fsys, "thesaurus/*/*.txt")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if err := use(name, raw); err != nil {
			return err
		}
	}
	return nil
}

// readThesaurus reads all files.
func readThesaurus(fsys fs.FS) (*thesaurus, error) {
	t := &thesaurus{next: map[step]int32{}, senses: [][]sense{nil}}
	return t, eachFile(fsys, t.read)
}

// read reads one file. Groups of different files are different, whatever their names.
func (t *thesaurus) read(name string, raw []byte) error {
	tokens := koreanTokens
	if path.Base(path.Dir(name)) == "en" {
		tokens = englishTokens
	}
	field, groups := "", map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			field = strings.Trim(line, "[]")
			continue
		}
		group, members, ok := strings.Cut(line, ":")
		switch {
		case !ok || field == "":
			return fmt.Errorf("%s:%d: want a [field] first, and then groups such as \"refund: refund, money back\"", name, n)
		case groups[group]:
			return fmt.Errorf("%s:%d: %q is there already: join the groups", name, n, group)
		}
		groups[group] = true
		s := sense{hashOf(name + group), hashOf(path.Dir(name) + field)}
		for member := range strings.SplitSeq(members, ",") {
			said := tokens(member)
			if len(said) == 0 {
				return fmt.Errorf("%s:%d: %q says nothing: English is written in letters, Korean in two syllables or more", name, n, member)
			}
			t.add(said, s)
		}
	}
	return lines.Err()
}

func englishTokens(phrase string) []uint64 {
	var out []uint64
	for word := range strings.FieldsFuncSeq(strings.ToLower(phrase), notLatin) {
		out = append(out, stemHash(word))
	}
	return out
}

func koreanTokens(word string) []uint64 {
	var out []uint64
	for _, r := range Normalize(word) {
		if counts(r) {
			out = append(out, uint64(r))
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func stemHash(word string) uint64 {
	h := seed(Stems)
	for _, r := range english.Stem(word, false) {
		h = mix(h, uint64(r))
	}
	return h
}

func hashOf(s string) uint64 {
	h := seed(Senses)
	for _, r := range s {
		h = mix(h, uint64(r))
	}
	return h
}

func (t *thesaurus) add(tokens []uint64, s sense) {
	node := int32(root)
	for _, token := range tokens {
		next, ok := t.next[step{node, token}]
		if !ok {
			next = int32(len(t.senses))
			t.senses = append(t.senses, nil)
			t.next[step{node, token}] = next
		}
		node = next
	}
	for _, known := range t.senses[node] {
		if known == s {
			return
		}
	}
	t.senses[node] = append(t.senses[node], s)
}

// heard is a sense in a text, and the runes that say it.
type heard struct {
	sense
	span
}

// nearSenses is how many senses one is paired with: so many before it.
const nearSenses = 24

// senses adds, for each phrase of the thesaurus, its group and the group's field, and pairs of groups that stand near.
func (c *Cutter) senses() {
	t := shipped()
	c.heard = c.heard[:0]
	for i := range c.words {
		node := int32(root)
		for _, w := range c.words[i:] {
			if node = t.next[step{node, w.hash}]; node == root {
				break
			}
			for _, s := range t.senses[node] {
				c.heard = append(c.heard, heard{s, span{c.words[i].start, w.end}})
			}
		}
	}
	for i := range c.runes {
		node := int32(root)
		for k := i; k < len(c.runes); k++ {
			if node = t.next[step{node, uint64(c.runes[k])}]; node == root {
				break
			}
			for _, s := range t.senses[node] {
				c.heard = append(c.heard, heard{s, span{c.at[i], c.at[k] + 1}})
			}
		}
	}
	for _, h := range c.heard {
		c.Pieces = append(c.Pieces, Piece{Senses, 1, h.group, h.start, h.end}, Piece{Senses, 1, h.field, h.start, h.end})
	}
	for i, h := range c.heard {
		for _, other := range c.heard[max(0, i-nearSenses):i] {
			if h.group != other.group {
				c.Pieces = append(c.Pieces, Piece{SensePairs, 2, mix(min(h.group, other.group), max(h.group, other.group)), min(h.start, other.start), max(h.end, other.end)})
			}
		}
	}
}
