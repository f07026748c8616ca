package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
)

const (
	bodyMost  = 64 << 10               // bytes of a request
	waitNews  = 25 * time.Second       // how long a page waits for news at most
	lookAgain = time.Second            // other replicas and silent turns do not wake a page
	lookSoon  = 100 * time.Millisecond // the same, while something is being worked on
)

// said is the body of a message: words, or a pressed button.
type said struct {
	Key    string      `json:"key"` // the same key again is the same message
	As     string      `json:"as"`  // "customer" or "agent"
	Text   string      `json:"text"`
	Action desk.Action `json:"action"`
	Intent string      `json:"intent"`
}

var keyShape = regexp.MustCompile(`^[A-Za-z0-9_.:-]{8,200}$`)

// fits tells whether s is something that the page may send.
func (s said) fits() bool {
	if !keyShape.MatchString(s.Key) || s.As != agent && s.As != "customer" {
		return false
	}
	switch s.Action {
	case desk.NoAction:
		return s.Intent == ""
	case desk.Choose:
		return s.As != agent && s.Text == "" && s.Intent != ""
	case desk.OtherThan, desk.Human, desk.Helpful, desk.Unhelpful:
		return s.As != agent && s.Text == "" && s.Intent == ""
	default:
		return false
	}
}

// say takes a message or a pressed button: 202 once it is safe. The reply comes with the thread's news.
func (c *Console) say(w http.ResponseWriter, r *http.Request) {
	id, words := r.PathValue("thread"), c.words(r)
	var s said
	switch status := decode(w, r, &s); status {
	case http.StatusOK:
	case http.StatusRequestEntityTooLarge:
		c.fail(w, r, status, words.Page.TooLong)
		return
	default:
		c.fail(w, r, status, words.Page.Malformed)
		return
	}
	if !threadShape.MatchString(id) || !s.fits() {
		c.fail(w, r, http.StatusBadRequest, words.Page.Malformed)
		return
	}
	if s.Action == desk.NoAction && strings.TrimSpace(s.Text) == "" {
		c.fail(w, r, http.StatusBadRequest, words.Empty)
		return
	}
	// Whoever speaks first in a thread is its customer.
	_, err := c.Store.Find(r.Context(), store.Address(address(id)))
	switch {
	case isUnknown(err) && s.As == agent:
		c.fail(w, r, http.StatusConflict, words.Page.AgentFirst)
		return
	case isUnknown(err) && s.Action != desk.NoAction:
		c.fail(w, r, http.StatusNotFound, words.Page.NotFound)
		return
	case err != nil && !isUnknown(err):
		c.broken(w, r, err)
		return
	}
	if _, err := c.Inbox.Accept(r.Context(), c.event(id, s)); err != nil {
		c.broken(w, r, err)
		return
	}
	c.Poster.tell(id)
	reply(w, http.StatusAccepted, struct{}{})
}

// event is what the inbox gets of s.
func (c *Console) event(id string, s said) inbox.Event {
	now := c.now()
	ev := inbox.Event{
		Keys: []string{Door + "/" + id + "/" + s.Key}, Kind: inbox.Said, Address: address(id),
		TS: fmt.Sprintf("%020d", now.UnixNano()), User: customer(id), At: now,
		Message: desk.Message{Text: s.Text, Action: s.Action, Intent: s.Intent, Addressed: s.Action != desk.NoAction},
	}
	if s.As == agent {
		ev.User = agent
	}
	return ev
}

// now never runs backwards while the process lives, so that messages keep their order.
func (c *Console) now() time.Time { return c.started.Add(time.Since(c.started)) }

// decode reads one JSON object of known fields, and gives the status to answer with: 200, or one that refuses.
func decode(w http.ResponseWriter, r *http.Request, into any) int {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return http.StatusOK
		}
	}
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// state is a thread at one moment.
type state struct {
	items  []template.HTML
	status string
	body   []byte // all of it as JSON
	etag   string
}

// sentItem is an item as the API sends it.
type sentItem struct {
	ID   string        `json:"id"`
	HTML template.HTML `json:"html"`
}

// read reads a thread for a page in the request's language.
func (c *Console) read(r *http.Request, id string) (state, error) {
	view, err := c.view(r.Context(), id, pageLang(r))
	if err != nil {
		return state{}, err
	}
	s, sent := state{status: view.Status}, []sentItem{}
	for _, i := range view.Items {
		var b bytes.Buffer
		if err := c.templates["thread"].ExecuteTemplate(&b, "item", i); err != nil {
			return state{}, fmt.Errorf("show item: %w", err)
		}
		made := template.HTML(b.String()) //nolint:gosec // a template escaped it
		s.items, sent = append(s.items, made), append(sent, sentItem{i.ID, made})
	}
	s.body, err = json.Marshal(struct {
		Items  []sentItem `json:"items"`
		Status string     `json:"status"`
	}{sent, s.status})
	if err != nil {
		return state{}, fmt.Errorf("encode thread: %w", err)
	}
	s.etag = `"` + digest(s.body) + `"`
	return s, nil
}

// news sends a thread. To a page that knows it already (If-None-Match) it answers when the thread has changed, or
// 304 after a while.
func (c *Console) news(w http.ResponseWriter, r *http.Request) {
	known := r.Header.Get("If-None-Match")
	// The server's own limit on writing may be shorter than the wait; where it cannot be moved it stands.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(waitNews + 10*time.Second))
	end := time.NewTimer(waitNews)
	defer end.Stop()
	for {
		s, more, err := c.await(r, r.PathValue("thread"), known, end.C)
		switch {
		case isUnknown(err):
			c.fail(w, r, http.StatusNotFound, c.words(r).Page.NotFound)
		case err != nil:
			c.broken(w, r, err)
		case s.etag != known:
			w.Header().Set("ETag", s.etag)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(s.body)
		case more:
			continue
		default:
			w.Header().Set("ETag", known)
			w.WriteHeader(http.StatusNotModified)
		}
		return
	}
}

// await reads a thread and, when it is the known one, waits until it is worth another look. more is false when there
// is no time left to look.
func (c *Console) await(r *http.Request, id, known string, end <-chan time.Time) (s state, more bool, err error) {
	changed, forget := c.Poster.watch(id)
	defer forget()
	if s, err = c.read(r, id); err != nil || s.etag != known {
		return s, false, err
	}
	select {
	case c.waiting <- struct{}{}:
		defer func() { <-c.waiting }()
	default:
		return s, false, nil
	}
	again := lookAgain
	if s.status == c.words(r).Page.Working {
		again = lookSoon
	}
	look := time.NewTimer(again)
	defer look.Stop()
	select {
	case <-changed:
	case <-look.C:
	case <-end:
		return s, false, nil
	case <-c.stopped:
		return s, false, nil
	case <-r.Context().Done():
		return s, false, nil
	}
	return s, true, nil
}

// fail refuses a request in the page's language: as JSON to the API, else as plain text.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, status int, message string) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		reply(w, status, map[string]string{"error": message})
		return
	}
	http.Error(w, message, status)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // nobody is left to tell when the browser has gone
}
