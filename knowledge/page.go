package knowledge

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	yamlast "github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"
)

// fence is the line before and after the front matter.
const fence = "---"

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// frontMatter is the head of an article file. Every key but related and source.url is needed.
type frontMatter struct {
	ID      string   `yaml:"id"`
	Title   string   `yaml:"title"`
	Facets  Facets   `yaml:",inline"`
	Source  Source   `yaml:"source"`
	Checked string   `yaml:"checked"`
	Related []string `yaml:"related"`
	Primary string   `yaml:"primary"`
}

// page is an article with the places that messages point to.
type page struct {
	file    string
	article Article
	head    *yamlast.File // front matter; lines count from the start of the file
	body    int           // line of the first section, or of the front matter's end
}

// line tells where a key of the front matter stands ("related[1]"), or the "sections".
func (p *page) line(key string) int {
	if key == "sections" {
		return p.body
	}
	if where, err := yaml.PathString("$." + key); err == nil && p.head != nil {
		if n, err := where.FilterFile(p.head); err == nil && n != nil && n.GetToken() != nil {
			return n.GetToken().Position.Line
		}
	}
	return 1
}

// parsePage reads one article file. The page is nil when its front matter cannot be read at all.
func parsePage(file, lang string, data []byte) (*page, []Problem) {
	r := reporter{file: file}
	if !utf8.Valid(data) {
		r.report(0, "is not valid UTF-8", "save the file as UTF-8")
		return nil, r.problems
	}
	src := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	head, body, ok := splitFrontMatter(src)
	if !ok {
		r.report(1, "has no front matter", "start the file with a line "+fence+", the keys, and a line "+fence)
		return nil, r.problems
	}
	p := &page{file: file}
	fm, ok := p.decode(head, &r)
	if !ok {
		return nil, r.problems
	}
	p.article = Article{
		ID: fm.ID, Lang: lang, Title: strings.TrimSpace(fm.Title), Facets: fm.Facets, Source: fm.Source,
		Checked: fm.Checked, Related: fm.Related, Primary: fm.Primary,
	}
	p.checkHead(&r)
	p.readBody(body, &r)
	return p, r.problems
}

// splitFrontMatter cuts a file in two in such a way that both parts keep their line numbers:
// each line of the other part is left empty.
func splitFrontMatter(src string) (head, body string, ok bool) {
	rest, ok := strings.CutPrefix(src, fence+"\n")
	if !ok {
		return "", "", false
	}
	head, body, ok = strings.Cut("\n"+rest, "\n"+fence+"\n")
	if !ok {
		head, ok = strings.CutSuffix("\n"+rest, "\n"+fence)
	}
	return head, strings.Repeat("\n", strings.Count(head, "\n")+2) + body, ok
}

// decode reads the front matter. An unknown key is reported and passed over, so that the other
// problems of the file are found in the same run.
func (p *page) decode(head string, r *reporter) (frontMatter, bool) {
	fm, err := p.unmarshal(head, yaml.Strict())
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		r.yaml(err)
		fm, err = p.unmarshal(head)
	}
	if err != nil {
		r.yaml(err)
	}
	return fm, err == nil
}

// unmarshal keeps a panic of the YAML library, which some malformed tags bring about, to the file
// that causes it.
func (p *page) unmarshal(head string, opts ...yaml.DecodeOption) (fm frontMatter, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("front matter cannot be read (%v)", v)
		}
	}()
	if p.head, err = yamlparser.ParseBytes([]byte(head), 0); err != nil {
		return fm, fmt.Errorf("parse front matter: %w", err)
	}
	if err = yaml.UnmarshalWithOptions([]byte(head), &fm, opts...); err != nil {
		return fm, fmt.Errorf("decode front matter: %w", err)
	}
	return fm, nil
}

func (p *page) checkHead(r *reporter) {
	a := &p.article
	needed := []struct{ key, value string }{
		{"id", a.ID},
		{"title", a.Title},
		{"service", a.Facets.Service},
		{"category", a.Facets.Category},
		{"platform", a.Facets.Platform},
		{"source.name", a.Source.Name},
		{"checked", a.Checked},
		{"primary", a.Primary},
	}
	for _, n := range needed {
		if strings.TrimSpace(n.value) == "" {
			r.report(p.line(n.key), fmt.Sprintf("%s is missing", n.key), "add it to the front matter")
		}
	}
	if a.ID != "" && !idPattern.MatchString(a.ID) {
		r.report(p.line("id"), fmt.Sprintf("id %q is malformed", a.ID), "use small letters, digits and _, a letter first")
	}
	if strings.Contains(a.Title, "\n") {
		r.report(p.line("title"), "title has several lines", "write it on one line")
	}
	for key, v := range map[string]string{"service": a.Facets.Service, "category": a.Facets.Category, "platform": a.Facets.Platform} {
		if strings.ContainsAny(v, "[]\n") {
			r.report(p.line(key), fmt.Sprintf("%s %q holds brackets or several lines", key, v), "write the facet without brackets, on one line")
		}
	}
	if _, err := time.Parse("2006-01", a.Checked); a.Checked != "" && err != nil {
		r.report(p.line("checked"), fmt.Sprintf("checked %q is no month", a.Checked), "write year and month, as in 2026-11")
	}
	if a.Source.URL != "" && !allowedURL(a.Source.URL) {
		r.report(p.line("source.url"), fmt.Sprintf("source.url %q is no web address", a.Source.URL), "write it out with https://, or remove it")
	}
}

// allowedURL tells whether a link may be shown: web addresses and mail addresses only.
func allowedURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	default:
		return false
	}
}

// reporter collects the problems of one file.
type reporter struct {
	file     string
	problems []Problem
}

func (r *reporter) report(line int, what, mend string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, What: what, Mend: mend})
}

// yaml reports an error of the YAML library with its message and line.
func (r *reporter) yaml(err error) {
	var at yaml.Error
	if !errors.As(err, &at) {
		r.report(1, err.Error(), "mend the front matter")
		return
	}
	line := 1
	if t := at.GetToken(); t != nil {
		line = max(1, t.Position.Line)
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		r.report(line, at.GetMessage(), "keys are id, title, service, category, platform, source (name, url), checked, related and primary")
		return
	}
	r.report(line, at.GetMessage(), `mend the front matter; a value with ": " in it wants quotes`)
}
