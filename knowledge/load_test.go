package knowledge

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// rightPage is an article with nothing wrong in it; tests break it in one place.
const rightPage = `---
id: lost_card
title: I lost my card
service: Bank
category: Cards
platform: All
source:
  name: Help centre
  url: https://example.com/help
checked: 2026-11
related: [new_card]
primary: block
---
Block it at once.

## Blocking {#block}

Call **us**, or use [the page](https://example.com/block).

## A new card {#fresh}

- It comes by post.
- It costs nothing.
`

func rightFolder() fstest.MapFS {
	other := strings.NewReplacer("lost_card", "new_card", "[new_card]", "[lost_card]").Replace(rightPage)
	fsys := fstest.MapFS{"README.md": {Data: []byte("not an article")}}
	for _, lang := range Langs {
		fsys["articles/"+lang+"/lost_card.md"] = &fstest.MapFile{Data: []byte(rightPage)}
		fsys["articles/"+lang+"/new_card.md"] = &fstest.MapFile{Data: []byte(other)}
		fsys["articles/"+lang+"/.lost_card.md.swp"] = &fstest.MapFile{Data: []byte("\xff")}
	}
	return fsys
}

func TestLoadReadsAnArticleWhole(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{"LF": rightFolder(), "CRLF and BOM": windowsFolder()} {
		l := mustLoad(t, fsys)
		if !slices.Equal(l.IDs(), []string{"lost_card", "new_card"}) {
			t.Fatalf("%s: ids are %v", name, l.IDs())
		}
		a, _ := l.Article("lost_card", "en")
		if a.Lead != "Block it at once." || a.Title != "I lost my card" || a.Facets.String() != "[Bank][Cards][All]" || a.Source.URL != "https://example.com/help" || a.Lang != "en" {
			t.Errorf("%s: read %+v", name, a)
		}
		if s, ok := a.Section("fresh"); !ok || s.Heading != "A new card" || s.Body != "- It comes by post.\n- It costs nothing." {
			t.Errorf("%s: section fresh is %+v", name, s)
		}
		if s, ok := a.Section(""); !ok || s.ID != "block" {
			t.Errorf("%s: primary section is %+v", name, s)
		}
		if _, ok := a.Section("nope"); ok {
			t.Errorf("%s: found a section that is not there", name)
		}
		if _, ok := l.Article("lost_card", "fr"); ok {
			t.Errorf("%s: found an article in a language that is not there", name)
		}
	}
}

func windowsFolder() fstest.MapFS {
	fsys := rightFolder()
	for _, f := range fsys {
		f.Data = []byte("\ufeff" + strings.ReplaceAll(string(f.Data), "\n", "\r\n"))
	}
	return fsys
}

// edit replaces text in the English lost_card.
func edit(old, fresh string) func(fstest.MapFS) {
	return func(fsys fstest.MapFS) {
		f := fsys["articles/en/lost_card.md"]
		if !strings.Contains(string(f.Data), old) {
			panic("nothing to replace: " + old)
		}
		f.Data = []byte(strings.ReplaceAll(string(f.Data), old, fresh))
	}
}

const (
	lostCard  = "articles/en/lost_card.md"
	mendLink  = "; link to an address that starts with https://, http:// or mailto:"
	mendMarks = "; use paragraphs, lists, bold and links only"
)

// wrongArticles are ways to spoil the right folder and the problems that loading then names.
var wrongArticles = map[string]struct {
	spoil func(fstest.MapFS)
	want  []string
}{
	"unknown key":       {edit("checked:", "colour: red\nchecked:"), []string{lostCard + `:10: unknown field "colour"; keys are id, title, service, category, platform, source (name, url), checked, related and primary`}},
	"unknown inner key": {edit("  url:", "  link:"), []string{lostCard + `:9: unknown field "link"; keys are id, title, service, category, platform, source (name, url), checked, related and primary`}},
	"missing key":       {edit("title: I lost my card\n", ""), []string{lostCard + `:1: title is missing; add it to the front matter`}},
	"empty key":         {edit("checked: 2026-11", "checked: ''"), []string{lostCard + `:10: checked is missing; add it to the front matter`}},
	"missing facet":     {edit("platform: All\n", ""), []string{lostCard + `:1: platform is missing; add it to the front matter`}},
	"bracketed facet":   {edit("platform: All", "platform: '[All]'"), []string{lostCard + `:6: platform "[All]" holds brackets or several lines; write the facet without brackets, on one line`}},
	"missing source":    {edit("source:\n  name: Help centre\n  url: https://example.com/help\n", ""), []string{lostCard + `:1: source.name is missing; add it to the front matter`}},
	"bad source link":   {edit("https://example.com/help", "example.com"), []string{lostCard + `:9: source.url "example.com" is no web address; write it out with https://, or remove it`}},
	"bad month":         {edit("2026-11", "2026-13"), []string{lostCard + `:10: checked "2026-13" is no month; write year and month, as in 2026-11`}},
	"double key":        {edit("primary: block", "primary: block\nid: lost_card"), []string{lostCard + `:13: mapping key "id" already defined at [2:1]; mend the front matter; a value with ": " in it wants quotes`}},
	"wrong type":        {edit("[new_card]", "{a: b}"), []string{lostCard + `:11: mapping was used where sequence is expected; mend the front matter; a value with ": " in it wants quotes`}},
	"colon in a title":  {edit("title: I", "title: Help: I"), []string{lostCard + `:3: mapping value is not allowed in this context; mend the front matter; a value with ": " in it wants quotes`}},
	"title of lines":    {edit("title: I lost my card", "title: |\n  I\n  lost"), []string{lostCard + `:3: title has several lines; write it on one line`}},
	"tag on a list":     {edit("[new_card]", "!x y"), []string{lostCard + `:1: front matter cannot be read (runtime error: invalid memory address or nil pointer dereference); mend the front matter`}},
	"no front matter":   {edit("---\nid", "id"), []string{lostCard + `:1: has no front matter; start the file with a line ---, the keys, and a line ---`}},
	"malformed id": {edit("id: lost_card", "id: Lost-Card"), []string{
		lostCard + `: has no counterpart in ko; write articles/ko/Lost-Card.md`,
		lostCard + `:2: id "Lost-Card" is malformed; use small letters, digits and _, a letter first`,
		lostCard + `:2: id "Lost-Card" differs from the file name; name the file Lost-Card.md`,
		`articles/en/new_card.md:11: related "lost_card" is no other article; name the id of another article, or remove it`,
		`articles/ko/lost_card.md: has no counterpart in en; write articles/en/lost_card.md`,
	}},
	"duplicate id": {func(fsys fstest.MapFS) { fsys["articles/en/zz.md"] = fsys[lostCard] }, []string{
		`articles/en/zz.md:2: id "lost_card" is already used by articles/en/lost_card.md:2; give each article an id of its own`,
	}},
	"file name differs": {func(fsys fstest.MapFS) {
		for _, lang := range Langs {
			fsys["articles/"+lang+"/card.md"] = fsys["articles/"+lang+"/lost_card.md"]
			delete(fsys, "articles/"+lang+"/lost_card.md")
		}
	}, []string{
		`articles/en/card.md:2: id "lost_card" differs from the file name; name the file lost_card.md`,
		`articles/ko/card.md:2: id "lost_card" differs from the file name; name the file lost_card.md`,
	}},
	"language missing": {func(fsys fstest.MapFS) { delete(fsys, "articles/ko/new_card.md") }, []string{
		`articles/en/new_card.md: has no counterpart in ko; write articles/ko/new_card.md`,
		`articles/ko/lost_card.md:11: related "new_card" is no other article; name the id of another article, or remove it`,
	}},
	"folder missing": {func(fsys fstest.MapFS) {
		delete(fsys, "articles/ko/new_card.md")
		delete(fsys, "articles/ko/lost_card.md")
		delete(fsys, "articles/ko/.lost_card.md.swp")
	}, []string{
		`articles/en/lost_card.md: has no counterpart in ko; write articles/ko/lost_card.md`,
		`articles/en/new_card.md: has no counterpart in ko; write articles/ko/new_card.md`,
		`articles/ko: cannot be read (open articles/ko: file does not exist); put the articles into articles/ko and articles/en`,
	}},
	"unknown related": {edit("[new_card]", "[new_card, old_card]"), []string{
		lostCard + `:11: related differs from articles/ko/lost_card.md; list the same ids in both languages`,
		lostCard + `:11: related "old_card" is no other article; name the id of another article, or remove it`,
	}},
	"unknown primary": {edit("primary: block", "primary: blok"), []string{
		lostCard + `:12: primary "blok" is no section of this article; name one of block, fresh`,
		lostCard + `:12: primary "blok" differs from "block" in articles/ko/lost_card.md; choose the same section in both languages`,
	}},
	"duplicate section": {edit("{#fresh}", "{#block}"), []string{
		lostCard + `:16: sections block, block differ from sections block, fresh of articles/ko/lost_card.md; give both languages the same sections in the same order`,
		lostCard + `:20: section id "block" is used twice; give each section an id of its own`,
	}},
	"empty section":    {edit("- It comes by post.\n- It costs nothing.\n", ""), []string{lostCard + `:20: section "fresh" is empty; write it or remove its heading`}},
	"empty lead":       {edit("Block it at once.", ""), []string{lostCard + `:16: has no lead; write one to three sentences before the first heading`}},
	"heading, no id":   {edit(" {#fresh}", ""), []string{lostCard + `:16: sections block, differ from sections block, fresh of articles/ko/lost_card.md; give both languages the same sections in the same order`, lostCard + `:20: heading "A new card" has no id; add {#id} after it`}},
	"heading of level": {edit("Call", "### Call\n\nCall"), []string{lostCard + `:18: has a heading that starts no section; write headings as ## Heading {#id}, not inside a list and not underlined`}},
	"HTML block":       {edit("Call", "<div>\n\nCall"), []string{lostCard + `:18: has raw HTML` + mendMarks}},
	"inline HTML":      {edit("Call", "Call <b>now</b>"), []string{lostCard + `:18: has raw HTML` + mendMarks, lostCard + `:18: has raw HTML` + mendMarks}},
	"image":            {edit("Call", "![logo](https://example.com/a.png)"), []string{lostCard + `:18: has an image; say in words what it shows`}},
	"script link":      {edit("https://example.com/block", "javascript:alert(1)"), []string{lostCard + `:18: links to "javascript:alert(1)"` + mendLink}},
	"link into itself": {edit("https://example.com/block", "#fresh"), []string{lostCard + `:18: links to "#fresh"` + mendLink}},
	"bare scheme":      {edit("[the page](https://example.com/block)", "<ftp://example.com>"), []string{lostCard + `:18: links to "ftp://example.com"` + mendLink}},
	"link kept apart":  {edit("[the page](https://example.com/block)", "[the page][p]\n\n[p]: https://example.com"), []string{lostCard + `:20: has a link whose address stands apart from it; write links as [label](https://…)`}},
	"italics":          {edit("**us**", "*us*"), []string{lostCard + `:18: has italics; write **bold** or plain text`}},
	"bold left open":   {edit("**us**", "**us"), []string{lostCard + `:18: has ** that marks nothing; close it, or end bold on a letter (Markdown does not close it between ) and a particle)`}},
	"quote":            {edit("Call", "> Call"), []string{lostCard + `:18: has a Blockquote` + mendMarks}},
	"code":             {edit("- It comes", "    code\n\n- It comes"), []string{lostCard + `:22: has a CodeBlock` + mendMarks}},
	"not UTF-8":        {edit("Call", "\xff"), []string{lostCard + `: is not valid UTF-8; save the file as UTF-8`}},
	"inner folder": {func(fsys fstest.MapFS) { fsys["articles/ko/old/a.md"] = fsys[lostCard] }, []string{
		`articles/ko/old: is a folder, which is not searched for articles; move its files into articles/ko`,
	}},
}

func TestLoadNamesPlaceAndMend(t *testing.T) {
	for name, c := range wrongArticles {
		t.Run(name, func(t *testing.T) {
			fsys := rightFolder()
			c.spoil(fsys)
			l, err := Load(fsys)
			var wrong *LoadError
			if !errors.As(err, &wrong) || l != nil {
				t.Fatalf("loaded with error %v", err)
			}
			var got []string
			for _, p := range wrong.Problems {
				got = append(got, p.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("problems are\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

func TestLoadErrorIsOneLine(t *testing.T) {
	fsys := rightFolder()
	edit("## Blocking {#block}", "## Blocking")(fsys)
	edit("[new_card]", "[no_card]")(fsys)
	edit("title: I lost my card", "title: \"a\n b")(fsys)
	_, err := Load(fsys)
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %q, want one line", err)
	}
	fsys = rightFolder()
	edit(" {#fresh}", "")(fsys)
	if _, err = Load(fsys); err == nil || !strings.HasSuffix(err.Error(), "(and 1 more)") {
		t.Errorf("error is %q, want the number of the others", err)
	}
}

func FuzzParsePage(f *testing.F) {
	f.Add([]byte(rightPage))
	for _, seed := range []string{"", "---", "---\n---", "---\nid: [\n---\n", "---\na: &a [*a]\n---\n## {#", "---\nid: x\n---\nlead\n## H {#h}\n![](x)\n<a>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, problems := parsePage("a.md", "ko", data)
		lines := 2 + strings.Count(string(data), "\n")
		for _, pr := range problems {
			if pr.Line < 0 || pr.Line > lines || strings.Contains(pr.String(), "\n") {
				t.Errorf("problem %+v in a file of %d lines", pr, lines)
			}
		}
		if p == nil && len(problems) == 0 {
			t.Error("neither an article nor a problem")
		}
		if len(problems) > 0 {
			return
		}
		if _, ok := p.article.Section(""); !ok || p.article.Lead == "" {
			t.Errorf("accepted without lead or primary section: %+v", p.article)
		}
		for _, s := range p.article.Sections {
			if s.ID == "" || s.Body == "" || s.Heading == "" {
				t.Errorf("accepted a section with a gap: %+v", s)
			}
		}
	})
}
