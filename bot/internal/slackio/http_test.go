package slackio

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"haedap/bot/internal/slacktest"
)

// knock sends a body to the HTTP door, signed at a time with a secret.
func (w *world) knock(path, secret string, at time.Time, body string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.http.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	if secret != "" {
		req.Header.Set("X-Slack-Request-Timestamp", stamp)
		req.Header.Set("X-Slack-Signature", slacktest.Sign(secret, stamp, []byte(body)))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}

// Signatures are v0 HMAC-SHA256 over v0:timestamp:body, 5 minutes of clock skew, body ≤ 1 MiB, url_verification answered.
func TestSignedHTTP(t *testing.T) {
	w := start(t, setup{http: true})
	secret := w.Config().SigningSecret
	event := string(wrap(`{"type":"app_home_opened"}`))
	now := time.Now()
	for _, c := range []struct {
		name, path, secret string
		at                 time.Time
		body               string
		want               int
	}{
		{"good", "/slack/events", secret, now, event, 200},
		{"no signature", "/slack/events", "", now, event, 401},
		{"wrong secret", "/slack/events", "another secret", now, event, 401},
		{"4 minutes old", "/slack/events", secret, now.Add(-4 * time.Minute), event, 200},
		{"6 minutes old", "/slack/events", secret, now.Add(-6 * time.Minute), event, 401},
		{"6 minutes ahead", "/slack/events", secret, now.Add(6 * time.Minute), event, 401},
		{"1 MiB", "/slack/events", secret, now, `{"type":"x","pad":"` + strings.Repeat("x", 1<<20-21) + `"}`, 200},
		{"more than 1 MiB", "/slack/events", secret, now, strings.Repeat("x", 1<<20+1), 413},
		{"truncated", "/slack/events", secret, now, event[:len(event)/2], 400},
		{"not an event", "/slack/events", secret, now, `{}`, 400},
		{"interaction without a payload", "/slack/interactions", secret, now, "x=1", 400},
		{"not a form", "/slack/commands", secret, now, "%zz", 400},
		{"nowhere", "/slack/nowhere", secret, now, event, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, body := w.knock(c.path, c.secret, c.at, c.body); got != c.want {
				t.Errorf("%d %s, want %d", got, body, c.want)
			}
		})
	}
	if code, body := w.knock("/slack/events", secret, now, `{"type":"url_verification","challenge":"abc"}`); code != 200 || body != "abc" {
		t.Errorf("challenge answered %d %q", code, body)
	}
	if n := len(w.ledger.all()); n != 0 {
		t.Errorf("%d events accepted, want none", n)
	}
}

func TestNoSecretNoHTTPDoor(t *testing.T) {
	w := start(t, setup{})
	if code, _ := w.knock("/slack/events", "any secret at all", time.Now(), "{}"); code != http.StatusNotFound {
		t.Errorf("%d, want 404", code)
	}
}

// The Events API over HTTP retries; what was not accepted must come again.
func TestUnacceptedEventComesAgain(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		s.slack.AckTimeout = 500 * time.Millisecond
		s.before = func(w *world) { w.ledger.failing = 2 }
		w := start(t, s)
		must(w.DM("U1", "번호가 막혔대요"))
		w.quiet()
		if n := len(w.ledger.all()); n != 1 {
			t.Fatalf("%d events, want 1", n)
		}
		d := w.Deliveries()[0]
		if !d.Acked || len(d.Attempts) != 3 {
			t.Errorf("delivery = %+v, want the third attempt acknowledged", d)
		}
	})
}

// Unknown inner events are acknowledged and counted; with Socket Mode slack-go reports them without a Request.
func TestUnknownEventIsAckedAndCounted(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		w.Emit(map[string]any{"type": "event_of_the_future", "channel": map[string]any{"shape": "unheard of"}})
		w.quiet()
		if d := w.Deliveries()[0]; !d.Acked || len(d.Attempts) != 1 {
			t.Errorf("delivery = %+v", d)
		}
		if w.count.get(unknown) != 1 {
			t.Errorf("counted %d times", w.count.get(unknown))
		}
	})
}

// Tokens_revoked / app_uninstalled stop that team cleanly.
func TestRevokedTeamStops(t *testing.T) {
	for _, event := range []string{"tokens_revoked", "app_uninstalled"} {
		t.Run(event, func(t *testing.T) {
			w := start(t, setup{both: true})
			w.Revoke(event)
			<-w.doors.over
			w.quiet()
			if err := w.doors.Health(); err == nil || !strings.Contains(err.Error(), event) {
				t.Errorf("Health = %v", err)
			}
			w.eventually("the sockets are closed", func() bool { return w.Sockets() == 0 })
			_, err := w.poster.Post(context.Background(), delivery(slacktest.Message{TS: "1.000001"}, help, "k"))
			if got := postErr(t, err); got.Code != event {
				t.Errorf("Post: %+v", got)
			}
			if len(w.Calls("chat.postMessage")) != 0 {
				t.Error("something was posted")
			}
			body := string(wrap(`{"type":"message"}`))
			if code, _ := w.knock("/slack/events", w.Config().SigningSecret, time.Now(), body); code != 200 {
				t.Errorf("a late event is answered with %d, want 200: Slack need not send it again", code)
			}
			if err := w.end(); err != nil {
				t.Errorf("Run = %v", err)
			}
		})
	}
}

func TestClickReachesTheInbox(t *testing.T) {
	eachDoor(t, func(t *testing.T, s setup) {
		w := start(t, s)
		m := must(w.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
		w.ledger.await(t, 1)
		ts, err := w.poster.Post(context.Background(), delivery(m, help, "k"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second press is the same word
			if err := w.Click("U1", help, ts, "안 됐어요"); err != nil {
				t.Fatal(err)
			}
		}
		w.quiet()
		got := w.ledger.all()
		if len(got) != 2 || got[1].Message.Action != "unhelpful" || got[1].Address.Thread != m.TS || got[1].User != "U1" {
			t.Fatalf("events = %+v", got)
		}
	})
}

func TestBodyCutShort(t *testing.T) {
	w := start(t, setup{http: true})
	pr, pw := io.Pipe()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.http.URL+"/slack/events", pr)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = 100
	go func() {
		_, _ = pw.Write(bytes.Repeat([]byte("x"), 10))
		_ = pw.CloseWithError(io.ErrUnexpectedEOF)
	}()
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("answered %d", resp.StatusCode)
	}
	if code, _ := w.knock("/slack/events", w.Config().SigningSecret, time.Now(), string(wrap(`{"type":"x"}`))); code != 200 {
		t.Errorf("the next request is answered with %d", code)
	}
}
