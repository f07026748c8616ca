package evaluate_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"haedap/intents"
	"haedap/intents/evaluate"
)

// asked makes the outcome of a question with the given label that was answered with an intent, or not when that is "".
func asked(id int, label, answered string, confidence float64) evaluate.Outcome {
	o := evaluate.Outcome{Question: intents.Question{ID: fmt.Sprint(id), Text: "q", Label: label}, Confidence: confidence, Decision: "escalate"}
	o.Ranked = []intents.Score{{Intent: "a", P: 0.9}, {Intent: "b", P: 0.1}}
	if answered != "" {
		o.Decision, o.Answered = "answer", []string{answered}
		if answered == "b" {
			o.Ranked[0], o.Ranked[1] = o.Ranked[1], o.Ranked[0]
		}
	}
	return o
}

func TestCompareCountsPairs(t *testing.T) {
	var before, after []evaluate.Outcome
	add := func(n int, was, is string) {
		for range n {
			before, after = append(before, asked(len(before), "a", was, 0.9)), append(after, asked(len(after), "a", is, 0.9))
		}
	}
	add(1, "a", "b")
	add(9, "b", "a")
	add(90, "a", "a")
	c, err := evaluate.Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	if c.Right.Gained != 9 || c.Right.Lost != 1 || len(c.Changed) != 10 {
		t.Errorf("gained %d, lost %d, changed %d, want 9, 1, 10", c.Right.Gained, c.Right.Lost, len(c.Changed))
	}
	if want := 2 * 11.0 / 1024; math.Abs(c.Right.P-want) > 1e-9 { // (C(10,0) + C(10,1)) / 2¹⁰, on both sides
		t.Errorf("p is %.6f, want %.6f", c.Right.P, want)
	}
	if d := c.Right.After - c.Right.Before; math.Abs(d-0.08) > 1e-9 || c.Right.Low > d || c.Right.High < d || !c.Right.Surely() {
		t.Errorf("difference %.3f in %.3f … %.3f, want 0.08 inside and no 0", d, c.Right.Low, c.Right.High)
	}
	if again, _ := evaluate.Compare(before, after); again.Right.Low != c.Right.Low || again.Right.High != c.Right.High {
		t.Error("the interval changes from run to run")
	}
}

func TestCompareSame(t *testing.T) {
	same := []evaluate.Outcome{asked(1, "a", "a", 0.9), asked(2, intents.OutOfScope, "", 0.1)}
	c, err := evaluate.Compare(same, same)
	if err != nil {
		t.Fatal(err)
	}
	if c.Right.P != 1 || c.Right.Low != 0 || c.Right.High != 0 || len(c.Changed) != 0 {
		t.Errorf("the same desk differs from itself: %+v", c.Right)
	}
}

func TestCompareNeedsTheSameQuestions(t *testing.T) {
	if _, err := evaluate.Compare([]evaluate.Outcome{asked(1, "a", "a", 1)}, []evaluate.Outcome{asked(2, "a", "a", 1)}); err == nil {
		t.Error("other questions were compared")
	}
}

func TestCurveAndReliability(t *testing.T) {
	var outcomes []evaluate.Outcome
	for i := range 100 { // of the surer half all are right, of the other half every second
		label := "a"
		if i >= 50 && i%2 == 0 {
			label = intents.OutOfScope
		}
		outcomes = append(outcomes, asked(i, label, "", map[bool]float64{true: 0.95, false: 0.5}[i < 50]))
	}
	r := evaluate.Measure(outcomes, 0.02, 0)
	for _, p := range r.RiskCoverage {
		if want := max(0, p.Coverage-0.5) / 2 / p.Coverage; math.Abs(p.Risk-want) > 0.011 {
			t.Errorf("risk %.3f at coverage %.2f, want %.3f", p.Risk, p.Coverage, want)
		}
	}
	if len(r.Reliability) != 2 || r.Reliability[0].Right != 0.5 || r.Reliability[1].Right != 1 || r.Reliability[1].Questions != 50 {
		t.Errorf("reliability is %+v", r.Reliability)
	}
	for _, chart := range evaluate.Charts(evaluate.Named{Name: "<this> & that", Report: r}) {
		if err := wellFormed(chart.SVG); err != nil {
			t.Errorf("%s: %v", chart.File, err)
		}
	}
}

func wellFormed(document string) error {
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestVagueQuestions(t *testing.T) {
	back := evaluate.Outcome{Question: intents.Question{ID: "1", Label: "a|b"}, Decision: "clarify", Offered: []string{"b", "a"}}
	answered := evaluate.Outcome{Question: intents.Question{ID: "2", Label: "a|b"}, Decision: "answer", Answered: []string{"a"}}
	r := evaluate.Measure([]evaluate.Outcome{back, answered}, 0.02, 0)
	if r.Vague != 2 || r.VagueAsked != 0.5 || r.InScope != 0 || r.Wrong != 1 {
		t.Errorf("vague %d, asked %.1f, in scope %d, wrong %d", r.Vague, r.VagueAsked, r.InScope, r.Wrong)
	}
}

func TestBlame(t *testing.T) {
	outcomes := []evaluate.Outcome{asked(1, "a", "b", 0.9), asked(2, "a", "a", 0.9)}
	r := evaluate.Measure(outcomes, 0.02, 0)
	r.Blame(outcomes, func(string) []evaluate.Example {
		return []evaluate.Example{{Text: "mine", Class: "a", Likeness: 0.9}, {Text: "theirs", Class: "b", Likeness: 0.5}}
	})
	if len(r.Confusions) != 1 || len(r.Confusions[0].Examples) != 1 || r.Confusions[0].Examples[0].Text != "theirs" {
		t.Errorf("confusions are %+v", r.Confusions)
	}
}
