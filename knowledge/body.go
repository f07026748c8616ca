package knowledge

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// markdown is the one reader of Markdown: CommonMark with ids on headings.
var markdown = goldmark.New(goldmark.WithParserOptions(parser.WithHeadingAttribute()))

// readBody cuts the Markdown after the front matter into lead and sections. It wants only what
// every door can show: paragraphs, lists, bold and links, under headings of the second level.
func (p *page) readBody(body string, r *reporter) {
	src := []byte(body)
	lineOf := func(n ast.Node) int { return lineAt(src, n) }
	doc := markdown.Parser().Parse(text.NewReader(src))
	checkBlocks(doc, src, r, lineOf)
	var headings []*ast.Heading
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			headings = append(headings, h)
		}
	}
	p.body = strings.Count(body, "\n") - strings.Count(strings.TrimLeft(body, "\n"), "\n")
	p.cut(src, headings, r, lineOf)
}

// cut takes the text between the headings as it was written.
func (p *page) cut(src []byte, headings []*ast.Heading, r *reporter, lineOf func(ast.Node) int) {
	a := &p.article
	end := len(src)
	if len(headings) > 0 {
		end = headings[0].Pos()
		p.body = lineOf(headings[0])
	} else {
		r.report(p.body, "has no section", "add a heading such as ## Heading {#id}")
	}
	if a.Lead = strings.TrimSpace(string(src[:end])); a.Lead == "" {
		r.report(p.body, "has no lead", "write one to three sentences before the first heading")
	}
	for i, h := range headings {
		end = len(src)
		if i+1 < len(headings) {
			end = headings[i+1].Pos()
		}
		_, body, _ := strings.Cut(string(src[h.Pos():end]), "\n")
		s := Section{ID: headingID(h), Heading: plainInline(h, src), Body: strings.TrimSpace(body)}
		p.checkSection(s, lineOf(h), r)
		a.Sections = append(a.Sections, s)
	}
	if _, ok := a.Section(a.Primary); !ok && a.Primary != "" {
		r.report(p.line("primary"), fmt.Sprintf("primary %q is no section of this article", a.Primary), "name one of "+strings.Join(a.sectionIDs(), ", "))
	}
}

func (p *page) checkSection(s Section, line int, r *reporter) {
	switch {
	case s.ID == "":
		r.report(line, fmt.Sprintf("heading %q has no id", s.Heading), "add {#id} after it")
	case !idPattern.MatchString(s.ID):
		r.report(line, fmt.Sprintf("section id %q is malformed", s.ID), "use small letters, digits and _, a letter first")
	}
	if s.Heading == "" {
		r.report(line, fmt.Sprintf("section %q has an empty heading", s.ID), "write a heading of a few words")
	}
	if s.Body == "" {
		r.report(line, fmt.Sprintf("section %q is empty", s.ID), "write it or remove its heading")
	}
	if _, ok := p.article.Section(s.ID); ok && s.ID != "" {
		r.report(line, fmt.Sprintf("section id %q is used twice", s.ID), "give each section an id of its own")
	}
}

func headingID(h *ast.Heading) string {
	id, _ := h.AttributeString("id")
	b, _ := id.([]byte)
	return string(b)
}

// lineAt tells the line of a node, or of the nearest node around it whose place is known.
func lineAt(src []byte, n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at := n.Pos(); at >= 0 && at <= len(src) {
			return 1 + strings.Count(string(src[:at]), "\n")
		}
	}
	return 1
}

// checkBlocks reports every node that some door could not show.
func checkBlocks(doc ast.Node, src []byte, r *reporter, lineOf func(ast.Node) int) {
	// The visitor returns no error, so neither does Walk.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		what, mend := fault(n, src)
		if what == "" {
			return ast.WalkContinue, nil
		}
		r.report(lineOf(n), what, mend)
		return ast.WalkSkipChildren, nil
	})
}

const useOnly = "use paragraphs, lists, bold and links only"

// fault says what is wrong with a node, or "".
func fault(n ast.Node, src []byte) (what, mend string) {
	switch n := n.(type) {
	case *ast.Document, *ast.Paragraph, *ast.TextBlock, *ast.List, *ast.ListItem, *ast.String:
		return "", ""
	case *ast.Text:
		if strings.Contains(string(n.Value(src)), "**") {
			return "has ** that marks nothing", "close it, or end bold on a letter (Markdown does not close it between ) and a particle)"
		}
		return "", ""
	case *ast.Heading:
		underlined := src[n.Pos()] != '#'
		if n.Level == 2 && n.Parent().Kind() == ast.KindDocument && !underlined {
			return "", ""
		}
		return "has a heading that starts no section", "write headings as ## Heading {#id}, not inside a list and not underlined"
	case *ast.Emphasis:
		if n.Level == 2 {
			return "", ""
		}
		return "has italics", "write **bold** or plain text"
	case *ast.Link:
		return faultyLink(string(n.Destination))
	case *ast.AutoLink:
		if n.AutoLinkType == ast.AutoLinkEmail {
			return "", ""
		}
		return faultyLink(string(n.URL(src)))
	case *ast.Image:
		return "has an image", "say in words what it shows"
	case *ast.HTMLBlock, *ast.RawHTML:
		return "has raw HTML", useOnly
	case *ast.LinkReferenceDefinition:
		return "has a link whose address stands apart from it", "write links as [label](https://…)"
	default:
		return "has a " + n.Kind().String(), useOnly
	}
}

func faultyLink(dest string) (what, mend string) {
	if allowedURL(dest) {
		return "", ""
	}
	return fmt.Sprintf("links to %q", dest), "link to an address that starts with https://, http:// or mailto:"
}
