package intents_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"haedap/intents"
)

// manyIntents is a catalogue of as many intents as a large help centre has, each with as many examples: sentences of our own
// examples into which words of a few that belong to the intent are put.
func manyIntents(tb testing.TB, count, examples int) *intents.Catalogue {
	tb.Helper()
	own, err := intents.Load(intents.Embedded())
	if err != nil {
		tb.Fatal(err)
	}
	var sentences, words []string
	for i := range own.Classes {
		for _, x := range own.Classes[i].Examples {
			sentences, words = append(sentences, x.Text), append(words, strings.Fields(x.Text)...)
		}
	}
	random := rand.New(rand.NewPCG(1, 1))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	var c intents.Catalogue
	for k := range count {
		class := intents.Class{ID: fmt.Sprint("intent", k), Kind: intents.Answerable, Article: "article"}
		topic := make([]string, 8)
		for i := range topic {
			topic[i] = pick(words)
		}
		for range examples {
			text := strings.Fields(pick(sentences))
			text = text[:min(8, len(text))]
			for range 3 {
				text = slices.Insert(text, random.IntN(len(text)+1), pick(topic))
			}
			class.Examples = append(class.Examples, intents.Example{Text: strings.Join(text, " ")})
		}
		c.Classes = append(c.Classes, class)
	}
	return &c
}

func BenchmarkTrainThousandIntents(b *testing.B) {
	c := manyIntents(b, 1000, 20)
	for b.Loop() {
		e, err := intents.Train(c, intents.Defaults())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(heap(e))/1e6, "MB-kept")
	}
}

// heap is how many bytes live while e does.
func heap(e *intents.Engine) uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	runtime.KeepAlive(e)
	return m.HeapAlloc
}

func BenchmarkClassifyThousandIntents(b *testing.B) {
	c := manyIntents(b, 1000, 20)
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		examples := c.Classes[i*37%len(c.Classes)].Examples
		e.Classify(examples[i%len(examples)].Text)
		i++
	}
}
