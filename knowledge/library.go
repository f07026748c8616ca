// Package knowledge holds the help-centre articles: it loads them from Markdown
// files with front matter, finds them by id and by words, and shows them.
//
// Article text is only ever what a reviewer wrote: nothing in this package adds to it.
// A [Library] is immutable and safe for concurrent use.
package knowledge

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
	Heading string
	Body    string // Markdown: paragraphs, lists, bold, links
}

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
