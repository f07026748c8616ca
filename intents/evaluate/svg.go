package evaluate

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Named is a report with the name that its line has in a chart.
type Named struct {
	Name   string
	Report Report
}

// Chart is a drawing as an SVG file.
type Chart struct {
	File string // its name
	SVG  string
}

// Charts draws the risk–coverage curves and the reliability diagrams of reports into one picture each.
func Charts(reports ...Named) []Chart {
	risk, truth := newCanvas("Risk and coverage", "share answered, surest first", "wrong among answered"), newCanvas("Reliability", "confidence said", "came true")
	risk.top = 0.02
	for _, r := range reports {
		for _, p := range r.Report.RiskCoverage {
			risk.top = max(risk.top, p.Risk)
		}
	}
	risk.axes()
	truth.axes()
	truth.path("#999999", []place{{0, 0}, {1, 1}}) // what is said comes true
	for i, r := range reports {
		color := colors[i%len(colors)]
		var curve, diagram []place
		for _, p := range r.Report.RiskCoverage {
			curve = append(curve, place{p.Coverage, p.Risk})
		}
		for _, b := range r.Report.Reliability {
			diagram = append(diagram, place{b.Said, b.Right})
			truth.dot(color, place{b.Said, b.Right}, b.Questions)
		}
		risk.path(color, curve)
		truth.path(color, diagram)
		risk.legend(i, color, r.Name)
		truth.legend(i, color, r.Name)
	}
	return []Chart{{"risk-coverage.svg", risk.close()}, {"reliability.svg", truth.close()}}
}

// colors of the lines, in order; they differ for people who see no red and green, too.
var colors = []string{"#1f5fbf", "#d9730d", "#5b8c3a"}

// A canvas is a square plot of shares with a margin for its words, in pixels.
const (
	side   = 400
	margin = 60
)

// place is a point of a plot, in shares.
type place struct{ x, y float64 }

// canvas collects the elements of a drawing.
type canvas struct {
	strings.Builder
	top  float64 // share at the upper end
	x, y string  // what the axes show
}

func newCanvas(title, x, y string) *canvas {
	c := &canvas{top: 1, x: x, y: y}
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`, side+2*margin, side+2*margin)
	c.add(`<rect width="100%%" height="100%%" fill="white"/>`)
	c.words(margin, margin/2, "start", title)
	return c
}

func (c *canvas) add(format string, args ...any) { fmt.Fprintf(c, format+"\n", args...) } //nolint:errcheck // into memory

func (c *canvas) words(x, y float64, anchor, text string) {
	var safe strings.Builder
	_ = xml.EscapeText(&safe, []byte(text)) // a builder never fails
	c.add(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, safe.String())
}

// pixels is where a place lies on the canvas.
func (c *canvas) pixels(p place) (x, y float64) {
	return margin + side*p.x, margin + side*(1-p.y/c.top)
}

// axes draws a grid with its figures; top must be known.
func (c *canvas) axes() {
	const lines = 5
	for i := range lines + 1 {
		at := float64(i) / lines
		x, y := c.pixels(place{at, at * c.top})
		c.add(`<path d="M%.1f %d V%d M%d %.1f H%d" stroke="#dddddd"/>`, x, margin, margin+side, margin, y, margin+side)
		c.words(x, margin+side+18, "middle", percent(at))
		c.words(margin-6, y+4, "end", percent(at*c.top))
	}
	c.words(margin+side/2, margin+side+40, "middle", c.x)
	c.words(margin, margin-10, "start", c.y)
}

func (c *canvas) path(color string, places []place) {
	if len(places) == 0 {
		return
	}
	var d strings.Builder
	for i, p := range places {
		x, y := c.pixels(p)
		fmt.Fprintf(&d, "%c%.1f %.1f ", "ML"[min(i, 1)], x, y)
	}
	c.add(`<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`, strings.TrimSpace(d.String()), color)
}

// dot marks a place and tells how many questions stand behind it.
func (c *canvas) dot(color string, p place, questions int) {
	x, y := c.pixels(p)
	c.add(`<circle cx="%.1f" cy="%.1f" r="4" fill="%s"><title>%d questions</title></circle>`, x, y, color, questions)
}

func (c *canvas) legend(i int, color, name string) {
	y := float64(margin/2 + 14*i)
	c.add(`<rect x="%d" y="%.1f" width="10" height="10" fill="%s"/>`, margin+side-120, y-9, color)
	c.words(margin+side-104, y, "start", name)
}

func (c *canvas) close() string {
	c.add("</svg>")
	return c.String()
}
