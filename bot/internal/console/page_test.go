package console

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"haedap/bot/internal/desk"
)

// anAnswer is a question that the shipped desk answers, and words of the answer.
const (
	answered       = "이용자보호조치는 언제 풀리나요?"
	answeredWith   = "보통 몇 주 안에"
	answeredTitle  = "이용자보호조치가 무엇이고 언제 풀리나요?"
	answeredFolded = "PC 에뮬레이터"
)

// vague finds a question that the shipped desk asks back about.
func vague(t *testing.T) string {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"이용이 제한됐다고 나와요", "제한이 걸렸어요", "사칭을 당했어요", "주황색 프로필이 떠요", "누가 사칭하고 있어요", "제한 풀어 주세요", "주황색이 떠요", "신고했는데 어떻게 되나요"} {
		if _, r := c.desk.Handle(desk.Thread{}, desk.Message{From: desk.Asker, Text: q}); len(r.Offered) > 1 {
			return q
		}
	}
	t.Fatal("the shipped desk asks back about none of the vague questions: write another one here")
	return ""
}

func TestAskAndRateInABrowser(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	p.goTo("/")
	p.shot("1-start")
	js[bool](p, `window.jumps = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) jumps += e.value })).observe({type: "layout-shift"}); true`)
	p.say(answered)
	p.items(2)
	p.wantLast(answeredWith)
	if got := js[string](p, `document.getElementById("text").value`); got != "" {
		t.Errorf("the message field still holds %q", got)
	}
	p.shot("2-answer")
	if strings.Contains(p.last(), answeredFolded) {
		t.Errorf("what should be folded is open: %s", p.last())
	}
	p.do(chromedp.Click(`.rest summary`))
	p.wantLast(answeredFolded)
	p.do(chromedp.Click(`.why summary`), chromedp.ScrollIntoView(`.why .reasons`))
	for _, part := range []string{"확신도", "답변 기준", "후보 도움말", "뒷받침한 말", "가장 비슷한 예문"} {
		p.wantLast(part)
	}
	p.shot("3-why")
	p.press("도움이 됐어요")
	p.items(4)
	p.wantLast("도움이 되어 다행입니다.")
	p.shot("4-helpful")
	if jumps := js[float64](p, `jumps`); jumps > 0.05 {
		t.Errorf("the layout jumped by %.3f, want at most 0.05", jumps)
	}
	feedback, err := s.store.Feedback(t.Context(), time.Time{}, 10)
	if err != nil || len(feedback) != 1 || !feedback[0].Helpful || feedback[0].Intent != "user_protection_measure" {
		t.Errorf("feedback %+v, %v: want one that is helpful", feedback, err)
	}
	p.do(chromedp.Reload())
	p.items(4)
	if address := js[string](p, `location.pathname`); !regexp.MustCompile(`^/t/[A-Z2-7]{26}$`).MatchString(address) {
		t.Errorf("the thread's address is %q", address)
	}
}

func TestClarifyInABrowser(t *testing.T) {
	p := newTab(t, openSQLite(t))
	question := vague(t)
	p.goTo("/")
	p.say(question)
	p.items(2)
	p.wantLast("다른 문제예요")
	p.shot("1-clarify")
	label := js[string](p, `document.querySelector(".choices button").textContent`)
	p.press(label)
	p.items(4)
	p.wantLast("출처")
	p.shot("2-chosen")
	if pressed := js[string](p, `document.querySelector(".said.pressed").innerText`); !strings.Contains(pressed, label) {
		t.Errorf("the thread says %q was pressed, want %q", pressed, label)
	}
	if n := js[int](p, `document.querySelectorAll("fieldset.choices:not(:disabled)").length`); n != 0 {
		t.Error("the buttons of an older reply can still be pressed")
	}

	p.goTo("/")
	p.say(question)
	p.items(2)
	p.press("다른 문제예요")
	p.items(4)
	p.wantLast("상담원에게 전달했습니다")
}

func TestEscalateInABrowser(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	p.goTo("/")
	p.say(answered)
	p.items(2)
	p.press("안 됐어요")
	p.items(4)
	p.wantLast("상담원에게 전달했습니다")
	p.shot("1-escalated")
	p.do(chromedp.Click(`.opened a`))
	p.wait(`document.querySelectorAll(".ticket").length === 1`)
	p.shot("2-tickets")
	ticket := js[string](p, `document.querySelector(".ticket").innerText`)
	for _, part := range []string{answered, "답이 도움이 되지 않음", "이용자보호조치"} {
		if !strings.Contains(ticket, part) {
			t.Errorf("the ticket reads %q, want %q in it", ticket, part)
		}
	}

	p.do(chromedp.Click(`.ticket .go`))
	p.wait(`document.querySelector("input[value=agent]")?.checked`)
	p.say("안녕하세요, 상담원입니다. 확인해 드릴게요.")
	p.items(5)
	p.wait(`document.getElementById("status").textContent.includes("상담원이 대화하고 있어")`)
	js[bool](p, `document.querySelector("input[value=customer]").click(), true`)
	p.say("네 감사합니다")
	p.items(7)
	p.wantLast("봇은 답하지 않았습니다.")
	p.shot("3-agent")
	p.say("@해답 글로브 시그널이 뭐예요?")
	p.items(9)
	p.wantLast("주황색 지구본")
}

func TestTwoPeopleSeeTheSameThread(t *testing.T) {
	s := openSQLite(t)
	customer, colleague := newTab(t, s), newTab(t, s)
	customer.goTo("/")
	customer.say(answered)
	customer.items(2)
	colleague.goTo(js[string](customer, `location.pathname`) + "?as=agent")
	colleague.items(2)
	colleague.say("상담원이 이어서 도와 드리겠습니다.")
	customer.items(3)
	customer.wantLast("상담원이 이어서")
}

func TestWholeArticleInABrowser(t *testing.T) {
	p := newTab(t, openSQLite(t))
	p.goTo("/")
	p.say(answered)
	p.items(2)
	p.do(chromedp.Click(`a.whole`))
	p.wait(`document.querySelector(".whole-article h1")?.textContent === "` + answeredTitle + `"`)
	p.shot("1-article")
	for _, part := range []string{answeredWith, answeredFolded, "톡안녕패스", "출처: 카카오 고객센터 도움말"} {
		if got := js[string](p, `document.querySelector(".whole-article").innerText`); !strings.Contains(got, part) {
			t.Errorf("the article lacks %q", part)
		}
	}
	p.do(chromedp.NavigateBack())
	p.items(2)
	p.goTo("/articles?q=" + "%EC%82%AC%EC%B9%AD")
	p.shot("2-search")
	if got := js[string](p, `document.getElementById("main").innerText`); !strings.Contains(got, "검색 결과 (총") || !strings.Contains(got, "[카카오톡]") {
		t.Errorf("the search shows %q", got)
	}
}

func TestTheServerGoesAwayInABrowser(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	p.goTo("/")
	p.say(answered)
	p.items(2)
	s.console.Stop()
	s.CloseClientConnections()
	s.Listener.Close() //nolint:errcheck // the page must notice, not we
	s.CloseClientConnections()
	p.wait(`document.getElementById("status").textContent.includes("연결이 끊겼습니다")`)
	p.say("이건 못 보낼 텐데요")
	p.wait(`document.getElementById("error").textContent.includes("보내지 못했습니다")`)
	if kept := js[string](p, `document.getElementById("text").value`); kept != "이건 못 보낼 텐데요" {
		t.Errorf("the words that were not sent are gone: the field holds %q", kept)
	}
}

func TestLanguagesInABrowser(t *testing.T) {
	p := newTab(t, openSQLite(t))
	p.language("en-GB,en;q=0.9,ko;q=0.5")
	p.goTo("/")
	if lang := js[string](p, `document.documentElement.lang`); lang != "en" {
		t.Errorf("a browser that asks for English gets %q", lang)
	}
	p.say("How long does the user protection measure last?")
	p.items(2)
	p.wantLast("Did this help?")
	p.do(chromedp.Click(`.why summary`))
	p.shot("1-english")
	p.do(chromedp.Click(`.langs a[lang=ko]`))
	p.wait(`document.documentElement.lang === "ko"`)
	p.items(2)
	p.wantLast("Did this help?") // a reply keeps its own language
	p.wantLast("왜 이렇게 답했나요?")
}
