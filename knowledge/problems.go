package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a folder of articles.
type Problem struct {
	File string // path inside the folder
	Line int    // from 1; 0 when the whole file or folder is meant
	What string // what is wrong
	Mend string // what to do about it
}

// String gives the problem on one line: "articles/ko/a.md:3: what is wrong; how to mend it".
func (p Problem) String() string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return oneLine(fmt.Sprintf("%s: %s; %s", place, p.What, p.Mend))
}

// LoadError is returned by [Load] for a folder that cannot be used. It holds every problem found.
type LoadError struct {
	Problems []Problem // at least one, ordered by file and line
}

// Error gives the first problem and the number of the others, on one line.
func (e *LoadError) Error() string {
	first := e.Problems[0].String()
	if n := len(e.Problems) - 1; n > 0 {
		return fmt.Sprintf("%s (and %d more)", first, n)
	}
	return first
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

// oneLine keeps messages, some of which quote a file or a library, to a single line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
