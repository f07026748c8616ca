package console

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pages are all kinds of page, as paths; prepare says what makes them full.
func prepare(t *testing.T, p *tab, s *site) []string {
	t.Helper()
	p.goTo("/")
	p.say(answered)
	p.items(2)
	p.press("안 됐어요")
	p.items(4)
	p.goTo("/")
	p.say(vague(t))
	p.items(2)
	p.say("https://example.com/" + fmt.Sprintf("%0200d", 7) + " 이 주소 뭔가요")
	p.items(4)
	p.say("상담원 연결해 주세요")
	p.items(6)
	thread := js[string](p, `location.pathname`)
	p.goTo(thread + "?as=agent")
	p.say("제가 이어서 보겠습니다.")
	p.items(7)
	if err := s.store.Correct(t.Context(), 1, "usage_restriction", agent, time.Now()); err != nil {
		t.Fatal(err)
	}
	if r, err := s.console.Watch.Look(t.Context(), time.Now()); err != nil || !r.Warns() {
		t.Fatalf("nothing to warn of: %+v, %v", r, err)
	}
	return []string{"/", thread, "/tickets", "/tickets?correct=1", "/quality", "/articles", "/articles/ko/user_protection_measure", "/nowhere"}
}

// unfold opens everything that is folded.
const unfold = `document.querySelectorAll("details").forEach(d => d.open = true), true`

func TestPhoneHasNoHorizontalScrolling(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	p.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
	for i, path := range prepare(t, p, s) {
		p.goTo(path)
		p.shot(fmt.Sprintf("%d-folded", i))
		js[bool](p, unfold)
		if wide := js[int](p, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d px wide on a screen of 360", path, wide)
		}
		// WCAG 2.2, 2.5.8: what is pressed is at least 24 px each way, links in running text apart.
		small := js[[]string](p, `[...document.querySelectorAll("button, summary, input, select, textarea, nav a, .source a, .go")].filter(e => e.checkVisibility() && !e.closest(".text")).map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width < 24 || r.height < 24).map(([e, r]) => e.outerHTML.slice(0, 80) + " " + r.width + "×" + r.height)`)
		for _, what := range small {
			t.Errorf("%s: too small to press: %s", path, what)
		}
	}
	p.goTo("/")
	p.say(answered)
	p.items(2)
	p.shot("9-answer")
	js[bool](p, unfold)
	p.do(chromedp.ScrollIntoView(`.reasons`))
	p.shot("9-why")
}

// contrast lists the texts whose contrast with what is behind them is below WCAG AA.
const contrast = `(() => {
	const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m[3] ?? 1 }; };
	const light = (rgb) => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c.rgb; if (c.a !== 0) throw new Error("translucent ground"); } return null; };
	const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const bad = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let seen = 0;
	while (walker.nextNode()) {
		const e = walker.currentNode.parentElement;
		if (!walker.currentNode.textContent.trim() || !e.checkVisibility() || e.closest(":disabled, .unseen, noscript, script")) continue;
		const style = getComputedStyle(e);
		const size = parseFloat(style.fontSize), big = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		const r = ratio(parse(style.color).rgb, ground(e));
		seen++;
		if (r < (big ? 3 : 4.5)) bad.push(walker.currentNode.textContent.trim().slice(0, 30) + " " + r.toFixed(2));
	}
	if (seen < 3) bad.push("only " + seen + " texts were looked at");
	// Edges of what is typed into or pressed: 3 to 1 (WCAG 1.4.11).
	for (const e of document.querySelectorAll("textarea, select, input[type=search], .actions button:not(.quiet):enabled")) {
		if (e.closest(":disabled")) continue;
		const r = ratio(parse(getComputedStyle(e).borderTopColor).rgb, ground(e.parentElement));
		if (r < 3) bad.push("edge of " + e.tagName + " " + r.toFixed(2));
	}
	return bad;
})()`

func TestContrastInBothSchemes(t *testing.T) {
	s := openSQLite(t)
	p := newTab(t, s)
	paths := prepare(t, p, s)
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		for i, path := range paths {
			p.goTo(path)
			js[bool](p, unfold)
			p.shot(fmt.Sprintf("%s-%d", scheme, i))
			for _, what := range js[[]string](p, contrast) {
				t.Errorf("%s in %s: too little contrast: %s", path, scheme, what)
			}
		}
		if dark := js[bool](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).every(v => v < 60)`); dark != (scheme == "dark") {
			t.Errorf("the %s scheme has a dark ground: %v", scheme, dark)
		}
	}
}

// focused describes what has the focus, and how it is seen.
const focused = `(() => { const e = document.activeElement, s = getComputedStyle(e.matches("[type=radio]") ? e.nextElementSibling : e); return { what: e === document.body ? "" : e.id || e.textContent.trim() || e.value, seen: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 }; })()`

type focus struct {
	What string `json:"what"`
	Seen bool   `json:"seen"`
}

// tabTo presses Tab until something has the focus, and checks that every stop on the way can be seen.
func (p *tab) tabTo(what string) {
	p.t.Helper()
	var way []string
	for range 40 {
		p.key("Tab", "")
		f := js[focus](p, focused)
		if f.What == "" {
			continue // past the end, before the beginning
		}
		if !f.Seen {
			p.t.Errorf("the focus on %q is not visible", f.What)
		}
		if f.What == what {
			return
		}
		way = append(way, f.What)
	}
	p.t.Fatalf("Tab does not reach %q, it stops at %q", what, way)
}

func TestKeyboardAlone(t *testing.T) {
	p := newTab(t, openSQLite(t))
	p.goTo("/")
	p.key("Tab", "")
	if f := js[focus](p, focused); f.What != "본문으로 건너뛰기" || !f.Seen {
		t.Errorf("the first stop is %+v, want the skip link", f)
	}
	p.shot("1-skip")
	p.key("Enter", "\r")
	p.wait(`document.activeElement.id === "main"`)
	p.tabTo("text")
	p.write("이용자보호조치는")
	p.key("Enter", "\r", chromedp.ModifierShift)
	p.write("언제 풀리나요?")
	if got := js[string](p, `document.getElementById("text").value`); got != "이용자보호조치는\n언제 풀리나요?" {
		t.Errorf("Shift+Enter: the field holds %q", got)
	}
	p.shot("2-two-lines")
	p.key("Enter", "\r")
	p.items(2)
	p.wantLast(answeredWith)
	if f := js[focus](p, focused); f.What != "text" {
		t.Errorf("after sending, the focus is on %q", f.What)
	}
	// Backwards from the field: the switch, then what can be done with the reply.
	for range 20 {
		p.key("Tab", "", chromedp.ModifierShift)
		if js[focus](p, focused).What == "안 됐어요" {
			break
		}
	}
	p.shot("3-focus")
	p.key(" ", " ")
	p.items(4)
	p.wantLast("상담원에게 전달했습니다")
	if !js[bool](p, `document.activeElement === document.querySelector("#items > .item:last-child")`) {
		t.Errorf("the focus is on %q, want it on the new reply", js[focus](p, focused).What)
	}
	p.tabTo("상담 요청")
	p.tabTo("customer")
	p.key("ArrowRight", "")
	if !js[bool](p, `document.querySelector("input[value=agent]").checked`) {
		t.Error("the arrow key does not switch to the agent")
	}
	if labels := js[int](p, `[...document.querySelectorAll("input, textarea")].filter(e => e.labels.length === 0).length`); labels != 0 {
		t.Errorf("%d fields have no label", labels)
	}
	if !js[bool](p, `!!document.querySelector("[role=log][aria-live=polite][aria-label]") && !!document.querySelector("[role=status]")`) {
		t.Error("replies are not announced")
	}
}
