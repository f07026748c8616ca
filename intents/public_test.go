package intents_test

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"haedap/intents"
	"haedap/intents/evaluate"
)

// data is a folder with clinc150.tsv.gz, banking77.tsv.gz and parakqc.tsv.gz (columns text, label, split, lang).
var data = flag.String("data", "", "folder of public data sets, to measure on")

// row is one row of a public set.
type row struct{ text, label, split string }

func publicRows(t *testing.T, name string) []row {
	t.Helper()
	if *data == "" {
		t.Skip("SKIPPED: needs public data sets: go test ./intents -run Public -v -data FOLDER")
	}
	f, err := os.Open(filepath.Join(*data, name+".tsv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	lines := bufio.NewScanner(unzipped)
	for n := 0; lines.Scan(); n++ {
		if cells := strings.Split(lines.Text(), "\t"); n > 0 && len(cells) == 4 {
			out = append(out, row{cells[0], cells[1], cells[2]})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// catalogueOf makes a catalogue of the rows that keep accepts; the label "oos" becomes background.
func catalogueOf(rows []row, keep func(row) bool) *intents.Catalogue {
	var c intents.Catalogue
	place := map[string]int{}
	for _, outside := range []bool{false, true} {
		for _, r := range rows {
			if !keep(r) || (r.label == intents.OutOfScope) != outside {
				continue
			}
			at, ok := place[r.label]
			if !ok {
				at = len(c.Classes)
				place[r.label] = at
				kind := intents.Answerable
				if outside {
					kind = intents.Background
				}
				c.Classes = append(c.Classes, intents.Class{ID: r.label, Kind: kind, Article: r.label, Label: intents.Label{EN: strings.ReplaceAll(r.label, "_", " ")}})
			}
			c.Classes[at].Examples = append(c.Classes[at].Examples, intents.Example{Text: r.text})
		}
	}
	return &c
}

// measurePublic trains on a catalogue, with calibration questions, and logs the figures of test rows.
func measurePublic(t *testing.T, name string, c *intents.Catalogue, calibration, test []row) evaluate.Report {
	t.Helper()
	for _, r := range calibration {
		c.Calibration = append(c.Calibration, intents.Question{Text: r.text, Label: r.label})
	}
	start := time.Now()
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	trained := time.Since(start)
	questions := make([]intents.Question, len(test))
	for i, r := range test {
		questions[i] = intents.Question{ID: fmt.Sprint(i), Text: r.text, Label: r.label}
	}
	outcomes, took := ask(e, questions)
	r := evaluate.Measure(outcomes, 0.02, took)
	t.Logf("%s: %d intents, trained in %.1f s, best candidate right %.1f %%, AUROC of the confidence %.1f and of being in scope %.1f, answered right %.1f %%, wrong among answered %.1f %%, %.0f µs a question",
		name, len(c.Classes), trained.Seconds(), 100*r.Accuracy, 100*r.AUROC, 100*scopeAUROC(e, outcomes), 100*r.Right, 100*r.WrongShare, r.Micros)
	return r
}

// scopeAUROC is how well the probability that any article answers tells in scope from out of it. The confidence, which is that of a right
// answer, must also be low where two intents are hard to tell apart.
func scopeAUROC(e *intents.Engine, outcomes []evaluate.Outcome) float64 {
	outcomes = slices.Clone(outcomes)
	for i := range outcomes {
		outcomes[i].Confidence = e.Classify(outcomes[i].Question.Text).InScope
	}
	return evaluate.Measure(outcomes, 0.02, 0).AUROC
}

// ask gives what an engine makes of questions, and how long that took.
func ask(e *intents.Engine, questions []intents.Question) ([]evaluate.Outcome, time.Duration) {
	start := time.Now()
	outcomes := make([]evaluate.Outcome, len(questions))
	for i, q := range questions {
		v := e.Classify(q.Text)
		outcomes[i] = evaluate.Outcome{Question: q, Ranked: v.Ranked, Confidence: v.Confidence, Decision: "escalate"}
		if v.Answer {
			outcomes[i].Decision, outcomes[i].Answered = "answer", []string{v.Ranked[0].Intent}
		}
	}
	return outcomes, time.Since(start)
}

func selected(rows []row, keep func(row) bool) []row {
	var out []row
	for _, r := range rows {
		if keep(r) {
			out = append(out, r)
		}
	}
	return out
}

// shuffled gives the rows in a random order of its own for each seed.
func shuffled(rows []row, seed uint64) []row {
	out := slices.Clone(rows)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// firstOf keeps the first n rows of each label that keep accepts.
func firstOf(n int, keep func(row) bool) func(row) bool {
	seen := map[string]int{}
	return func(r row) bool {
		if !keep(r) || seen[r.label] >= n {
			return false
		}
		seen[r.label]++
		return true
	}
}

// seeds is how many samples a few-shot figure is the mean of.
const seeds = 3

// fewShot logs the mean over seeds of training on n examples an intent.
func fewShot(t *testing.T, name string, rows []row, n int, keep func(row) bool, test []row) {
	t.Helper()
	var sum float64
	for seed := range uint64(seeds) {
		sum += measurePublic(t, name, catalogueOf(shuffled(rows, seed), firstOf(n, keep)), nil, test).Accuracy
	}
	t.Logf("%s: mean of %d samples %.1f %%", name, seeds, 100*sum/seeds)
}

func inSplit(names ...string) func(row) bool {
	return func(r row) bool {
		for _, n := range names {
			if r.split == n {
				return true
			}
		}
		return false
	}
}

func TestPublicCLINC150(t *testing.T) {
	rows := publicRows(t, "clinc150")
	calibration, test := selected(rows, inSplit("val", "oos_val")), selected(rows, inSplit("test", "oos_test"))
	measurePublic(t, "CLINC150 full", catalogueOf(rows, inSplit("train", "oos_train")), calibration, test)
	fewShot(t, "CLINC150 10 examples an intent", rows, 10, inSplit("train"), selected(rows, inSplit("test")))
}

func TestPublicBANKING77(t *testing.T) {
	rows := publicRows(t, "banking77")
	test := selected(rows, inSplit("test"))
	measurePublic(t, "BANKING77 full", catalogueOf(rows, inSplit("train")), nil, test)
	fewShot(t, "BANKING77 10 examples an intent", rows, 10, inSplit("train"), test)
}

func TestPublicParaKQC(t *testing.T) {
	rows := publicRows(t, "parakqc")
	groups := selected(rows, func(r row) bool { return r.label < "g200" })
	var spaced, unspaced float64
	for seed := range uint64(seeds) {
		c := catalogueOf(shuffled(groups, seed), firstOf(4, func(row) bool { return true }))
		trained := map[string]bool{}
		for _, class := range c.Classes {
			for _, e := range class.Examples {
				trained[e.Text] = true
			}
		}
		test := selected(groups, func(r row) bool { return !trained[r.text] })
		spaced += measurePublic(t, "ParaKQC 200 intents × 4 examples", c, nil, test).Accuracy
		for i := range test {
			test[i].text = strings.ReplaceAll(test[i].text, " ", "")
		}
		unspaced += measurePublic(t, "ParaKQC without spaces", c, nil, test).Accuracy
	}
	t.Logf("ParaKQC: mean of %d samples %.1f %%, without spaces %.1f %%", seeds, 100*spaced/seeds, 100*unspaced/seeds)
}
