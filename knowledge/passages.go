package knowledge

import (
	"regexp"
	"strings"
)

// Passage is a title, a heading or a sentence of an article, as plain text.
type Passage struct {
	Section string // id, "" for the title and the lead
	Text    string
}

// sentenceEnd is where a sentence ends, or a line.
var sentenceEnd = regexp.MustCompile(`[.!?]\s+|\n+`)

// shortest is the fewest bytes of a passage that says something.
const shortest = 4

// Passages cuts an article into what can be read alone, in order.
func (a *Article) Passages() []Passage {
	var out []Passage
	add := func(section, plain string) {
		for _, s := range sentenceEnd.Split(plain, -1) {
			if s = strings.TrimSpace(strings.TrimPrefix(s, "· ")); len(s) >= shortest {
				out = append(out, Passage{section, s})
			}
		}
	}
	add("", a.Title+"\n"+Plain(a.Lead))
	for _, s := range a.Sections {
		add(s.ID, s.Heading+"\n"+Plain(s.Body))
	}
	return out
}
