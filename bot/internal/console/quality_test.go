package console

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestAnAgentCorrectsAnAnswerInABrowser(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	p.goTo("/quality")
	p.wait(`document.querySelector(".quality").innerText.includes("아직 집계하지 않았습니다")`)
	p.goTo("/")
	p.say(answered)
	p.items(2)
	p.press("안 됐어요")
	p.items(4)
	p.goTo("/tickets")
	p.do(chromedp.Click(`.ways a:last-child`))
	p.wait(`!!document.getElementById("right")`)
	p.shot("1-correcting")
	js[bool](p, `document.getElementById("right").value = "usage_restriction", true`)
	p.do(chromedp.Click(`.mend button`))
	p.wait(`document.querySelector(".ticket").innerText.includes("맞는 도움말: 이용")`)
	p.shot("2-corrected")
	all, err := s.store.Corrections(t.Context(), 5)
	if err != nil || len(all) != 1 || all[0].Shown != "user_protection_measure" || all[0].Intent != "usage_restriction" || all[0].Question != answered {
		t.Errorf("corrections %+v, %v", all, err)
	}
	if _, err := s.console.Watch.Look(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	p.goTo("/quality")
	p.wait(`document.querySelector(".ticket blockquote").innerText === "` + answered + `"`)
	// One answer, and that one corrected: at least 5 % of all, with 95 % confidence, where 2 % is the budget.
	for _, part := range []string{"적어도 5.0%", "한도인 2.0%를 넘었습니다", "실제 질문", "예문에 있는 표현의 비율"} {
		if got := js[string](p, `document.querySelector(".quality").innerText`); !strings.Contains(got, part) {
			t.Errorf("the page lacks %q: %s", part, got)
		}
	}
	p.shot("3-quality")
	p.goTo("/articles")
	if got := js[string](p, `document.querySelector(".notice a")?.innerText ?? ""`); got != desk.Quality("ko").Warned {
		t.Errorf("the other pages warn with %q", got)
	}
}

func TestQualityInEnglish(t *testing.T) {
	s := openSQLite(t)
	if _, err := s.console.Watch.Look(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	a := s.send(http.MethodGet, "/quality", "", header("Accept-Language", "en"))
	for _, part := range []string{"Answer quality", "No answers in the last 90 days.", "No question was corrected.", "calibration questions"} {
		if a.status != http.StatusOK || !strings.Contains(a.body, part) {
			t.Errorf("%d: the page lacks %q", a.status, part)
		}
	}
}

func TestCorrectionsAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db, Config{PerMinute: 6000})
		same, other := header("Sec-Fetch-Site", "same-origin"), header("Sec-Fetch-Site", "cross-site")
		for _, c := range []struct {
			path, body string
			edit       func(*http.Request)
			status     int
		}{
			{"/tickets/1/correction", "intent=usage_restriction", same, http.StatusNotFound},
			{"/tickets/x/correction", "intent=usage_restriction", same, http.StatusBadRequest},
			{"/tickets/1/correction", "intent=no_such_intent", same, http.StatusBadRequest},
			{"/tickets/1/correction", "intent=greeting", same, http.StatusBadRequest},
			{"/tickets/1/correction", "", same, http.StatusBadRequest},
			{"/tickets/1/correction", "intent=" + strings.Repeat("a", bodyMost), same, http.StatusBadRequest},
			{"/tickets/1/correction", "intent=oos", other, http.StatusForbidden},
		} {
			if a := s.send(http.MethodPost, c.path, c.body, header("Content-Type", "application/x-www-form-urlencoded"), c.edit); a.status != c.status {
				t.Errorf("%s %.40q: %v, want %d", c.path, c.body, a, c.status)
			}
		}
	})
}
