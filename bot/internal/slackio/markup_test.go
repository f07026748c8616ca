package slackio

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// Text comes as <@U…>, <#C…|name>, <https://…|label>, &lt; &gt; &amp;.
func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<@U0BOT> 인증번호가 안 와요", "인증번호가 안 와요"},
		{"저기 <@U0BOT|haedap> 있나요", "저기  있나요"},
		{"<@U2|김> 님이 &lt;인증&gt; &amp; 번호를", "@김 님이 <인증> & 번호를"},
		{"<@U2> 님", "@U2 님"},
		{"<#C1|문의> 에서", "#문의 에서"},
		{"<#C1> 에서", "#C1 에서"},
		{"<!channel> 급해요 <!subteam^S1|@상담팀>", "@channel 급해요 @상담팀"},
		{"<!date^1392734382^{date}|2014년>", "2014년"},
		{"<https://a.kr/?x=1&amp;y=2>", "https://a.kr/?x=1&y=2"},
		{"<https://a.kr|여기>를 봤어요", "여기를 봤어요"},
		{"<mailto:a@b.kr|a@b.kr> <tel:1577-3754>", "a@b.kr 1577-3754"},
		{"&amp;lt; 그대로", "&lt; 그대로"},
		{"<>", ""},
	} {
		got, _ := plain(c.in, "U0BOT")
		if got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if _, mentioned := plain("<@U0BOT>", "U0BOT"); !mentioned {
		t.Error("a mention of the bot was not seen")
	}
	if _, mentioned := plain("<@U1>", "U0BOT"); mentioned {
		t.Error("a mention of somebody else was taken for one of the bot")
	}
}

// live finds what Slack would act on: anything in angle brackets that is no web link.
var liveMark = regexp.MustCompile(`<[^<>]*>`)

func inert(t *testing.T, mrkdwn string) {
	t.Helper()
	for _, m := range liveMark.FindAllString(mrkdwn, -1) {
		if !strings.HasPrefix(m, "<http://") && !strings.HasPrefix(m, "<https://") {
			t.Errorf("%q is live in %q", m, mrkdwn)
		}
	}
}

func TestMrkdwn(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"**서류**를 내세요", "*서류*\u200b를 내세요"},
		{"- 하나\n- **둘**", "• 하나\n• *둘*"},
		{"### 이유\n\n본문", "*이유*\n\n본문"},
		{"[정책](https://www.kakao.com/policy?a=1&b=2)", "<https://www.kakao.com/policy?a=1&amp;b=2|정책>"},
		{"https://ecrm.police.go.kr 에서", "<https://ecrm.police.go.kr> 에서"},
		{"https://ecrm.police.go.kr에서.", "<https://ecrm.police.go.kr>에서."},
		{"<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"},
		{"[나쁜](javascript:alert(1))", "나쁜"},
		{"[<!here>](https://a.kr)", "<https://a.kr|&lt;!here&gt;>"},
		{"**[정책](https://a.kr)**", "*<https://a.kr|정책>*"},
		{"[a|b](https://a.kr/|x)", "<https://a.kr/%7Cx|a¦b>"},
	} {
		if got := mrkdwn(c.in); got != c.want {
			t.Errorf("mrkdwn(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{"**a**b", "[x](https://a.kr)", "<!channel>", "- a\n# b", "https://a.kr>|<", "**<!here>**", "[<@U1>](https://<!channel>)", "&lt;!here&gt;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := mrkdwn(s)
		inert(t, out)
		for _, piece := range split(out, 300) {
			if width(piece) > 300 {
				t.Errorf("a piece of %d characters from %q", width(piece), s)
			}
			if utf8.ValidString(s) {
				inert(t, piece)
			}
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"<@U0BOT> x", "&amp;lt;", "<|>", "<<a>>", "<!date^1^{x}|y>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain(s, "U0BOT") // any bytes, no panic
		if got, mentioned := plain(escape(s), "U0BOT"); got != strings.TrimSpace(s) || mentioned {
			t.Errorf("plain(escape(%q)) = %q, mentioned %v", s, got, mentioned)
		}
	})
}

func TestSplitKeepsLinksWhole(t *testing.T) {
	long := strings.Repeat("가", 2990) + " <https://a.kr/" + strings.Repeat("x", 50) + "|여기> " + strings.Repeat("나 ", 2000)
	pieces := split(long, sectionLimit)
	if len(pieces) < 2 {
		t.Fatalf("%d pieces", len(pieces))
	}
	for _, p := range pieces {
		if width(p) > sectionLimit {
			t.Errorf("piece of %d characters", width(p))
		}
		if strings.Count(p, "<") != strings.Count(p, ">") {
			t.Errorf("a link was cut: %q", p[max(0, len(p)-80):])
		}
	}
}

func TestClip(t *testing.T) {
	if got := clip(strings.Repeat("가", 80), 75); width(got) != 75 || !strings.HasSuffix(got, "…") {
		t.Errorf("clip gives %d characters: %q", width(got), got)
	}
	if got := clip(strings.Repeat("😀", 40), 75); width(got) > 75 {
		t.Errorf("clip gives %d", width(got))
	}
}

func TestQuotedCustomer(t *testing.T) {
	for _, c := range []struct{ text, shared, want string }{
		{"고객 문의: 번호가 막혔대요", "", "번호가 막혔대요"},
		{"[고객문의] 번호가 막혔대요", "", "번호가 막혔대요"},
		{"문의 내용: \"번호가 막혔대요\"", "", "번호가 막혔대요"},
		{"고객님 메시지：\n번호가\n막혔대요", "", "번호가\n막혔대요"},
		{"Customer message: my number is blocked", "", "my number is blocked"},
		{"Fwd: 번호가 막혔대요", "", "번호가 막혔대요"},
		{"> 번호가 막혔대요\n> 도와주세요", "", "번호가 막혔대요\n도와주세요"},
		{"이거요\n> 번호가 막혔다고 나와요. 어떻게 하나요", "", "번호가 막혔다고 나와요. 어떻게 하나요"},
		{"```\n번호가 막혔대요\n```", "", "번호가 막혔대요"},
		{"", "번호가 막혔대요", "번호가 막혔대요"},
		{"번호가 막혔대요", "", ""},
		{"문의: 가능한가요?", "", ""},
		{"고객센터에 문의했는데 답이 없어요", "", ""},
		{"제가 이렇게 길게 물어보는 것은 제 질문이고 인용은 짧습니다\n> 네", "", ""},
	} {
		if got := quotedCustomer(c.text, c.shared); got != c.want {
			t.Errorf("quotedCustomer(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}
