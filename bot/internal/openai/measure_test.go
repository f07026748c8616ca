package openai_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"haedap/bot/internal/openai"
	"haedap/intents"
	"haedap/intents/evaluate"
	"haedap/knowledge/text"
)

var (
	model = flag.String("model", "", "embedding model of the endpoint OPENAI_BASE_URL, to measure what it adds")
	data  = flag.String("data", "", "folder with clinc150.tsv.gz and banking77.tsv.gz, to measure on them too")
	kept  = flag.String("kept", "", "folder that keeps embeddings between runs")
)

// measured is the endpoint's model behind a cache; the test is skipped where none is named.
func measured(t *testing.T) *openai.Cache {
	t.Helper()
	if *model == "" {
		t.Skip("SKIPPED: needs an endpoint: see testdata/measure")
	}
	client, err := openai.New(openai.Config{BaseURL: os.Getenv("OPENAI_BASE_URL"), Key: os.Getenv("OPENAI_API_KEY"), Model: *model})
	if err != nil {
		t.Fatal(err)
	}
	return openai.NewCache(client, cmp.Or(*kept, t.TempDir()), text.Version)
}

// classified is what an engine makes of questions, with their embeddings or without.
func classified(t *testing.T, e *intents.Engine, cache *openai.Cache, questions []intents.Question, with bool) []evaluate.Outcome {
	t.Helper()
	embeddings := make([][]float32, len(questions))
	if with {
		texts := make([]string, len(questions))
		for i, q := range questions {
			texts[i] = e.Wording(q.Text)
		}
		var err error
		if embeddings, err = cache.Embed(t.Context(), texts); err != nil {
			t.Fatal(err)
		}
	}
	out := make([]evaluate.Outcome, len(questions))
	for i, q := range questions {
		v := e.ClassifyWith(q.Text, embeddings[i])
		out[i] = evaluate.Outcome{Question: q, Ranked: v.Ranked, Confidence: v.Confidence, Decision: "escalate"}
		if v.Answer {
			out[i].Decision, out[i].Answered = "answer", []string{v.Ranked[0].Intent}
		}
	}
	return out
}

// TestMeasureCalibration leaves each writer of calibration questions out in turn: the gate learns from the others, and the
// figures are of the one left out.
func TestMeasureCalibration(t *testing.T) {
	cache := measured(t)
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var without, with []evaluate.Outcome
	for _, writer := range writers(c.Calibration) {
		rest := *c
		rest.Calibration = nil
		var own []intents.Question
		for _, q := range c.Calibration {
			switch {
			case q.By != writer:
				rest.Calibration = append(rest.Calibration, q)
			case !strings.ContainsAny(q.Label, "+|"):
				own = append(own, q)
			}
		}
		e, err := intents.Train(&rest, intents.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		if e, err = e.Learn(t.Context(), cache); err != nil {
			t.Fatal(err)
		}
		without = append(without, classified(t, e, cache, own, false)...)
		with = append(with, classified(t, e, cache, own, true)...)
	}
	for name, outcomes := range map[string][]evaluate.Outcome{"without embeddings": without, "with embeddings": with} {
		r := evaluate.Measure(outcomes, 0.02, 0)
		t.Logf("%s: %d in scope, %d out: best candidate right %.2f %%, AUROC %.2f, answered right %.1f %%, wrong among answered %.2f %%",
			name, r.InScope, r.OutOfScope, 100*r.Accuracy, 100*r.AUROC, 100*r.Right, 100*r.WrongShare)
	}
}

func writers(questions []intents.Question) []string {
	var out []string
	for _, q := range questions {
		out = append(out, q.By)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// few is how many examples an intent gets, and samples how many draws of them the figure is the mean of.
const (
	few     = 10
	samples = 3
)

// TestMeasureFewShot trains on a few examples of each intent of public sets.
func TestMeasureFewShot(t *testing.T) {
	cache := measured(t)
	for _, name := range []string{"clinc150", "banking77"} {
		train, test := publicRows(t, name)
		var without, with float64
		for seed := range uint64(samples) {
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(train), func(i, j int) { train[i], train[j] = train[j], train[i] })
			e, err := intents.Train(catalogueOf(train), intents.Defaults())
			if err != nil {
				t.Fatal(err)
			}
			if e, err = e.Learn(t.Context(), cache); err != nil {
				t.Fatal(err)
			}
			without += evaluate.Measure(classified(t, e, cache, test, false), 0.02, 0).Accuracy
			with += evaluate.Measure(classified(t, e, cache, test, true), 0.02, 0).Accuracy
		}
		t.Logf("%s, %d examples an intent: best candidate right %.1f %% without embeddings, %.1f %% with them", name, few, 100*without/samples, 100*with/samples)
	}
}

// publicRows reads a public set's rows for training and for testing, without those that are out of scope.
func publicRows(t *testing.T, name string) (train, test []intents.Question) {
	t.Helper()
	if *data == "" {
		t.Skip("SKIPPED: needs public data sets: see testdata/measure")
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
	for lines := bufio.NewScanner(unzipped); lines.Scan(); {
		cells := strings.Split(lines.Text(), "\t") // text, label, split, lang
		q := intents.Question{Text: cells[0], Label: cells[1]}
		switch cells[2] {
		case "train":
			train = append(train, q)
		case "test":
			test = append(test, q)
		}
	}
	if len(train) == 0 || len(test) == 0 {
		t.Fatalf("%s has %d and %d rows", name, len(train), len(test))
	}
	return train, test
}

// catalogueOf makes a catalogue of the first rows of each label.
func catalogueOf(rows []intents.Question) *intents.Catalogue {
	var c intents.Catalogue
	place := map[string]int{}
	for _, r := range rows {
		at, ok := place[r.Label]
		if !ok {
			at = len(c.Classes)
			place[r.Label] = at
			name := intents.Label{EN: strings.ReplaceAll(r.Label, "_", " ")}
			c.Classes = append(c.Classes, intents.Class{ID: r.Label, Kind: intents.Answerable, Article: r.Label, Label: name})
		}
		if class := &c.Classes[at]; len(class.Examples) < few {
			class.Examples = append(class.Examples, intents.Example{Text: r.Text})
		}
	}
	return &c
}
