package knowledge

import (
	"bufio"
	"bytes"
	stdhtml "html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Plain gives Markdown as text without marks, for terminals and replies to copy: list items
// start with "· ", links read "label (address)".
func Plain(markdown string) string { return show(markdown, plain{}) }

// Mrkdwn gives Markdown in Slack's own markup: everything escaped, so that nothing in it can ping
// anyone, *bold*, <address|label>, "• " before list items. Links other than web and mail
// addresses become their label.
func Mrkdwn(markdown string) string { return show(markdown, mrkdwn{}) }

// dialect says how a door writes what Markdown marks.
type dialect interface {
	text(s string) string
	bold(inner string) string
	link(label, address string) string
	bullet() string
	joint() string // between bold and text that touches it
}

type plain struct{}

func (plain) text(s string) string { return s }
func (plain) bold(s string) string { return s }
func (plain) bullet() string       { return "· " }
func (plain) joint() string        { return "" }
func (plain) link(label, address string) string {
	if label == address || label == "" {
		return address
	}
	return label + " (" + address + ")"
}

type mrkdwn struct{}

var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (mrkdwn) text(s string) string { return slackEscapes.Replace(s) }
func (mrkdwn) bullet() string       { return "• " }

// joint is an invisible blank: Slack takes "*" for a mark only at the edge of a word, and Korean
// particles follow without a blank.
func (mrkdwn) joint() string { return "\u200b" }

func (mrkdwn) bold(s string) string {
	if strings.TrimSpace(s) == "" {
		return s
	}
	return "*" + s + "*"
}

func (mrkdwn) link(label, address string) string {
	address = strings.ReplaceAll(slackEscapes.Replace(string(util.URLEscape([]byte(address), false))), "|", "%7C")
	if label == "" {
		return "<" + address + ">"
	}
	return "<" + address + "|" + strings.ReplaceAll(label, "\n", " ") + ">"
}

func show(src string, d dialect) string {
	s := shower{src: []byte(strings.ToValidUTF8(src, "\ufffd")), dialect: d}
	s.blocks(markdown.Parser().Parse(text.NewReader(s.src)), "")
	return strings.TrimSpace(s.out.String())
}

// shower writes a parsed document in one dialect.
type shower struct {
	dialect dialect
	src     []byte
	out     strings.Builder
}

// blocks writes the children of n, each on lines of its own that start with indent.
func (s *shower) blocks(n ast.Node, indent string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.PreviousSibling() != nil {
			s.out.WriteString("\n")
			if c.Kind() != ast.KindTextBlock && !isTight(c) {
				s.out.WriteString("\n")
			}
			s.out.WriteString(indent)
		}
		s.block(c, indent)
	}
}

// isTight tells whether n follows its predecessor without an empty line: the items of a list,
// and what stands below an item's first line.
func isTight(n ast.Node) bool {
	return n.Kind() == ast.KindListItem || n.Parent().Kind() == ast.KindListItem
}

func (s *shower) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		s.out.WriteString(strings.ReplaceAll(s.inline(n), "\n", "\n"+indent))
	case *ast.Heading:
		s.out.WriteString(s.dialect.bold(s.inline(n)))
	case *ast.ListItem:
		mark := s.mark(n)
		s.out.WriteString(mark)
		s.blocks(n, indent+strings.Repeat(" ", utf8.RuneCountInString(mark)))
	default:
		if n.Type() == ast.TypeBlock && n.HasChildren() {
			s.blocks(n, indent)
			return
		}
		s.out.WriteString(strings.ReplaceAll(s.dialect.text(strings.TrimSpace(string(n.Lines().Value(s.src)))), "\n", "\n"+indent))
	}
}

// mark gives what stands before a list item: a bullet or its number.
func (s *shower) mark(item *ast.ListItem) string {
	list, ok := item.Parent().(*ast.List)
	if !ok || !list.IsOrdered() {
		return s.dialect.bullet()
	}
	number := list.Start
	for p := item.PreviousSibling(); p != nil; p = p.PreviousSibling() {
		number++
	}
	return strconv.Itoa(number) + ". "
}

func (s *shower) inline(n ast.Node) string {
	var b strings.Builder
	afterBold := false
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		piece := s.span(c)
		e, isEmphasis := c.(*ast.Emphasis)
		isBold := isEmphasis && e.Level == 2
		if (isBold || afterBold) && touch(b.String(), piece) {
			b.WriteString(s.dialect.joint())
		}
		b.WriteString(piece)
		afterBold = isBold
	}
	return b.String()
}

// touch tells whether two pieces meet without anything between words (or the mark of bold).
func touch(before, after string) bool {
	l, _ := utf8.DecodeLastRuneInString(before)
	r, _ := utf8.DecodeRuneInString(after)
	return before != "" && after != "" && isWord(l) && isWord(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '*' }

func (s *shower) span(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Text:
		t := s.dialect.text(unescape(n.Value(s.src)))
		switch {
		case n.HardLineBreak():
			return t + "\n"
		case n.SoftLineBreak():
			return t + " "
		}
		return t
	case *ast.String:
		return s.dialect.text(string(n.Value))
	case *ast.Emphasis:
		if n.Level == 2 {
			return s.dialect.bold(s.inline(n))
		}
		return s.inline(n)
	case *ast.Link:
		return s.link(s.inline(n), unescape(n.Destination))
	case *ast.AutoLink:
		if n.AutoLinkType == ast.AutoLinkEmail {
			return s.dialect.text(string(n.Label(s.src)))
		}
		return s.link(s.dialect.text(string(n.Label(s.src))), string(n.URL(s.src)))
	case *ast.RawHTML:
		return s.dialect.text(string(n.Segments.Value(s.src)))
	default:
		return s.inline(n)
	}
}

func (s *shower) link(label, address string) string {
	if !allowedURL(address) {
		return label
	}
	return s.dialect.link(label, address)
}

// unescape resolves backslashes and entities by the rules of Markdown.
func unescape(raw []byte) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, raw)
	// A bytes.Buffer takes every write.
	_ = w.Flush()
	return stdhtml.UnescapeString(b.String())
}

// plainInline gives the text of a heading.
func plainInline(n ast.Node, src []byte) string {
	s := shower{src: src, dialect: plain{}}
	return strings.TrimSpace(s.inline(n))
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "#", `\#`, "{", `\{`, "}", `\}`,
)

// escapeMarkdown gives Markdown that reads as s.
func escapeMarkdown(s string) string { return markdownEscapes.Replace(s) }
