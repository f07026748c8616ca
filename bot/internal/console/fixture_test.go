package console

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
	"haedap/bot/internal/watch"
	"haedap/intents"
	"haedap/knowledge"
)

// content is what the shipped desk knows, trained once for all tests of all packages.
type content struct {
	library *knowledge.Library
	engine  *intents.Engine
	desk    *desk.Desk
}

var shipped = sync.OnceValues(func() (*content, error) {
	library, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return nil, err
	}
	engine, err := intents.Open(intents.Embedded(), intents.Defaults(), intents.KeepDir())
	if err != nil {
		return nil, err
	}
	d, err := desk.New(engine, library, desk.Config{})
	return &content{library, engine, d}, err
})

// site is the page on a real server, inbox and database.
type site struct {
	*httptest.Server
	t       testing.TB
	console *Console
	store   *store.DB
}

// open starts a site on a database and stops it when the test ends.
func open(t testing.TB, db *store.DB, cfg Config) *site {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	poster := NewPoster()
	in, err := inbox.New(t.Context(), db, c.desk, map[string]inbox.Poster{Door: poster}, inbox.Config{Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	looking, err := watch.New(db, c.engine, watch.Config{Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	page, err := New(Deps{Inbox: in, Poster: poster, Store: db, Library: c.library, Engine: c.engine, Watch: looking}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &site{Server: httptest.NewServer(page.Handler()), t: t, console: page, store: db}
	t.Cleanup(func() {
		page.Stop()
		s.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := in.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openSQLite(t testing.TB) *site {
	return open(t, storetest.OpenSQLite(t, t.TempDir()), Config{PerMinute: 6000})
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// send makes one request; edit may change it before.
func (s *site) send(method, path, body string, edit ...func(*http.Request)) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, e := range edit {
		e(r)
	}
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(data)}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// post says something in a thread.
func (s *site) post(thread string, what said) answer {
	s.t.Helper()
	if what.Key == "" {
		what.Key = rand.Text()
	}
	if what.As == "" {
		what.As = "customer"
	}
	body, err := json.Marshal(what)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, "/api/threads/"+thread+"/messages", string(body))
}

// threadNews is what the API tells of a thread.
type threadNews struct {
	Items []struct {
		ID   string `json:"id"`
		HTML string `json:"html"`
	} `json:"items"`
	Status string `json:"status"`
	etag   string
}

// until waits for news until enough of them are there, as a page does.
func (s *site) until(thread string, enough func(threadNews) bool) threadNews {
	s.t.Helper()
	etag, deadline := "", time.Now().Add(20*time.Second)
	for {
		a := s.send(http.MethodGet, "/api/threads/"+thread, "", header("If-None-Match", etag))
		if a.status == http.StatusOK {
			var n threadNews
			if err := json.Unmarshal([]byte(a.body), &n); err != nil {
				s.t.Fatal(err)
			}
			n.etag, etag = a.header.Get("ETag"), a.header.Get("ETag")
			if enough(n) {
				return n
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the thread did not become what it should: %d %s", a.status, a.body)
		}
	}
}

// items is enough when n items are there and nothing is being worked on.
func items(n int) func(threadNews) bool {
	return func(got threadNews) bool {
		return len(got.Items) >= n && got.Status != desk.In("ko").Page.Working && got.Status != desk.In("en").Page.Working
	}
}

func (a answer) String() string { return fmt.Sprintf("%d %.300s", a.status, a.body) }
