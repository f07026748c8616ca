package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(inFolder{m}, map[string]func(){"bot": main})
}

// inFolder runs the tests with a folder that all of them share and that goes with them.
type inFolder struct{ *testing.M }

// shared holds the built binary and the trained engines.
var shared string

// Run implements [testscript.TestingM].
func (m inFolder) Run() int {
	if own, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
		_ = os.Setenv("GOCACHE", filepath.Join(own, "go-build")) // else the binary is built from nothing, for minutes
	}
	var err error
	if shared, err = os.MkdirTemp("", "haedap"); err == nil {
		defer os.RemoveAll(shared) //nolint:errcheck // the system clears it one day
		err = os.Setenv("XDG_CACHE_HOME", shared)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.M.Run()
}

// TestScripts runs every command as people type it. "small" is a content of two articles that trains in no time.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			for _, name := range os.Environ() { // settings of whoever runs the tests
				if name, _, _ := strings.Cut(name, "="); strings.HasPrefix(name, "SLACK_") || strings.HasPrefix(name, "HAEDAP_") {
					env.Setenv(name, "")
				}
			}
			env.Setenv("XDG_CACHE_HOME", shared)
			return os.CopyFS(filepath.Join(env.WorkDir, "small"), os.DirFS("testdata/small"))
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails": fails, "contract": contract, "fill": fillFile, "bytes": writeBytes,
		},
	})
}

// fails CODE PATTERN COMMAND… holds a command to its exit code and to exactly one line on stderr, which matches.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fails code pattern command…")
	}
	err := ts.Exec(args[2], args[3:]...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
		ts.Fatalf("ended with %v, want exit code %s", err, args[0])
	}
	stderr := ts.ReadFile("stderr")
	if strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, "\n") {
		ts.Fatalf("stderr is not exactly one line: %q", stderr)
	}
	if !regexp.MustCompile(args[1]).MatchString(stderr) {
		ts.Fatalf("stderr %q does not match %q", stderr, args[1])
	}
}

// contract holds every line of stdout to what `ask --json` promises to outsiders: the keys, in their order, and their types.
func contract(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: contract")
	}
	keys := []string{"thread", "text", "decision", "intent", "confidence", "candidates", "article", "section", "lang", "reply", "evidence", "latency_us"}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if got := keysOf(ts, line); !slices.Equal(got, keys) {
			ts.Fatalf("keys %v, want %v", got, keys)
		}
		var a struct {
			Decision   string
			Intent     string
			Article    string
			Section    string
			Confidence *float64
			Candidates []struct {
				Intent string
				Score  *float64
			}
			Evidence []struct{ Kind, Text string }
			Latency  *int64 `json:"latency_us"`
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			ts.Fatalf("read %s: %v", line, err)
		}
		answered := a.Decision == "answer"
		switch {
		case !slices.Contains([]string{"answer", "clarify", "escalate", "chat", "ignore"}, a.Decision):
			ts.Fatalf("decision %q", a.Decision)
		case answered != (a.Intent != "") || answered != (a.Article != "") || answered != (a.Section != ""):
			ts.Fatalf("intent, article and section are there when answered, and only then: %s", line)
		case a.Confidence == nil || a.Candidates == nil || a.Evidence == nil || a.Latency == nil:
			ts.Fatalf("null in %s", line)
		}
	}
}

// keysOf lists the keys of a JSON object as they stand.
func keysOf(ts *testscript.TestScript, line string) []string {
	decoder := json.NewDecoder(strings.NewReader(line))
	var keys []string
	if _, err := decoder.Token(); err != nil {
		ts.Fatalf("read %s: %v", line, err)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			ts.Fatalf("read %s: %v", line, err)
		}
		keys = append(keys, fmt.Sprint(key))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			ts.Fatalf("read %s: %v", line, err)
		}
	}
	return keys
}

// fillFile FILE BYTES TEXT writes a line of so many bytes, made of text.
func fillFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fill file bytes text")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := strings.Repeat(args[2], n/len(args[2])) + "\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// writeBytes FILE TEXT writes what a Go string literal says.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes file text")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
