package intents

import (
	"slices"

	"haedap/knowledge/text"
)

// sections tells which section of one intent's article a question aims at.
type sections struct {
	names  []string // "" for none in particular, NoSection for what the article does not say
	local  subset   // the features that this intent's examples have and that tell its sections apart
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
	s := &sections{local: newSubset(len(v.rarity))}
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
		read := slices.Clone(r.read(v, text.Normalize(x.Text)))
		for _, e := range read {
			s.local.add(e.feature)
		}
		vectors, labels = append(vectors, read), append(labels, label)
	}
	if len(s.names) == 0 {
		return nil
	}
	if none := slices.Index(s.names, NoSection); none >= 0 {
		for _, o := range others {
			if o.class != c.ID {
				vectors, labels = append(vectors, o.vector), append(labels, none)
			}
		}
	}
	features := s.local.count()
	for i, read := range vectors {
		vectors[i] = s.local.translate(read)
	}
	s.linear = trainLinear(vectors, labels, len(s.names), features)
	s.dropFaint(len(v.rarity))
	return s
}

// dropFaint forgets the features whose weights were dropped. Lists of many sections' weights have none of those anyway.
func (s *sections) dropFaint(features int) {
	if !s.linear.few() {
		return
	}
	kept, n := newSubset(features), 0
	for f := range s.local.each {
		if s.linear.packed.rows[n] != noRow { // rows are in the order of the features, as the subset is
			kept.add(f)
		}
		n++
	}
	s.linear.packed.rows = make([]int32, kept.count())
	s.local = kept
	for n := range s.linear.packed.rows {
		s.linear.packed.rows[n] = int32(n)
	}
}

// pick is the section that a full question aims at, or "".
func (s *sections) pick(v vector) string {
	name, _ := s.best(v, func(n string) bool { return n != NoSection })
	return name
}

// best is the allowed section with the largest margin, and that margin.
func (s *sections) best(v vector, allowed func(string) bool) (string, float64) {
	if s == nil {
		return "", 0
	}
	margins := make([]float32, len(s.names))
	s.linear.score(s.local.translate(v), margins)
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
	section, margin = e.sections[intent].best(v, func(n string) bool { return n != NoSection })
	none, against := e.sections[intent].best(v, func(n string) bool { return n == NoSection })
	if none == "" {
		return section, margin + 1
	}
	if odds := margin - against + evenOdds; odds >= 0 {
		return section, odds
	}
	return NoSection, against - margin - evenOdds
}
