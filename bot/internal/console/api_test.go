package console

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

func TestAQuestionIsAnsweredOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db, Config{})
		thread := rand.Text()
		question := said{Key: "the-same-key", Text: answered}
		for range 3 {
			if a := s.post(thread, question); a.status != http.StatusAccepted {
				t.Fatalf("post: %v", a)
			}
		}
		got := s.until(thread, items(2))
		if len(got.Items) != 2 || !strings.Contains(got.Items[0].HTML, question.Text) || !strings.Contains(got.Items[1].HTML, answeredWith) {
			t.Errorf("thread holds %+v", got)
		}
	})
}

func TestAButtonPressedTwiceIsPressedOnce(t *testing.T) {
	s := openSQLite(t)
	thread := rand.Text()
	s.post(thread, said{Text: answered})
	s.until(thread, items(2))
	for range 2 {
		if a := s.post(thread, said{Key: "reply-key:unhelpful:", Action: desk.Unhelpful}); a.status != http.StatusAccepted {
			t.Fatalf("press: %v", a)
		}
	}
	if got := s.until(thread, items(4)); len(got.Items) != 4 {
		t.Errorf("thread holds %+v", got)
	}
	if open, err := s.store.OpenTickets(t.Context(), 5); err != nil || len(open) != 1 {
		t.Errorf("open tickets: %+v, %v", open, err)
	}
}

func TestBadRequestsAreRefusedAndLeaveNothing(t *testing.T) {
	s := openSQLite(t)
	fresh, known := rand.Text(), rand.Text()
	s.post(known, said{Text: answered})
	before := s.until(known, items(2))
	const valid = `{"key":"12345678","as":"customer","text":"안녕"}`
	for _, c := range []struct {
		name, thread, body string
		edit               func(*http.Request)
		want               int
	}{
		{"no JSON", known, `key=1`, nil, 400},
		{"truncated JSON", known, valid[:20], nil, 400},
		{"a list", known, `[` + valid + `]`, nil, 400},
		{"two objects", known, valid + valid, nil, 400},
		{"an unknown field", known, `{"key":"12345678","as":"customer","text":"a","admin":true}`, nil, 400},
		{"wrong type", known, `{"key":"12345678","as":"customer","text":7}`, nil, 400},
		{"nothing", known, ``, nil, 400},
		{"no words", known, `{"key":"12345678","as":"customer","text":" \n "}`, nil, 400},
		{"no key", known, `{"as":"customer","text":"a"}`, nil, 400},
		{"another speaker", known, `{"key":"12345678","as":"root","text":"a"}`, nil, 400},
		{"an unknown button", known, `{"key":"12345678","as":"customer","action":"explode"}`, nil, 400},
		{"a choice of nothing", known, `{"key":"12345678","as":"customer","action":"choose"}`, nil, 400},
		{"a button with words", known, `{"key":"12345678","as":"customer","action":"human","text":"a"}`, nil, 400},
		{"an agent's button", known, `{"key":"12345678","as":"agent","action":"human"}`, nil, 400},
		{"a thread that cannot be", "1", valid, nil, 400},
		{"a path for a thread", "..%2f..%2fetc", valid, nil, 400},
		{"a form", known, valid, header("Content-Type", "application/x-www-form-urlencoded"), 415},
		{"10 MB", known, `{"key":"12345678","as":"customer","text":"` + strings.Repeat("가", 10<<20/3) + `"}`, nil, 413},
		{"a button in no thread", fresh, `{"key":"12345678","as":"customer","action":"human"}`, nil, 404},
		{"an agent first", fresh, `{"key":"12345678","as":"agent","text":"안녕하세요"}`, nil, 409},
		{"another site", known, valid, header("Sec-Fetch-Site", "cross-site"), 403},
		{"another origin", known, valid, header("Origin", "https://evil.example"), 403},
		{"a foreign name", known, valid, func(r *http.Request) { r.Host = "evil.example" }, 421},
	} {
		var edits []func(*http.Request)
		if c.edit != nil {
			edits = append(edits, c.edit)
		}
		a := s.send(http.MethodPost, "/api/threads/"+c.thread+"/messages", c.body, edits...)
		if a.status != c.want || !strings.HasPrefix(a.body, `{"error":"`) {
			t.Errorf("%s: %v, want %d with an error", c.name, a, c.want)
		}
	}
	if after := s.until(known, items(2)); after.etag != before.etag {
		t.Errorf("the thread changed: %+v", after)
	}
	if a := s.send(http.MethodGet, "/api/threads/"+fresh, ""); a.status != http.StatusNotFound {
		t.Errorf("the fresh thread: %v, want 404", a)
	}
	if a := s.send(http.MethodGet, "/t/"+fresh, ""); a.status != http.StatusNotFound || !strings.Contains(a.body, desk.In("ko").Page.NotFoundHint) {
		t.Errorf("the page of an unknown thread: %v", a)
	}
}

func TestLoopbackNamesAreTaken(t *testing.T) {
	s := openSQLite(t)
	for _, host := range []string{"localhost", "LOCALHOST:8080", "127.0.0.1:9", "127.1.2.3", "[::1]:8080", "[::1]"} {
		if a := s.send(http.MethodGet, "/", "", func(r *http.Request) { r.Host = host }); a.status != http.StatusOK {
			t.Errorf("%s: %v", host, a)
		}
	}
}

func TestWordsOfPeopleAreShownAsText(t *testing.T) {
	s := openSQLite(t)
	thread := rand.Text()
	const evil = `</li><script>alert(1)</script><img src=x onerror=alert(2)>"'&lt;b&gt; javascript:alert(3)`
	s.post(thread, said{Text: evil})
	s.until(thread, items(1))
	s.post(thread, said{Text: "상담원 연결해 주세요 " + evil})
	s.until(thread, items(3))
	for _, path := range []string{"/t/" + thread, "/tickets", "/articles?q=" + "%3Cscript%3Ealert(1)%3C%2Fscript%3E"} {
		a := s.send(http.MethodGet, path, "")
		if a.status != http.StatusOK || strings.Contains(a.body, "<script>") || strings.Contains(a.body, "<img") {
			t.Errorf("%s holds what somebody wrote as HTML: %v", path, a)
		}
		if !strings.Contains(a.body, "&lt;script&gt;alert(1)&lt;/script&gt;") {
			t.Errorf("%s does not show what somebody wrote", path)
		}
	}
}

func TestEveryAnswerKeepsOtherSitesOut(t *testing.T) {
	s := openSQLite(t)
	for _, path := range []string{"/", "/tickets", "/nowhere", "/api/threads/x", "/static/page.js", "/static/nothing", "/articles/ko/nothing"} {
		h := s.send(http.MethodGet, path, "").header
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: policy %q lacks %q", path, csp, part)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	if page := s.send(http.MethodGet, "/", "").body; strings.Contains(page, "http://") || strings.Contains(page, "https://") || strings.Contains(page, "style=") || strings.Contains(page, "onclick") {
		t.Error("the page loads something from elsewhere, or holds inline styles or scripts")
	}
}

func TestTooManyMessagesAreTurnedAway(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t, t.TempDir()), Config{PerMinute: 2})
	thread := rand.Text()
	for i, want := range []int{202, 202, 429} {
		a := s.post(thread, said{Text: "안녕하세요"})
		if a.status != want {
			t.Errorf("message %d: %v, want %d", i, a, want)
		}
		if want == 429 && (a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "요청이 너무 많습니다")) {
			t.Errorf("turned away with %v %v", a.header, a)
		}
	}
	if a := s.send(http.MethodGet, "/t/"+thread, ""); a.status != http.StatusOK {
		t.Errorf("reading after too many messages: %v", a)
	}
}

func TestNewsWakeAWaitingPage(t *testing.T) {
	s := openSQLite(t)
	thread := rand.Text()
	s.post(thread, said{Text: answered})
	known := s.until(thread, items(2))
	woken := make(chan answer)
	go func() {
		woken <- s.send(http.MethodGet, "/api/threads/"+thread, "", header("If-None-Match", known.etag))
	}()
	select {
	case a := <-woken:
		t.Fatalf("a page that knows everything was answered at once: %v", a)
	case <-time.After(300 * time.Millisecond): // long enough for an answer that does not wait
	}
	s.post(thread, said{As: "agent", Text: "제가 도와 드릴게요."})
	if a := <-woken; a.status != http.StatusOK || !strings.Contains(a.body, "제가 도와 드릴게요.") {
		t.Errorf("the page was woken with %v", a)
	}
}

func TestAStopLetsWaitingPagesGo(t *testing.T) {
	s := openSQLite(t)
	thread := rand.Text()
	s.post(thread, said{Text: answered})
	known := s.until(thread, items(2))
	woken := make(chan answer)
	go func() {
		woken <- s.send(http.MethodGet, "/api/threads/"+thread, "", header("If-None-Match", known.etag))
	}()
	s.console.Stop()
	if a := <-woken; a.status != http.StatusNotModified {
		t.Errorf("the page was sent away with %v", a)
	}
	s.console.Stop() // once more does no harm
	if n := len(s.console.Poster.news); n != 0 {
		t.Errorf("%d threads are still watched", n)
	}
}

func TestWhatWasSaidOutlivesTheProcess(t *testing.T) {
	folder, thread := t.TempDir(), rand.Text()
	t.Run("before", func(t *testing.T) {
		s := open(t, storetest.OpenSQLite(t, folder), Config{})
		s.post(thread, said{Text: answered})
		s.until(thread, items(2))
	})
	t.Run("after", func(t *testing.T) {
		s := open(t, storetest.OpenSQLite(t, folder), Config{})
		if got := s.until(thread, items(2)); !strings.Contains(got.Items[1].HTML, answeredWith) {
			t.Errorf("thread holds %+v", got)
		}
	})
}

func TestADatabaseThatIsGoneIsToldWithoutDetails(t *testing.T) {
	s, thread := openSQLite(t), rand.Text()
	broken, err := New(Deps{Inbox: s.console.Inbox, Poster: NewPoster(), Store: closedStore(t), Library: s.console.Library, Engine: s.console.Engine}, Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/tickets", "/t/" + thread, "/api/threads/" + thread} {
		w := httptest.NewRecorder()
		broken.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), desk.In("ko").Failure) || strings.Contains(w.Body.String(), "sql") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestTicketsOfOtherDoorsLinkThere(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t, t.TempDir()), Config{Link: func(a inbox.Address) string { return "https://slack.example/" + a.Channel }})
	err := s.store.Update(t.Context(), func(tx *store.Tx) error {
		m := store.Message{TS: "1.1", Author: "slack//U1", State: store.Done, At: time.Now()}
		known, err := tx.Arrive(t.Context(), store.Address{Door: "slack", Channel: "C1", Thread: "1.1"}, m, "U1", m.At, 1)
		if err != nil {
			return err
		}
		m.ThreadID = known.Thread.ID
		if err := tx.AddMessage(t.Context(), m); err != nil {
			return err
		}
		if m, err = tx.MessageAt(t.Context(), m.ThreadID, m.TS); err != nil {
			return err
		}
		_, err = tx.AddTicket(t.Context(), store.Ticket{
			ThreadID: m.ThreadID, MessageID: m.ID, Lang: "ko", Created: time.Now(),
			Ticket: desk.Ticket{Reason: desk.ReasonNeighbour, Topic: "친구 차단", Question: "차단은 어떻게 하나요?"},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page := s.send(http.MethodGet, "/tickets", "").body
	for _, part := range []string{"차단은 어떻게 하나요?", "친구 차단", "도움말에 없는 주제", `href="https://slack.example/C1"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the tickets lack %q", part)
		}
	}
}

func TestTheLanguageIsTheBrowsersUntilOneIsChosen(t *testing.T) {
	s := openSQLite(t)
	for accept, want := range map[string]string{"": "ko", "ko-KR,ko;q=0.9": "ko", "en-US,en;q=0.9": "en", "de,en;q=0.5": "en", "ja": "ko", "q=;;bad": "ko", "en;q=0.1,ko;q=0.9": "ko"} {
		if page := s.send(http.MethodGet, "/", "", header("Accept-Language", accept)).body; !strings.Contains(page, `<html lang="`+want+`">`) {
			t.Errorf("Accept-Language %q does not give %s", accept, want)
		}
	}
	a := s.send(http.MethodGet, "/articles?q=talk&lang=en", "")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/articles?q=talk" {
		t.Fatalf("choosing a language: %v %v", a.header, a)
	}
	page := s.send(http.MethodGet, "/", "", header("Cookie", strings.Split(a.header.Get("Set-Cookie"), ";")[0]), header("Accept-Language", "ko")).body
	if !strings.Contains(page, `<html lang="en">`) {
		t.Error("the choice is forgotten")
	}
	if a := s.send(http.MethodGet, "//evil.example/?lang=en", ""); strings.HasPrefix(a.header.Get("Location"), "//") {
		t.Errorf("choosing a language leads to another site: %v", a.header)
	}
}

// closedStore is a database that fails.
func closedStore(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

// FuzzAPI holds that no request makes the page fail: it is taken, or refused with a reason.
func FuzzAPI(f *testing.F) {
	f.Add("POST", "/api/threads/AAAAAAAAAAAAAAAAAAAAAAAAAA/messages", `{"key":"12345678","as":"customer","text":"안녕"}`)
	f.Add("POST", "/api/threads/AAAAAAAAAAAAAAAAAAAAAAAAAA/messages", `{"key":"12345678","as":"customer","action":"choose","intent":"x"}`)
	f.Add("POST", "/api/threads/x/messages", "{")
	f.Add("GET", "/articles?q=%ff%00", "")
	f.Add("GET", "/t/%2e%2e/?lang=en", "")
	f.Add("HEAD", "/static/page.js?v=1", "")
	s := open(f, storetest.OpenSQLite(f, f.TempDir()), Config{PerMinute: 1e9})
	s.console.reads = newLimiter(1e9, 1e9)
	handler := s.console.Handler()
	f.Fuzz(func(t *testing.T, method, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1/", strings.NewReader(body))
		if err != nil {
			return
		}
		if r.URL, err = r.URL.Parse(target); err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %q with %q: %d %s", method, target, body, w.Code, w.Body)
		}
	})
}
