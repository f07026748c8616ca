package repl

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminalEnv makes the test binary a session on its own standard input and output.
const terminalEnv = "HAEDAP_TEST_SESSION"

func TestMain(m *testing.M) {
	if os.Getenv(terminalEnv) == "" {
		os.Exit(m.Run())
	}
	c, err := small()
	if err == nil {
		err = Run(context.Background(), os.Stdin, os.Stdout, c, Config{Lang: "ko", History: os.Getenv("HISTORY")})
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

// screen is a session on a terminal of its own.
type screen struct {
	t       *testing.T
	master  *os.File
	pieces  chan string
	seen    strings.Builder
	process *os.Process
}

// openScreen starts a session on a new terminal.
func openScreen(t *testing.T, env ...string) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 80})
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close() //nolint:errcheck // the session has it
	process, err := os.StartProcess(os.Args[0], []string{os.Args[0]}, &os.ProcAttr{
		Env:   append([]string{terminalEnv + "=1", "TERM=xterm-256color", "LANG=C.UTF-8"}, env...),
		Files: []*os.File{slave, slave, slave},
		Sys:   &unix.SysProcAttr{Setsid: true, Setctty: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Kill() })
	s := &screen{t: t, master: master, pieces: make(chan string, 1024), process: process}
	go s.read()
	return s
}

// read passes on what the session writes, until the terminal is closed.
func (s *screen) read() {
	defer close(s.pieces)
	buffer := make([]byte, 4096)
	for {
		n, err := s.master.Read(buffer)
		if n > 0 {
			s.pieces <- string(buffer[:n])
		}
		if err != nil {
			return
		}
	}
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// await waits for text in what was written since the last wait.
func (s *screen) await(text string) string {
	s.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		if before, after, ok := strings.Cut(s.seen.String(), text); ok {
			s.seen.Reset()
			s.seen.WriteString(after)
			return before
		}
		select {
		case p, ok := <-s.pieces:
			if !ok {
				s.t.Fatalf("the session ended before %q:\n%s", text, s.seen.String())
			}
			s.seen.WriteString(p)
		case <-deadline:
			s.t.Fatalf("no %q in:\n%s", text, s.seen.String())
		}
	}
}

func (s *screen) exit() int {
	s.t.Helper()
	ended := make(chan *os.ProcessState, 1)
	go func() {
		state, _ := s.process.Wait()
		ended <- state
	}()
	select {
	case state := <-ended:
		return state.ExitCode()
	case <-time.After(10 * time.Second):
		s.t.Fatal("the session does not end")
		return -1
	}
}

const (
	ctrlC     = "\x03"
	ctrlD     = "\x04"
	backspace = "\x7f"
	home      = "\x01"
	up        = "\x1b[A"
)

func TestTerminalEditsHangulAndRemembers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	s := openScreen(t, "HISTORY="+file)
	s.await(prompt)
	s.press("주차 돼욯" + backspace + "요" + home + "혹시 " + "\r")
	s.await("확신")
	s.await(prompt)
	s.press(ctrlD)
	if code := s.exit(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	raw, err := os.ReadFile(file)
	if err != nil || string(raw) != "혹시 주차 돼요\n" {
		t.Fatalf("remembered %q, %v", raw, err)
	}

	s = openScreen(t, "HISTORY="+file)
	s.await(prompt)
	s.press(up + "\r")
	s.await("parking")
	s.press("/q\t\r")
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d after /quit by completion", code)
	}
}

func TestCtrlCClearsTheLineThenLeaves(t *testing.T) {
	s := openScreen(t)
	s.await(prompt)
	s.press("지울 말")
	s.await("말") // it reads keys itself now
	s.press(ctrlC)
	s.await("한 번 더")
	s.await(prompt)
	s.press("말")
	s.await("말")
	s.press(ctrlC)
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestColoursOnlyWhereTheyAreWelcome(t *testing.T) {
	for _, c := range []struct {
		env  string
		want bool
	}{{"X=1", true}, {"NO_COLOR=1", false}} {
		s := openScreen(t, c.env)
		opening := s.await(prompt)
		if got := strings.Contains(opening, "\x1b[1m"); got != c.want {
			t.Errorf("%s: colours %v, want %v: %q", c.env, got, c.want, opening)
		}
		s.press(ctrlD)
		s.exit()
	}
}
