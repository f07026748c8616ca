package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"haedap/bot/internal/slacktest"
)

// program is the real binary, built once.
var program = sync.OnceValues(func() (string, error) {
	file := filepath.Join(shared, "bot")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	// The first run on a machine trains the engine and keeps it; what the tests measure are the starts after that.
	if out, err := exec.Command(file, "ask", "안녕하세요").CombinedOutput(); err != nil {
		return "", fmt.Errorf("first run: %w\n%s", err, out)
	}
	return file, nil
})

// door is a way from Slack to the bot.
type door string

const (
	byHTTP   door = "http"
	bySocket door = "socket"
	byBoth   door = "both"
)

const (
	room     = "C0ROOM" // where a mention is answered
	helpRoom = "C0HELP" // where every question is
	deskRoom = "C0DESK"
)

// office is a fake Slack and the bot that works in it.
type office struct {
	*slacktest.Server
	t      *testing.T
	door   door
	data   []string // arguments that say where the database is
	listen string
	bot    *process
}

// process is one run of the bot.
type process struct {
	cmd   *exec.Cmd
	log   *lockedBuffer
	ended chan struct{}
	began time.Time
	ready time.Duration // since then
}

// newOffice starts a workspace and the bot, and waits until it is ready. Tests with an office run side by side.
func newOffice(t *testing.T, by door) *office {
	t.Helper()
	return newOfficeOn(t, by, "--data", t.TempDir())
}

// newOfficeOn starts them on the database that the arguments name.
func newOfficeOn(t *testing.T, by door, data ...string) *office {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes")
	}
	t.Parallel()
	o := &office{t: t, door: by, data: data, listen: freeAddress(t)}
	o.Server = slacktest.Start(t, slacktest.Config{Both: by == byBoth, RetryDelays: []time.Duration{0, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second, 10 * time.Second}})
	for _, c := range []string{room, helpRoom, deskRoom} {
		o.AddChannel(c, "channel", slacktest.BotUser, "U1", "U2", "UAGENT")
	}
	if by != bySocket {
		o.SetEndpoint("http://" + o.listen)
	}
	o.start()
	t.Cleanup(func() { o.stop() })
	return o
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it only held the number
	return l.Addr().String()
}

// start runs the bot and waits until it is ready.
func (o *office) start() {
	o.t.Helper()
	p := o.launch()
	o.untilReady()
	p.ready = time.Since(p.began)
}

// launch runs the bot.
func (o *office) launch() *process {
	o.t.Helper()
	file, err := program()
	if err != nil {
		o.t.Fatal(err)
	}
	p := &process{log: &lockedBuffer{}, ended: make(chan struct{})}
	p.cmd = exec.Command(file, append([]string{"serve", "--listen", o.listen}, o.data...)...)
	p.cmd.Env = append(os.Environ(), "SLACK_API_URL="+o.API(), "SLACK_BOT_TOKEN="+o.Config().BotToken,
		"HAEDAP_DESK_CHANNEL="+deskRoom, "HAEDAP_LISTEN_CHANNELS="+helpRoom)
	if o.door != bySocket {
		p.cmd.Env = append(p.cmd.Env, "SLACK_SIGNING_SECRET="+o.Config().SigningSecret)
	}
	if o.door != byHTTP {
		p.cmd.Env = append(p.cmd.Env, "SLACK_APP_TOKEN="+o.Config().AppToken)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // its state tells
		close(p.ended)
	}()
	o.bot = p
	o.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if o.t.Failed() {
			o.t.Logf("the bot wrote:\n%s", p.log)
		}
	})
	return p
}

// untilReady waits until /readyz says so.
func (o *office) untilReady() {
	o.t.Helper()
	o.poll("readiness", func() (bool, string) {
		status, body, err := get("http://" + o.listen + "/readyz")
		return err == nil && status == http.StatusOK, body
	})
}

// poll waits for something that only asking again can tell.
func (o *office) poll(what string, holds func() (ok bool, saw string)) {
	o.t.Helper()
	saw := ""
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-o.bot.ended:
			o.t.Fatalf("the bot ended before %s:\n%s", what, o.bot.log)
		default:
		}
		var ok bool
		if ok, saw = holds(); ok {
			return
		}
	}
	o.t.Fatalf("no %s: %s", what, saw)
}

func get(address string) (status int, body string, err error) {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close() //nolint:errcheck // it is read
	raw, err := io.ReadAll(response.Body)
	return response.StatusCode, string(raw), err
}

// stop asks the bot to end as an operator does, and holds it to exit code 0 within 10 s.
func (o *office) stop() {
	o.t.Helper()
	select {
	case <-o.bot.ended:
		return // stopped or killed by the test
	default:
	}
	if err := o.bot.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	select {
	case <-o.bot.ended:
		if code := o.bot.cmd.ProcessState.ExitCode(); code != 0 {
			o.t.Errorf("exit code %d after SIGTERM", code)
		}
	case <-time.After(10 * time.Second):
		o.t.Error("still running 10 s after SIGTERM")
	}
}

// kill ends the bot as a power cut does.
func (o *office) kill() {
	o.t.Helper()
	if err := o.bot.cmd.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	<-o.bot.ended
}

// memory is what the bot holds, in MB.
func (o *office) memory() float64 {
	o.t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", o.bot.cmd.Process.Pid))
	if err != nil {
		o.t.Skip("no /proc here")
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				o.t.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	o.t.Fatal("no VmRSS")
	return 0
}

// lockedBuffer is written by a process and read by a test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements [io.Writer].
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all that was written.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
