package repl

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// ink writes lines, in colours when the other end shows them.
type ink struct {
	out    io.Writer
	colour bool
	err    error // the first failed write; everything after it is passed over
}

func newInk(out io.Writer) ink {
	return ink{out: out, colour: isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// isTerminal tells whether f, a reader or a writer, is one.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// say writes one line, or several.
func (i *ink) say(text string) {
	if i.err != nil {
		return
	}
	if _, err := fmt.Fprintln(i.out, text); err != nil {
		i.err = fmt.Errorf("write to the terminal: %w", err)
	}
}

func (i *ink) paint(code, s string) string {
	if !i.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (i *ink) bold(s string) string   { return i.paint("1", s) }
func (i *ink) dim(s string) string    { return i.paint("2", s) }
func (i *ink) red(s string) string    { return i.paint("31", s) }
func (i *ink) green(s string) string  { return i.paint("32", s) }
func (i *ink) yellow(s string) string { return i.paint("33", s) }
func (i *ink) cyan(s string) string   { return i.paint("36", s) }

// barWidth is the length of a full bar in columns.
const barWidth = 20

// bar shows a share between 0 and 1, with a mark at another when that is between them too.
func (i *ink) bar(share, mark float64) string {
	cells := []rune(strings.Repeat("█", cellsOf(share)) + strings.Repeat("░", barWidth-cellsOf(share)))
	if mark > 0 && mark <= 1 {
		cells[min(cellsOf(mark), barWidth-1)] = '┃'
	}
	return string(cells)
}

func cellsOf(share float64) int {
	return min(max(int(share*barWidth+0.5), 0), barWidth)
}

// clean gives s with line breaks and blanks made spaces and other control characters replaced.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return '�'
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
