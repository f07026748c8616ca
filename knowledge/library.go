// Package knowledge holds the help-centre articles: it loads them from Markdown
// files with front matter, finds them by id and by words, and shows them.
//
// Article text is only ever what a reviewer wrote: nothing in this package adds to it.
// [Load] takes a folder whole or not at all, and says everything that is wrong with it
// at once. A [Library] is immutable and safe for concurrent use, and the same folder
// and query give the same results in the same order on every run and machine.
package knowledge

import (
	"embed"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

//go:embed articles
var embedded embed.FS

// Embedded is the set of articles that is built into the binary, laid out for [Load].
func Embedded() fs.FS { return embedded }

// Langs are the languages that every article is written in; the first is the one
// used where another is asked for.
var Langs = []string{"ko", "en"}

// Library is a loaded set of articles with its search index.
type Library struct {
	articles map[string]map[string]*Article // by language, then id
	indexes  map[string]*index              // by language
	ids      []string                       // sorted
}

// Article is one help-centre article in one language.
type Article struct {
	ID       string
	Lang     string // "ko" or "en"
	Title    string // the question that it answers
	Facets   Facets
	Source   Source
	Checked  string   // year-month in which a reviewer last compared it with the source
	Related  []string // ids
	Primary  string   // id of the section shown when a question aims at none
	Lead     string   // Markdown before the first heading: always shown
	Sections []Section
}

// Facets are the bracketed words of the help centre's list: [service][category][platform].
type Facets struct {
	Service  string `yaml:"service"`
	Category string `yaml:"category"`
	Platform string `yaml:"platform"`
}

// Source says where an article's facts come from.
type Source struct {
	Name string `yaml:"name"`
	URL  string `yaml:"url"`
}

// Section is one headed part of an article.
type Section struct {
	ID      string
	Heading string // plain text
	Body    string // Markdown: paragraphs, lists, bold, links
}

// newLibrary builds the search indexes over articles that were found to be right.
func newLibrary(articles map[string]map[string]*Article) *Library {
	l := &Library{articles: articles, indexes: map[string]*index{}}
	l.ids = slices.Sorted(maps.Keys(articles[Langs[0]]))
	for _, lang := range Langs {
		ordered := make([]*Article, len(l.ids))
		for i, id := range l.ids {
			ordered[i] = articles[lang][id]
		}
		l.indexes[lang] = newIndex(ordered)
	}
	return l
}

// Article finds an article by id in a language of [Langs].
func (l *Library) Article(id, lang string) (*Article, bool) {
	a, ok := l.articles[lang][id]
	return a, ok
}

// IDs lists all articles in alphabetical order.
func (l *Library) IDs() []string { return slices.Clone(l.ids) }

// Section finds a section by id; "" finds the primary one.
func (a *Article) Section(id string) (Section, bool) {
	if id == "" {
		id = a.Primary
	}
	for _, s := range a.Sections {
		if s.ID == id {
			return s, true
		}
	}
	return Section{}, false
}

// Markdown gives the whole text of the article: title, lead and every section with its heading.
func (a *Article) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + escapeMarkdown(a.Title) + "\n\n" + a.Lead + "\n")
	for _, s := range a.Sections {
		b.WriteString("\n" + s.Markdown())
	}
	return b.String()
}

// Markdown gives the section under its heading.
func (s Section) Markdown() string {
	return "## " + escapeMarkdown(s.Heading) + "\n\n" + s.Body + "\n"
}

// String gives the facets as the help centre lists them: "[카카오톡][신고/이용제한/정책][공통]".
func (f Facets) String() string {
	return "[" + f.Service + "][" + f.Category + "][" + f.Platform + "]"
}
