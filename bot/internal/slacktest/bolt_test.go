package slacktest

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// boltDir holds the app; "npm ci" there installs Bolt.
var boltDir = filepath.Join("testdata", "bolt")

// bolt is a running app on @slack/bolt.
type bolt struct {
	t     *testing.T
	lines chan map[string]any
}

// startBolt starts the app with a door to s, or skips the test where Node or Bolt is missing.
func startBolt(t *testing.T, s *Server, door string) *bolt {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: no judge of the fake Slack: Node is not installed")
	}
	find := exec.CommandContext(t.Context(), node, "-e", "require.resolve('@slack/bolt')")
	find.Dir = boltDir
	if err := find.Run(); err != nil {
		t.Skip("SKIPPED: no judge of the fake Slack: run npm ci in bot/internal/slacktest/testdata/bolt")
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), node, "app.js")
	cmd.Dir, cmd.Stderr = boltDir, t.Output()
	cmd.Env = append(os.Environ(), "BOLT_DOOR="+door, "PORT="+port, "SLACK_API_URL="+s.API(), "SLACK_BOT_TOKEN="+s.Config().BotToken,
		"SLACK_APP_TOKEN="+s.Config().AppToken, "SLACK_SIGNING_SECRET="+s.Config().SigningSecret)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := &bolt{t: t, lines: make(chan map[string]any, 64)}
	go func() { // ends with the app's output
		defer close(b.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			var line map[string]any
			if json.Unmarshal(scan.Bytes(), &line) == nil {
				b.lines <- line
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed: its exit code says nothing
	})
	if door == "http" {
		s.SetEndpoint("http://127.0.0.1:" + port)
	}
	b.want("started", nil)
	return b
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return strconv.Itoa(ln.Addr().(*net.TCPAddr).Port)
}

// want reads what Bolt tells until it tells this; the fields must agree.
func (b *bolt) want(got string, fields map[string]any) {
	b.t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		select {
		case line, ok := <-b.lines:
			if !ok {
				b.t.Fatalf("Bolt ended before it told %q", got)
			}
			if line["got"] == "error" {
				b.t.Errorf("Bolt: %v", line["error"])
			}
			if line["got"] != got {
				continue
			}
			for k, v := range fields {
				if !reflect.DeepEqual(line[k], v) {
					b.t.Errorf("%s: %s = %v, want %v", got, k, line[k], v)
				}
			}
			return
		case <-timeout:
			b.t.Fatalf("Bolt did not tell %q", got)
		}
	}
}

// Slack's own library agrees with what package slacktest claims.
func TestBoltAgrees(t *testing.T) {
	for _, door := range []string{"http", "socket"} {
		t.Run(door, func(t *testing.T) {
			s := Start(t, Config{RetryDelays: []time.Duration{0, time.Second, 3 * time.Second}})
			s.AddChannel("C1", "channel", BotUser, "U1")
			b := startBolt(t, s, door)
			check := func(what string, ok bool) {
				t.Helper()
				if !ok {
					t.Error(what)
				}
			}
			do := func(m Message, err error) Message {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				return m
			}
			m := do(s.Mention("C1", "U1", "왜요"))
			b.want("app_mention", map[string]any{"text": "<@U0BOT> 왜요", "bot": BotUser, "team": TeamID})
			thread := s.Thread("C1", m.TS)
			if len(thread) != 2 || thread[1].Text != "reply" {
				t.Fatalf("thread = %+v", thread)
			}
			do(m, s.Click("U1", "C1", thread[1].TS, "press"))
			b.want("press", map[string]any{"value": "v", "key": "k", "thread": m.TS})
			check("a window is open", len(s.Views()) == 1 && s.Views()[0].Title == "Window")
			check("the answer to a click is private", s.Ephemerals()[0].Text == "for you" && s.Ephemerals()[0].User == "U1")
			do(m, s.Shortcut("U1", "haedap_suggest", "C1", m.TS))
			b.want("shortcut", map[string]any{"text": m.Text})
			s.Command("U1", "C1", "/haedap", "질문")
			b.want("command", map[string]any{"user": "U1"})
			settled(t, s)
			check("the command is answered", strings.Contains(s.Ephemerals()[2].Text, "you asked: 질문"))
			do(s.Say(Post{Channel: "C1", User: "U1", Text: "refuse me"}))
			b.want("refusals", map[string]any{"codes": []any{"channel_not_found", "no_text", "invalid_blocks", "cant_update_message", "message_not_found"}})
			last := do(s.Say(Post{Channel: "C1", User: "U1", Text: "옛 글"}))
			do(m, s.Edit("C1", last.TS, "새 글"))
			b.want("changed", map[string]any{"text": "새 글", "before": "옛 글"})
			do(m, s.Delete("C1", last.TS))
			b.want("deleted", map[string]any{"ts": last.TS})
			if door == "socket" {
				opened := len(s.Calls("socket"))
				s.Disconnect(0, "refresh_requested")
				awaited(t, s, func() bool { return len(s.Calls("socket")) > opened && s.Sockets() == 1 })
				do(s.Mention("C1", "U1", "다시"))
				b.want("app_mention", map[string]any{"text": "<@U0BOT> 다시"})
			}
			settled(t, s)
			for _, d := range s.Deliveries() {
				check("acknowledged: "+d.ID, d.Acked)
			}
		})
	}
}
