package desk

import (
	"strconv"
	"strings"

	"haedap/intents"
	"haedap/knowledge"
)

// maxCandidates is how many intents a reply names as what the question may mean.
const maxCandidates = 5

// part shows an intent's article in lang, opened at a section of it.
func (d *Desk) part(intent, section, lang string) Part {
	id := d.classes[intent].Article
	a, _ := d.library.Article(id, lang) // New has checked that it is there
	shown, ok := a.Section(section)
	if !ok {
		shown, _ = a.Section("")
	}
	p := Part{Intent: intent, Article: id, Section: shown.ID, Title: a.Title, URL: a.Source.URL}
	p.Shown = strings.TrimSpace(a.Lead + "\n\n" + shown.Markdown())
	var folded []string
	for _, s := range a.Sections {
		if s.ID != shown.ID {
			folded = append(folded, strings.TrimSpace(s.Markdown()))
		}
	}
	p.Folded = strings.Join(folded, "\n\n")
	p.Source = source(a, In(lang))
	return p
}

// source names where an article's facts come from and when they were checked.
func source(a *knowledge.Article, w Words) string {
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

// label names a class for people, "" when it is not in the catalogue.
func (d *Desk) label(id, lang string) string {
	c, ok := d.classes[id]
	if !ok {
		return ""
	}
	return c.Label.In(lang)
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
		for i, c := range r.Offered {
			add(strconv.Itoa(i+1) + ". " + c.Label)
		}
		add(strconv.Itoa(len(r.Offered)+1) + ". " + w.ButtonOther)
	}
	add(r.Tail)
	return strings.Join(blocks, "\n\n")
}
