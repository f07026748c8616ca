package intents_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"haedap/intents"
	"haedap/intents/evaluate"
)

var voices = flag.Bool("voices", false, "train the engine again without each writer, and measure it on what that one wrote: minutes")

// writersOf are those who wrote examples of a kind, in order.
func writersOf(c *intents.Catalogue, kind intents.Kind) []string {
	var out []string
	for i := range c.Classes {
		examples := c.Classes[i].Examples
		for _, x := range examples {
			others := func(o intents.Example) bool { return o.By != x.By }
			if c.Classes[i].Kind == kind && !slices.Contains(out, x.By) && slices.ContainsFunc(examples, others) {
				out = append(out, x.By)
			}
		}
	}
	slices.Sort(out)
	return out
}

// leaveOut takes the examples of writers out of a catalogue and gives them as questions. A class that they wrote alone stays.
func leaveOut(c *intents.Catalogue, names ...string) []intents.Question {
	var out []intents.Question
	for i := range c.Classes {
		class := &c.Classes[i]
		theirs := func(x intents.Example) bool { return slices.Contains(names, x.By) }
		rest := slices.DeleteFunc(slices.Clone(class.Examples), theirs)
		if len(rest) == 0 || len(rest) == len(class.Examples) {
			continue
		}
		label := class.ID
		switch class.Kind {
		case intents.Answerable:
		case intents.Neighbour, intents.Background:
			label = intents.OutOfScope
		default:
			continue
		}
		for _, x := range class.Examples {
			if theirs(x) {
				out = append(out, intents.Question{ID: fmt.Sprint(class.ID, len(out)), Text: x.Text, Label: label, Tags: []string{x.By}})
			}
		}
		class.Examples = rest
	}
	return out
}

// leastKnown is the accuracy that the mean of strangers must reach.
const leastKnown = 0.9

// TestLeaveOneWriterOut foretells how well people are understood of whom no example was ever seen. A writer of intents and one
// of neighbour topics are left out together.
func TestLeaveOneWriterOut(t *testing.T) {
	if !*voices {
		t.Skip("SKIPPED: takes minutes: go test ./intents -run LeaveOneWriterOut -v -voices -timeout 30m")
	}
	whole, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	inside, outside := writersOf(whole, intents.Answerable), writersOf(whole, intents.Neighbour)
	var all []evaluate.Outcome
	for i, writer := range inside {
		c, err := intents.Load(intents.Embedded())
		if err != nil {
			t.Fatal(err)
		}
		other := outside[i%len(outside)]
		questions := leaveOut(c, writer, other)
		e, err := intents.Train(c, intents.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		outcomes, took := ask(e, questions)
		r := evaluate.Measure(outcomes, 0.02, took)
		t.Logf("without %s and %s: %d in scope, best candidate right %.1f %%, answered right %.1f %%; %d out of scope, %.1f %% answered; wrong among answered %.1f %%, AUROC %.1f",
			writer, other, r.InScope, 100*r.Accuracy, 100*r.Right, r.OutOfScope, 100*r.FalseAnswers, 100*r.WrongShare, 100*r.AUROC)
		all = append(all, outcomes...)
	}
	r := evaluate.Measure(all, 0.02, time.Second)
	t.Logf("strangers: %d in scope, best candidate right %.1f %%, among three %.1f %%, answered right %.1f %%; %d out of scope, %.1f %% answered; wrong among answered %.1f %%, AUROC %.1f",
		r.InScope, 100*r.Accuracy, 100*r.TopThree, 100*r.Right, r.OutOfScope, 100*r.FalseAnswers, 100*r.WrongShare, 100*r.AUROC)
	if r.Accuracy < leastKnown {
		t.Errorf("strangers are understood in %.1f %%, less than %.0f", 100*r.Accuracy, 100*leastKnown)
	}
}
