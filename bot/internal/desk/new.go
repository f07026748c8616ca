package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"haedap/intents"
	"haedap/knowledge"
)

// Engine is what the desk needs of [intents.Engine].
type Engine interface {
	Catalogue() *intents.Catalogue
	Classify(text string) intents.Verdict
	// ClassifyWith reads text with its embedding, or as Classify does when that is nil.
	ClassifyWith(text string, embedding []float32) intents.Verdict
	// Followup reads text as a question about intent: the section that answers it, or
	// [intents.NoSection]. The margin, from 0 on, tells how clear that is.
	Followup(intent, text string) (section string, margin float64)
	Explain(text string, v intents.Verdict) []intents.Evidence
}

// Config is what differs from one desk to another.
type Config struct {
	Hours string // when humans answer, as people read it; "" says nothing about it
}

// Desk decides and words replies. It is immutable and safe for concurrent use.
type Desk struct {
	engine  Engine
	library *knowledge.Library
	classes map[string]*intents.Class
	scope   map[string]string // by language: what the articles are about
	cfg     Config
}

// New makes a desk. It fails, naming file, line and mend of everything that is wrong, when the article of
// an intent, or a section that its examples name, is not there in every language.
func New(engine Engine, library *knowledge.Library, cfg Config) (*Desk, error) {
	d := &Desk{engine: engine, library: library, classes: map[string]*intents.Class{}, scope: map[string]string{}, cfg: cfg}
	catalogue := engine.Catalogue()
	if err := Check(catalogue, library); err != nil {
		return nil, fmt.Errorf("match intents to articles: %w", err)
	}
	for i := range catalogue.Classes {
		d.classes[catalogue.Classes[i].ID] = &catalogue.Classes[i]
	}
	for _, lang := range knowledge.Langs {
		d.scope[lang] = scope(library, lang)
	}
	return d, nil
}

// Check tells which articles and sections the catalogue names and the library does not have in every language.
// Its error is [intents.Problems].
func Check(catalogue *intents.Catalogue, library *knowledge.Library) error {
	var problems intents.Problems
	for i := range catalogue.Classes {
		if c := &catalogue.Classes[i]; c.Kind == intents.Answerable {
			problems = append(problems, missing(c, library)...)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// missing tells what an intent names and the library does not have.
func missing(c *intents.Class, library *knowledge.Library) intents.Problems {
	var p intents.Problems
	for _, lang := range knowledge.Langs {
		a, ok := library.Article(c.Article, lang)
		if !ok {
			p = append(p, fmt.Sprintf("%s:%d: article %q does not exist in %q: write knowledge/articles/%s/%s.md or name another article",
				c.File, max(c.Lines.Article, 1), c.Article, lang, lang, c.Article))
			continue
		}
		for _, s := range named(c) {
			if _, ok := a.Section(s); !ok {
				p = append(p, fmt.Sprintf("%s:%d: section %q is not in knowledge/articles/%s/%s.md: use one of %s",
					c.File, max(c.Lines.Sections[s], 1), s, lang, c.Article, strings.Join(ids(a), ", ")))
			}
		}
	}
	return p
}

// named lists the sections that a class's examples aim at.
func named(c *intents.Class) []string {
	set := map[string]bool{}
	for _, e := range c.Examples {
		set[e.Section] = true
	}
	for _, e := range c.Followups {
		if e.Section != intents.NoSection {
			set[e.Section] = true
		}
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

func ids(a *knowledge.Article) []string {
	var out []string
	for _, s := range a.Sections {
		out = append(out, s.ID)
	}
	return out
}

// scope names what the articles are about: the facets that all of them share, or the services.
func scope(library *knowledge.Library, lang string) string {
	services, categories := map[string]bool{}, map[string]bool{}
	for _, id := range library.IDs() {
		if a, ok := library.Article(id, lang); ok {
			services[a.Facets.Service], categories[a.Facets.Category] = true, true
		}
	}
	name := strings.Join(slices.Sorted(maps.Keys(services)), ", ")
	if len(services) == 1 && len(categories) == 1 {
		for category := range categories {
			name += " " + strings.ReplaceAll(strings.ToLower(category), "/", map[string]string{"ko": "·", "en": ", "}[lang])
		}
	}
	return strings.TrimSpace(name)
}
