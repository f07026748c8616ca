package slacktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

func client(s *Server) *slack.Client {
	return slack.New(s.Config().BotToken, slack.OptionAPIURL(s.API()), slack.OptionAppLevelToken(s.Config().AppToken))
}

func refusal(err error) string {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) {
		return r.Err
	}
	return fmt.Sprint(err)
}

func TestTokensAndScopes(t *testing.T) {
	s := Start(t, Config{Scopes: []string{"im:write"}})
	who, err := client(s).AuthTestContext(t.Context())
	if err != nil || who.UserID != BotUser || who.Header.Get("X-OAuth-Scopes") != "im:write" {
		t.Errorf("auth.test = %+v, %v", who, err)
	}
	_, err = slack.New("xoxb-other", slack.OptionAPIURL(s.API())).AuthTestContext(t.Context())
	if refusal(err) != "invalid_auth" {
		t.Errorf("wrong token: %v", err)
	}
	_, _, err = client(s).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("x", false))
	var r slack.SlackErrorResponse
	if !errors.As(err, &r) || r.Err != "missing_scope" || r.Needed != "chat:write" || r.Provided != "im:write" {
		t.Errorf("missing scope: %+v", r)
	}
	// The token may stand in the header, with JSON, as in the form.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.API()+"auth.test", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Config().BotToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if body, err := io.ReadAll(resp.Body); err != nil || !strings.Contains(string(body), `"ok":true`) {
		t.Errorf("token in the header: %s, %v", body, err)
	}
}

func TestCheckBlocks(t *testing.T) {
	text := func(n int) string { return strings.Repeat("가", n) }
	section := func(n int) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + text(n) + `"}}`
	}
	button := func(label, value int) string {
		return `{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"` + text(label) + `"},"value":"` + text(value) + `"}]}`
	}
	for blocks, at := range map[string]string{
		section(3000): "", section(3001): "/blocks/0/text/text", section(0): "/blocks/0/text/text",
		button(75, 2000): "", button(76, 1): "/blocks/0/elements/0/text/text", button(1, 2001): "/blocks/0/elements/0/value",
		`{"type":"header","text":{"type":"plain_text","text":"` + text(151) + `"}}`: "/blocks/0/text/text",
		`{"type":"header","text":{"type":"mrkdwn","text":"x"}}`:                     "/blocks/0/text/type",
		`{"type":"context","elements":[]}`:                                          "/blocks/0/elements",
		`{"type":"unheard_of"}`:                                                     "/blocks/0/type",
		`{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}`:       "/blocks/1/block_id",
		strings.Repeat(`{"type":"divider"},`, 49) + `{"type":"divider"}`:            "",
		strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}`:            "/blocks]",
		`"x"`: "/blocks]",
	} {
		got := CheckBlocks(json.RawMessage("["+blocks+"]"), 50)
		if (len(got) == 0) != (at == "") || len(got) > 0 && !strings.Contains(got[0], at) {
			t.Errorf("CheckBlocks(%.60s…) = %v, want %q", blocks, got, at)
		}
	}
}

func FuzzCheckBlocks(f *testing.F) {
	f.Add([]byte(`[{"type":"section","fields":[1],"accessory":{}}]`))
	f.Add([]byte(`[{"type":"actions","elements":[{"type":"button","text":null}]}]`))
	f.Fuzz(func(_ *testing.T, raw []byte) { CheckBlocks(raw, 50) })
}

func FuzzParseArgs(f *testing.F) {
	f.Add("application/json", []byte(`{"channel":1,"blocks":[],"token":{}}`))
	f.Add("application/x-www-form-urlencoded", []byte("token=a&blocks=%5B%5D&limit=x"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/x", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		if _, a, err := parseArgs(r); err == nil {
			a.raw("blocks")
			paginate([]int{1, 2}, a)
		}
	})
}

// app is an HTTP door that answers as it is told and keeps what came.
type app struct {
	mu     sync.Mutex
	status []int // by request; the last one stays
	got    []http.Header
	bodies [][]byte
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	status := a.status[min(len(a.got), len(a.status)-1)]
	a.got, a.bodies = append(a.got, r.Header.Clone()), append(a.bodies, body)
	if status == http.StatusTeapot {
		w.Header().Set("X-Slack-No-Retry", "1")
	}
	w.WriteHeader(status)
}

func settled(t *testing.T, s *Server) {
	t.Helper()
	awaited(t, s, s.Quiet)
}

func awaited(t *testing.T, s *Server, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Await(ctx, ok); err != nil {
		t.Fatal(err)
	}
}

func TestEventsAreSignedAndRetried(t *testing.T) {
	for _, c := range []struct {
		status   []int
		attempts int
		acked    bool
	}{{[]int{200}, 1, true}, {[]int{500, 503, 200}, 3, true}, {[]int{500}, 4, false}, {[]int{http.StatusTeapot}, 1, false}} {
		a := &app{status: c.status}
		door := httptest.NewServer(a)
		t.Cleanup(door.Close)
		s := Start(t, Config{Endpoint: door.URL, RetryDelays: []time.Duration{0, 0, 0}})
		if _, err := s.DM("U1", "안녕"); err != nil {
			t.Fatal(err)
		}
		settled(t, s)
		d := s.Deliveries()[0]
		if len(d.Attempts) != c.attempts || d.Acked != c.acked {
			t.Errorf("%v: %+v", c.status, d)
		}
		for i, h := range a.got {
			stamp := h.Get("X-Slack-Request-Timestamp")
			if h.Get("X-Slack-Signature") != Sign(s.Config().SigningSecret, stamp, a.bodies[i]) {
				t.Error("signature does not fit")
			}
			if want := map[bool]string{true: fmt.Sprint(i)}[i > 0]; h.Get("X-Slack-Retry-Num") != want {
				t.Errorf("attempt %d says retry %q", i, h.Get("X-Slack-Retry-Num"))
			}
		}
	}
}

// dial opens a Socket Mode connection by hand.
func dial(t *testing.T, s *Server) *websocket.Conn {
	t.Helper()
	_, address, err := client(s).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	if hello := read(t, conn); hello["type"] != "hello" {
		t.Fatalf("first frame is %v, want hello", hello)
	}
	return conn
}

func read(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	var out map[string]any
	if err := conn.ReadJSON(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestUnackedEnvelopeMovesToAnotherSocket(t *testing.T) {
	s := Start(t, Config{RetryDelays: []time.Duration{0, 0, 0}})
	conn := dial(t, s)
	if _, err := s.DM("U1", "안녕"); err != nil {
		t.Fatal(err)
	}
	if e := read(t, conn); e["retry_attempt"] != 0.0 {
		t.Errorf("first envelope = %v", e)
	}
	other := dial(t, s)
	_ = conn.Close()
	e := read(t, other)
	if e["retry_attempt"] != 1.0 || e["retry_reason"] != "connection_failed" {
		t.Errorf("redelivered envelope = %v", e)
	}
	if err := other.WriteJSON(map[string]any{"envelope_id": e["envelope_id"]}); err != nil {
		t.Fatal(err)
	}
	settled(t, s)
	if d := s.Deliveries()[0]; !d.Acked || len(d.Attempts) != 2 {
		t.Errorf("delivery = %+v", d)
	}
	s.Disconnect(0, "refresh_requested")
	if e := read(t, other); e["type"] != "disconnect" || e["reason"] != "refresh_requested" {
		t.Errorf("frame = %v", e)
	}
}

func TestThreadsAndMetadata(t *testing.T) {
	s := Start(t, Config{})
	s.AddChannel("C1", "channel", BotUser, "U1")
	root, err := s.Say(Post{Channel: "C1", User: "U1", Text: "질문"})
	if err != nil {
		t.Fatal(err)
	}
	meta := slack.SlackMetadata{EventType: "t", EventPayload: map[string]any{"key": "k"}}
	_, ts, err := client(s).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("답", false), slack.MsgOptionTS(root.TS), slack.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range []bool{true, false} {
		all, _, _, err := client(s).GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: ts, IncludeAllMetadata: with})
		if err != nil || len(all) != 2 || all[0].Timestamp != root.TS || all[0].ReplyCount != 1 || (all[1].Metadata.EventPayload["key"] == "k") != with {
			t.Errorf("replies = %+v, %v", all, err)
		}
	}
	page, err := client(s).GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C1"})
	if err != nil || len(page.Messages) != 1 {
		t.Errorf("history shows %d messages, want the question alone: %v", len(page.Messages), err)
	}
	if err := s.Delete("C1", root.TS); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages("C1")[0]; m.Subtype != "tombstone" {
		t.Errorf("a deleted question with replies = %+v", m)
	}
}

func TestPagesCoverEverythingOnce(t *testing.T) {
	s := Start(t, Config{})
	s.AddChannel("C1", "channel", BotUser, "U1")
	var want []string
	for i := range 25 {
		m, err := s.Say(Post{Channel: "C1", User: "U1", Text: fmt.Sprint(i)})
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{m.TS}, want...)
	}
	var got []string
	for cursor := ""; ; {
		page, err := client(s).GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 10, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			got = append(got, m.Timestamp)
		}
		if cursor = page.ResponseMetaData.NextCursor; cursor == "" {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("history = %v, want %v", got, want)
	}
}

func TestFaultsAreSpent(t *testing.T) {
	s := Start(t, Config{})
	s.AddChannel("C1", "channel", BotUser)
	s.Inject(Fault{Method: "chat.postMessage", Channel: "C1", Kind: RateLimit, RetryAfter: 3, Times: 2})
	var codes []string
	for range 3 {
		_, _, err := client(s).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("x", false))
		codes = append(codes, fmt.Sprint(err))
	}
	const limited = "slack rate limit exceeded, retry after 3s"
	if codes[0] != limited || codes[1] != limited || codes[2] != "<nil>" {
		t.Errorf("errors = %v", codes)
	}
}

func TestAdmin(t *testing.T) {
	s := Start(t, Config{RetryDelays: []time.Duration{}})
	post := func(verb, body string) (int, string) {
		resp, err := http.Post(s.URL()+"/admin/"+verb, "application/json", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		out, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, strings.TrimSpace(string(out))
	}
	for _, c := range []struct {
		verb, body string
		status     int
		want       string
	}{
		{"channel", `{"id":"C1","members":["U0BOT","U1"]}`, 200, "ok"},
		{"say", `{"channel":"C1","user":"U1","text":"안녕"}`, 200, "안녕"},
		{"say", `{"channel":"C9","user":"U1","text":"안녕"}`, 400, "no channel"},
		{"dm", `{"user":"U1","text":"안녕"}`, 200, `"ts"`},
		{"fault", `{"method":"chat.postMessage","kind":"drop_after","times":1}`, 200, "ok"},
		{"clear-faults", ``, 200, "ok"},
		{"sockets", `{"do":"sing"}`, 400, "drop, mute or disconnect"},
		{"click", `{"user":"U1","channel":"C1","ts":"1","name":"x"}`, 400, "no message"},
		{"say", `{"channel":`, 400, "bad JSON"},
	} {
		if status, out := post(c.verb, c.body); status != c.status || !strings.Contains(out, c.want) {
			t.Errorf("%s %s: %d %s", c.verb, c.body, status, out)
		}
	}
	settled(t, s)
	resp, err := http.Get(s.URL() + "/admin/state")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var state map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&state); err != nil || state["quiet"] != true || state["deliveries"] != 2.0 {
		t.Errorf("state = %v, %v", state, err)
	}
}

// A response_url takes five answers, and none after 30 minutes; a trigger_id opens one window, within 3 s.
func TestWhatAnInteractionAllows(t *testing.T) {
	s := Start(t, Config{})
	s.mu.Lock()
	fresh, old := s.response("C1", "U1", ""), s.response("C1", "U1", "")
	s.responses[old[strings.LastIndex(old, "/")+1:]].made = time.Now().Add(-responseLife - time.Second)
	s.mu.Unlock()
	answer := func(url string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"text":"hi"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	for use := 1; use <= 6; use++ {
		if got, want := answer(fresh), map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[use <= 5]; got != want {
			t.Errorf("use %d of a response_url: %d, want %d", use, got, want)
		}
	}
	if got := answer(old); got != http.StatusNotFound {
		t.Errorf("a response_url after 30 minutes: %d", got)
	}
	if n := len(s.Ephemerals()); n != 5 {
		t.Errorf("%d answers are to be seen, want 5", n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	once, late := s.trigger(), s.trigger()
	s.triggers[late] = time.Now().Add(-triggerLife - time.Second)
	const view = `{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[]}`
	for _, c := range []struct{ trigger, refusal string }{
		{once, ""}, {once, "exchanged_trigger_id"}, {late, "expired_trigger_id"}, {"made up", "invalid_trigger_id"},
	} {
		got := s.openView(args{"trigger_id": c.trigger, "view": json.RawMessage(view)})
		if code, _ := got["error"].(string); code != c.refusal {
			t.Errorf("views.open: %v, want %q", got, c.refusal)
		}
	}
}
