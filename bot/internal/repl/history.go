package repl

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"github.com/peterh/liner"
)

// longestRemembered is the most bytes of a line that is remembered: the reader of the file takes no more than 4 KiB.
const longestRemembered = 2 << 10

// history is a file of lines, the oldest first, at most [liner.HistoryLimit] of them. It is a convenience: when it cannot be read or written
// the session goes on without it.
type history struct{ file string }

// HistoryFile is where a user's lines are kept: below XDG_STATE_HOME or what stands for it on their system, "" when there is no such place.
func HistoryFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if dir == "" && runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		if home, err := os.UserHomeDir(); err == nil {
			dir = filepath.Join(home, ".local", "state")
		}
	}
	if dir == "" {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(dir, "haedap", "history")
}

func (h history) load(to *liner.State) {
	raw, err := os.ReadFile(h.file)
	if err != nil {
		return
	}
	for line := range bytes.Lines(raw) { // one bad line must not hide those after it
		_, _ = to.ReadHistory(bytes.NewReader(line))
	}
}

// save replaces the file as a whole, so that a crash leaves the old one or the new one.
func (h history) save(from *liner.State) {
	if h.file == "" || os.MkdirAll(filepath.Dir(h.file), 0o700) != nil {
		return
	}
	fresh, err := os.CreateTemp(filepath.Dir(h.file), "history-*")
	if err != nil {
		return
	}
	_, err = from.WriteHistory(fresh)
	if err = errors.Join(err, fresh.Close()); err == nil {
		err = os.Rename(fresh.Name(), h.file)
	}
	if err != nil {
		_ = os.Remove(fresh.Name()) // it is as lost as it can be
	}
}
