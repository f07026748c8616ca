package knowledge

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Load reads every article under articles/ko and articles/en of fsys, checks it, and builds the
// search index. Files that start with a dot or do not end in .md are passed over.
// A folder with anything wrong in it gives a [*LoadError] that lists all of it, and no library.
func Load(fsys fs.FS) (*Library, error) {
	l := loader{fsys: fsys, pages: map[string]map[string]*page{}}
	for _, lang := range Langs {
		l.readFolder(lang)
	}
	l.checkPairs()
	l.checkReferences()
	if len(l.problems) > 0 {
		sortProblems(l.problems)
		return nil, &LoadError{Problems: l.problems}
	}
	articles := map[string]map[string]*Article{}
	for lang, pages := range l.pages {
		articles[lang] = map[string]*Article{}
		for id, p := range pages {
			articles[lang][id] = &p.article
		}
	}
	return newLibrary(articles), nil
}

// loader collects pages and problems. A page whose front matter cannot be read is kept as nil
// under the id that its file name states, so that it is not reported as missing too.
type loader struct {
	fsys     fs.FS
	pages    map[string]map[string]*page // by language, then id
	problems []Problem
}

func (l *loader) report(file string, line int, what, mend string) {
	l.problems = append(l.problems, Problem{File: file, Line: line, What: what, Mend: mend})
}

func (l *loader) readFolder(lang string) {
	l.pages[lang] = map[string]*page{}
	dir := path.Join("articles", lang)
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		l.report(dir, 0, fmt.Sprintf("cannot be read (%v)", err), "put the articles into articles/ko and articles/en")
		return
	}
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			l.report(file, 0, "is a folder, which is not searched for articles", "move its files into "+dir)
		case path.Ext(e.Name()) == ".md":
			l.readFile(file, lang)
		}
	}
	if len(l.pages[lang]) == 0 {
		l.report(dir, 0, "holds no articles", "add at least one .md file")
	}
}

func (l *loader) readFile(file, lang string) {
	stem := strings.TrimSuffix(path.Base(file), ".md")
	data, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.report(file, 0, fmt.Sprintf("cannot be read (%v)", err), "make the file readable")
		l.keep(lang, stem, nil)
		return
	}
	p, problems := parsePage(file, lang, data)
	l.problems = append(l.problems, problems...)
	if p == nil || p.article.ID == "" {
		l.keep(lang, stem, nil)
		return
	}
	id := p.article.ID
	if other := l.pages[lang][id]; other != nil {
		l.report(file, p.line("id"), fmt.Sprintf("id %q is already used by %s:%d", id, other.file, other.line("id")), "give each article an id of its own")
		return
	}
	if id != stem {
		l.report(file, p.line("id"), fmt.Sprintf("id %q differs from the file name", id), "name the file "+id+".md")
	}
	l.keep(lang, id, p)
}

func (l *loader) keep(lang, id string, p *page) {
	if l.pages[lang][id] == nil {
		l.pages[lang][id] = p
	}
}

// checkPairs sees to it that an article reads the same way in both languages.
func (l *loader) checkPairs() {
	for _, lang := range Langs {
		for id, p := range l.pages[lang] {
			for _, other := range Langs {
				if _, ok := l.pages[other][id]; !ok && p != nil {
					l.report(p.file, 0, "has no counterpart in "+other, "write "+path.Join("articles", other, id+".md"))
				}
			}
		}
	}
	first := l.pages[Langs[0]]
	for _, lang := range Langs[1:] {
		for id, p := range l.pages[lang] {
			if a := first[id]; a != nil && p != nil {
				l.compare(a, p)
			}
		}
	}
}

func (l *loader) compare(a, b *page) {
	if want, got := a.article.sectionIDs(), b.article.sectionIDs(); !slices.Equal(want, got) {
		l.report(b.file, b.line("sections"), fmt.Sprintf("sections %s differ from sections %s of %s", strings.Join(got, ", "), strings.Join(want, ", "), a.file),
			"give both languages the same sections in the same order")
	}
	if a.article.Primary != b.article.Primary {
		l.report(b.file, b.line("primary"), fmt.Sprintf("primary %q differs from %q in %s", b.article.Primary, a.article.Primary, a.file), "choose the same section in both languages")
	}
	if !slices.Equal(a.article.Related, b.article.Related) {
		l.report(b.file, b.line("related"), "related differs from "+a.file, "list the same ids in both languages")
	}
}

// checkReferences looks up what articles say of each other.
func (l *loader) checkReferences() {
	for _, lang := range Langs {
		for _, id := range slices.Sorted(maps.Keys(l.pages[lang])) {
			p := l.pages[lang][id]
			if p == nil {
				continue
			}
			for i, r := range p.article.Related {
				if _, ok := l.pages[lang][r]; !ok || r == id {
					l.report(p.file, p.line(fmt.Sprintf("related[%d]", i)), fmt.Sprintf("related %q is no other article", r), "name the id of another article, or remove it")
				}
			}
		}
	}
}

func (a *Article) sectionIDs() []string {
	ids := make([]string, len(a.Sections))
	for i, s := range a.Sections {
		ids[i] = s.ID
	}
	return ids
}
