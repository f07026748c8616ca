package knowledge

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShow(t *testing.T) {
	for name, c := range map[string]struct{ src, plain, mrkdwn, html string }{
		"paragraphs": {
			"하나\n둘\n\n셋\\\n넷", "하나 둘\n\n셋\n넷", "하나 둘\n\n셋\n넷", "<p>하나\n둘</p>\n<p>셋<br>\n넷</p>\n",
		},
		"list": {
			"서류:\n\n- SKT\n- KT", "서류:\n\n· SKT\n· KT", "서류:\n\n• SKT\n• KT", "<p>서류:</p>\n<ul>\n<li>SKT</li>\n<li>KT</li>\n</ul>\n",
		},
		"numbers and nesting": {
			"3. a\n   - b\n   - c\n4. d", "3. a\n   · b\n   · c\n4. d", "3. a\n   • b\n   • c\n4. d",
			"<ol start=\"3\">\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n</ol>\n",
		},
		"bold before a particle": {
			"**원부증명서**를 내세요", "원부증명서를 내세요", "*원부증명서*\u200b를 내세요", "<p><strong>원부증명서</strong>를 내세요</p>\n",
		},
		"bold apart": {
			"KT: **원부증명서**, 이것", "KT: 원부증명서, 이것", "KT: *원부증명서*, 이것", "<p>KT: <strong>원부증명서</strong>, 이것</p>\n",
		},
		"link": {
			"[정책](https://kakao.com/a?b=1&c=2)", "정책 (https://kakao.com/a?b=1&c=2)", "<https://kakao.com/a?b=1&amp;c=2|정책>",
			`<p><a href="https://kakao.com/a?b=1&amp;c=2" rel="nofollow noopener" target="_blank">정책</a></p>` + "\n",
		},
		"bare link": {
			"<https://ecrm.police.go.kr>", "https://ecrm.police.go.kr", "<https://ecrm.police.go.kr|https://ecrm.police.go.kr>",
			`<p><a href="https://ecrm.police.go.kr" rel="nofollow noopener" target="_blank">https://ecrm.police.go.kr</a></p>` + "\n",
		},
		"mail": {"<a@example.com>", "a@example.com", "a@example.com", `<p><a href="mailto:a@example.com" rel="nofollow">a@example.com</a></p>` + "\n"},
		"heading": {
			"## 제출할 서류 {#documents}\n\n본문", "제출할 서류\n\n본문", "*제출할 서류*\n\n본문", "<h2>제출할 서류</h2>\n<p>본문</p>\n",
		},
		"nothing pings": {
			"a < b & <!channel> <@U1> *x*", "a < b & <!channel> <@U1> x", "a &lt; b &amp; &lt;!channel&gt; &lt;@U1&gt; x", "<p>a &lt; b &amp; &lt;!channel&gt; &lt;@U1&gt; x</p>\n",
		},
		"bad link": {"[눌러](javascript:alert(1))", "눌러", "눌러", "<p>눌러</p>\n"},
		"raw HTML": {"a <b onclick=x>b</b>", "a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b&lt;/b&gt;", "<p>a b</p>\n"},
		"entities": {`\*a\* &amp;lt; &#42;`, "*a* &lt; *", "*a* &amp;lt; *", "<p>*a* &amp;lt; *</p>\n"},
		"nothing":  {"", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []struct{ kind, got, want string }{
				{"Plain", Plain(c.src), c.plain}, {"Mrkdwn", Mrkdwn(c.src), c.mrkdwn}, {"HTML", HTML(c.src), c.html},
			} {
				if r.got != r.want {
					t.Errorf("%s(%q) = %q\nwant %q", r.kind, c.src, r.got, r.want)
				}
			}
		})
	}
}

// TestTitlesAreShownAsWritten sees to it that a title or heading with Markdown's marks in it is not read as Markdown.
func TestTitlesAreShownAsWritten(t *testing.T) {
	title := `C# [1] *2* <b> & {#x} _3_ ~4~ ` + "`5`" + ` \6 #`
	a := Article{Title: title, Lead: "lead", Sections: []Section{{ID: "x", Heading: title, Body: "body"}}}
	if got, want := Plain(a.Markdown()), title+"\n\nlead\n\n"+title+"\n\nbody"; got != want {
		t.Errorf("shown as\n%s\nwant\n%s", got, want)
	}
}

// slackLink is what Mrkdwn may write in angle brackets; everything else would be a mention.
var slackLink = regexp.MustCompile(`<(https?://|mailto:)[^<>|]*(\|[^<>]*)?>`)

func FuzzShow(f *testing.F) {
	for _, s := range []string{rightPage, "<!channel>", "[a](<https://x|y>)", "**a**b", "[<@U1>](https://a.b)", "1. a\n\n   > b", "![x](y)", "```\ncode\n```", "[a]\n\n[a]: https://x.y", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m := Mrkdwn(src)
		if rest := slackLink.ReplaceAllString(m, ""); strings.ContainsAny(rest, "<>") {
			t.Errorf("Mrkdwn(%q) = %q holds a bracket that is no link", src, m)
		}
		h := HTML(src)
		if again := pagePolicy.Sanitize(h); again != h {
			t.Errorf("HTML(%q) = %q is not clean", src, h)
		}
		for _, s := range []string{m, h, Plain(src)} {
			if !utf8.ValidString(s) {
				t.Errorf("%q gives invalid UTF-8 %q", src, s)
			}
		}
	})
}
