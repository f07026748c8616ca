package desk

import (
	"fmt"
	"slices"
	"strings"

	"haedap/intents"
	"haedap/knowledge"
)

// maxCandidates is how many intents a reply names as what the question may mean.
const maxCandidates = 5

// part shows an intent's article in lang, opened at a section of it ("" for the primary one).
func (d *Desk) part(intent, section, lang string) Part {
	id := d.classes[intent].Article
	a, _ := d.library.Article(id, lang) // New has checked that it is there
	opened, ok := a.Section(section)
	if !ok {
		opened, _ = a.Section("")
	}
	p := Part{Intent: intent, Article: id, Section: opened.ID, Title: a.Title, URL: a.Source.URL, Source: Source(a, In(lang))}
	p.Shown, p.Folded = lay(a, opened.ID)
	return p
}

// widen shows some sections of a part's article, in that order.
func (d *Desk) widen(p *Part, lang string, sections []string) {
	if a, ok := d.library.Article(p.Article, lang); ok && len(sections) > 0 {
		p.Shown, p.Folded = lay(a, sections...)
	}
}

// lay divides an article into what is shown, its lead and the sections named, in that order, and what is folded away.
func lay(a *knowledge.Article, sections ...string) (shown, folded string) {
	open, closed := []string{a.Lead}, []string{}
	for _, id := range sections {
		if s, ok := a.Section(id); ok {
			open = append(open, strings.TrimSpace(s.Markdown()))
		}
	}
	for _, s := range a.Sections {
		if !slices.Contains(sections, s.ID) {
			closed = append(closed, strings.TrimSpace(s.Markdown()))
		}
	}
	return strings.TrimSpace(strings.Join(open, "\n\n")), strings.Join(closed, "\n\n")
}

// Source names where an article's facts come from and when they were checked.
func Source(a *knowledge.Article, w Words) string {
	if a.Checked == "" {
		return a.Source.Name
	}
	return a.Source.Name + " (" + fill(w.Checked, a.Checked) + ")"
}

// candidates names the best of a ranking for people.
func (d *Desk) candidates(ranked []intents.Score, lang string, most int) []Candidate {
	var out []Candidate
	for _, s := range ranked[:min(len(ranked), most)] {
		out = append(out, Candidate{Intent: s.Intent, Label: d.label(s.Intent, lang), Score: s.P})
	}
	return out
}

// hopeless is the probability below which an article is not worth anybody's look.
const hopeless = 0.02

// worthALook are the candidates that may be meant.
func worthALook(candidates []Candidate) []Candidate {
	return slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.Score < hopeless })
}

// label names a class for people, "" when it is not in the catalogue.
func (d *Desk) label(id, lang string) string {
	c, ok := d.classes[id]
	if !ok {
		return ""
	}
	return c.Label.In(lang)
}

// Choice is a button under a clarification.
type Choice struct {
	Action Action
	Intent string // for Choose
	Label  string
}

// Choices are the buttons of a clarification: one for each offer, and one for whoever means none of them.
func (r Reply) Choices() []Choice {
	w := In(r.Lang)
	if len(r.Offered) == 1 { // asked about by its name
		return []Choice{{Choose, r.Offered[0].Intent, w.ButtonYes}, {Human, "", w.ButtonHuman}}
	}
	var out []Choice
	for _, c := range r.Offered {
		out = append(out, Choice{Choose, c.Intent, c.Label})
	}
	return append(out, Choice{OtherThan, "", w.ButtonOther})
}

// Plain is what a person sees of the reply at once, as text without marks: what is folded away is left out, the
// choices of a clarification are listed under numbers.
func (r Reply) Plain() string {
	w := In(r.Lang)
	var blocks []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			blocks = append(blocks, s)
		}
	}
	add(r.Lead)
	for _, p := range r.Parts {
		add("[" + p.Title + "]\n" + knowledge.Plain(p.Shown))
		add(strings.TrimSpace(fill(w.Source, p.Source) + " " + p.URL))
	}
	if r.Decision == Clarify {
		var list strings.Builder
		for i, c := range r.Choices() {
			fmt.Fprintf(&list, "%d. %s\n", i+1, c.Label)
		}
		add(list.String())
	}
	add(r.Tail)
	return strings.Join(blocks, "\n\n")
}
