package intents

import (
	"slices"

	"haedap/knowledge/text"
)

// sections tells which section of one intent's article a question aims at.
type sections struct {
	names  []string // "" for none in particular, NoSection for what the article does not say
	local  *table   // from a feature's hash to its number among those that this intent's examples have
	linear *linear
}

// trainSections learns each intent's sections from its examples and follow-ups. An intent whose examples name
// no section has none.
func trainSections(c *Catalogue, v *vocabulary) map[string]*sections {
	out := map[string]*sections{}
	others := strangers(c, v)
	for i := range c.Classes {
		class := &c.Classes[i]
		if class.Kind == Answerable {
			out[class.ID] = trainSection(class, v, others)
		}
	}
	return out
}

// stranger is a question that the articles of other classes than its own surely do not answer.
type stranger struct {
	class  string
	vector vector
}

// everyStranger is the share of neighbour topics' examples that sections learn from: one in so many. All of them cost
// more time and tell follow-ups that an article does not answer hardly better.
const everyStranger = 4

// strangers are the follow-ups that some article does not answer, and examples of neighbour topics.
func strangers(c *Catalogue, v *vocabulary) []stranger {
	var out []stranger
	var r reader
	add := func(class, question string) {
		out = append(out, stranger{class, slices.Clone(r.read(v, text.Normalize(question)))})
	}
	for i := range c.Classes {
		class := &c.Classes[i]
		for _, x := range class.Followups {
			if x.Section == NoSection {
				add(class.ID, x.Text)
			}
		}
		for k := 0; class.Kind == Neighbour && k < len(class.Examples); k += everyStranger {
			add(class.ID, class.Examples[k].Text)
		}
	}
	return out
}

func trainSection(c *Class, v *vocabulary, others []stranger) *sections {
	s := &sections{local: newTable(0)}
	var vectors []vector
	var labels []int
	var r reader
	for _, x := range slices.Concat(c.Examples, c.Reads, c.Followups) {
		if x.Section == "" {
			continue
		}
		label := slices.Index(s.names, x.Section)
		if label < 0 {
			label = len(s.names)
			s.names = append(s.names, x.Section)
		}
		read := r.read(v, text.Normalize(x.Text))
		for _, e := range read {
			if h := v.hashes[e.feature]; !s.local.has(h) {
				s.local.put(h, int32(s.local.used))
			}
		}
		vectors, labels = append(vectors, s.translate(v, read)), append(labels, label)
	}
	if len(s.names) == 0 {
		return nil
	}
	if none := slices.Index(s.names, NoSection); none >= 0 {
		for _, o := range others {
			if o.class != c.ID {
				vectors, labels = append(vectors, s.translate(v, o.vector)), append(labels, none)
			}
		}
	}
	s.linear = trainLinear(vectors, labels, len(s.names), s.local.used)
	s.dropFaint()
	return s
}

// dropFaint forgets the features whose weights were dropped.
func (s *sections) dropFaint() {
	kept := newTable(0)
	for hash, n := range s.local.each {
		if row := s.linear.rows[n]; row != faintRow {
			kept.put(hash, row)
		}
	}
	s.local, s.linear.rows = kept, make([]int32, kept.used)
	for n := range s.linear.rows {
		s.linear.rows[n] = int32(n)
	}
}

// translate renumbers a vector's features to those that this intent's examples have.
func (s *sections) translate(words *vocabulary, v vector) vector {
	out := make(vector, 0, len(v))
	for _, e := range v {
		if id, ok := s.local.find(words.hashes[e.feature]); ok {
			out = append(out, entry{id, e.value})
		}
	}
	return out
}

// pick is the section that a full question aims at, or "".
func (s *sections) pick(words *vocabulary, v vector) string {
	name, _ := s.best(words, v, func(n string) bool { return n != NoSection })
	return name
}

// best is the allowed section with the largest margin, and that margin.
func (s *sections) best(words *vocabulary, v vector, allowed func(string) bool) (string, float64) {
	if s == nil {
		return "", 0
	}
	margins := make([]float32, len(s.names))
	s.linear.score(s.translate(words, v), margins)
	at := -1
	for i, n := range s.names {
		if allowed(n) && (at < 0 || margins[i] > margins[at]) {
			at = i
		}
	}
	if at < 0 {
		return "", 0
	}
	return s.names[at], float64(margins[at])
}

// evenOdds is how far a section's margin may lie below that of [NoSection] before it is likelier that the article does
// not say: strangers outnumber an intent's own questions. Found by cross-validation over the follow-ups.
const evenOdds = 1.6

// Followup reads a message as a question about an intent that was just answered: the section of its article that
// answers it, [NoSection] when the article does not say, "" when the intent is unknown or has no sections.
// The margin tells how clear that is, from 0 on; above 1 the message tells its section without a thread.
func (e *Engine) Followup(intent, question string) (section string, margin float64) {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	v := s.reader.read(e.vocabulary, e.prepare(s, question))
	section, margin = e.sections[intent].best(e.vocabulary, v, func(n string) bool { return n != NoSection })
	none, against := e.sections[intent].best(e.vocabulary, v, func(n string) bool { return n == NoSection })
	if none == "" {
		return section, margin + 1
	}
	if odds := margin - against + evenOdds; odds >= 0 {
		return section, odds
	}
	return NoSection, against - margin - evenOdds
}
