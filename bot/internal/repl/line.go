package repl

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/peterh/liner"
)

// errCleared says that Ctrl-C cleared the line.
var errCleared = errors.New("line cleared")

// source is where lines come from.
type source interface {
	read() (string, error) // io.EOF at the end
	remember(line string)
	close()
}

// line is what one read gave.
type line struct {
	text string
	err  error
}

// open finds out where lines come from, and whether a person is there to be greeted.
func (s *session) open(in io.Reader, out io.Writer) (lines source, person bool) {
	if isTerminal(in) && isTerminal(out) {
		return newEditor(s.History, s.complete), true
	}
	return &pipe{bufio.NewReaderSize(in, 1<<16)}, false
}

// reader reads a line each time that it is wanted, until want is closed. A read that waits for a person cannot be
// broken off; it ends with the process.
func reader(lines source) (next <-chan line, want chan<- struct{}) {
	got, wanted := make(chan line, 1), make(chan struct{})
	go func() {
		for range wanted {
			text, err := lines.read()
			got <- line{text, err}
		}
	}()
	return got, wanted
}

// pipe is a source that nobody sits at.
type pipe struct{ in *bufio.Reader }

func (p *pipe) read() (string, error) {
	text, err := p.in.ReadString('\n')
	if err != nil && text != "" {
		return text, nil // the last line lacks its end
	}
	return text, err
}

func (p *pipe) remember(string) {}
func (p *pipe) close()          {}

// prompt stands before every line. Its letters are a column wide everywhere.
const prompt = "> "

// editor is a source on a terminal.
type editor struct {
	liner   *liner.State
	history history
}

func newEditor(file string, complete liner.WordCompleter) *editor {
	e := &editor{liner: liner.NewLiner(), history: history{file}}
	e.liner.SetCtrlCAborts(true)
	e.liner.SetMultiLineMode(true)
	e.liner.SetBeep(false)
	e.liner.SetTabCompletionStyle(liner.TabPrints)
	e.liner.SetWordCompleter(complete)
	e.history.load(e.liner)
	return e
}

func (e *editor) read() (string, error) {
	text, err := e.liner.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", errCleared
	}
	return text, err
}

func (e *editor) remember(line string) {
	if line = strings.TrimSpace(line); line != "" && len(line) <= longestRemembered {
		e.liner.AppendHistory(line)
		e.history.save(e.liner)
	}
}

func (e *editor) close() { _ = e.liner.Close() } // the terminal is gone: nothing is left to restore
