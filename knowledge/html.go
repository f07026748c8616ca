package knowledge

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// pagePolicy lets through what articles may hold and nothing else.
var pagePolicy = newPagePolicy()

func newPagePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h1", "h2", "p", "ul", "ol", "li", "strong", "br")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// HTML gives Markdown as HTML that is safe to put into a page: paragraphs, lists, bold,
// headings and links that open apart, without scripts, styles, images or ids.
func HTML(src string) string {
	var b strings.Builder
	// Rendering fails only when the writer does, and a strings.Builder takes every write.
	_ = markdown.Convert([]byte(strings.ToValidUTF8(src, "\ufffd")), &b)
	return pagePolicy.Sanitize(b.String())
}
