package evaluate

import (
	"fmt"
	"io"
	"strings"
)

// width is how many characters the longest bar of a terminal chart has.
const width = 40

// bar draws a share of the full width in eighths of a character.
func bar(share float64) string {
	eighths := int(max(0, min(share, 1))*width*8 + 0.5)
	b := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		b += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return b
}

// drawCurve shows every fifth point of a risk–coverage curve. Bars are scaled to the largest risk.
func drawCurve(w io.Writer, curve []Point) {
	most := 0.0
	for _, p := range curve {
		most = max(most, p.Risk)
	}
	if most == 0 {
		most = 1
	}
	fmt.Fprintf(w, "\nif it answered the surest …\tfrom confidence\tthis share would be wrong\n") //nolint:errcheck // the writer's error comes with Flush
	for i, p := range curve {
		if (i+1)%(points/10) == 0 || len(curve) < points {
			fmt.Fprintf(w, "%s of all\t%.3f\t%s  %s\n", percent(p.Coverage), p.Threshold, percent(p.Risk), bar(p.Risk/most)) //nolint:errcheck // as above
		}
	}
}

// drawReliability shows for each range of confidence what came true; it should be what was said.
func drawReliability(w io.Writer, ranges []Bin) {
	fmt.Fprintf(w, "\nconfidence\tquestions\tsaid\tcame true\n") //nolint:errcheck // the writer's error comes with Flush
	for _, b := range ranges {
		fmt.Fprintf(w, "%.1f–%.1f\t%d\t%s\t%s  %s\n", b.From, b.To, b.Questions, percent(b.Said), percent(b.Right), bar(b.Right)) //nolint:errcheck // as above
	}
}
