package intents

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"haedap/knowledge/text"
)

// entry is one coordinate of a sparse vector.
type entry struct {
	feature int32
	value   float32
}

// vector is a text as its features weigh it, in feature order. Each family has length 1.
type vector []entry

// vocabulary holds the features seen in training and what each weighs: the rarer, the more (inverse
// document frequency). It is immutable once built.
type vocabulary struct {
	index map[uint64]int32
	idf   []float32
}

// reader turns texts into vectors. It keeps its buffers between texts and is not safe for concurrent use.
type reader struct {
	cutter text.Cutter
	ids    [text.Families][]int32
	vector vector
	seen   float32 // share of the last text's pieces that training had
}

// learn builds the vocabulary of texts, which are normalized.
func learn(texts []string) *vocabulary {
	v := &vocabulary{index: make(map[uint64]int32, 1<<18)}
	var counts []int32
	var last []int32 // last text in which the feature was counted
	var c text.Cutter
	for i, t := range texts {
		c.Cut(t)
		for _, p := range c.Pieces {
			id, ok := v.index[p.Hash]
			if !ok {
				id = int32(len(counts)) //nolint:gosec // a catalogue has far fewer than 2³¹ features
				v.index[p.Hash] = id
				counts, last = append(counts, 0), append(last, -1)
			}
			if last[id] != int32(i) { //nolint:gosec // as above
				last[id] = int32(i) //nolint:gosec // as above
				counts[id]++
			}
		}
	}
	v.idf = make([]float32, len(counts))
	for id, n := range counts {
		v.idf[id] = float32(math.Log(float64(1+len(texts))/float64(1+n)) + 1)
	}
	return v
}

// read makes a normalized text a vector. The result is valid until the next call.
func (r *reader) read(v *vocabulary, normalized string) vector {
	r.cutter.Cut(normalized)
	for f := range r.ids {
		r.ids[f] = r.ids[f][:0]
	}
	known := 0
	for _, p := range r.cutter.Pieces {
		if id, ok := v.index[p.Hash]; ok {
			r.ids[p.Family] = append(r.ids[p.Family], id)
			known++
		}
	}
	r.seen = float32(known) / float32(max(1, len(r.cutter.Pieces)))
	r.vector = r.vector[:0]
	for f := range r.ids {
		r.family(v, r.ids[f])
	}
	slices.SortFunc(r.vector, func(a, b entry) int { return int(a.feature) - int(b.feature) })
	return r.vector
}

// family adds one family's features: (1 + log count) × idf, scaled to length 1.
func (r *reader) family(v *vocabulary, ids []int32) {
	slices.Sort(ids)
	start := len(r.vector)
	var sum float64
	for i := 0; i < len(ids); {
		j := i + 1
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		w := v.idf[ids[i]]
		if j-i > 1 {
			w *= 1 + float32(math.Log(float64(j-i)))
		}
		sum += float64(w) * float64(w)
		r.vector = append(r.vector, entry{ids[i], w})
		i = j
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := start; i < len(r.vector); i++ {
		r.vector[i].value *= scale
	}
}

// readAll makes vectors of many normalized texts, on all cores.
func (v *vocabulary) readAll(texts []string) []vector {
	out := make([]vector, len(texts))
	var wg sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for core := range cores {
		wg.Go(func() {
			var r reader
			for i := core; i < len(texts); i += cores {
				out[i] = slices.Clone(r.read(v, texts[i]))
			}
		})
	}
	wg.Wait()
	return out
}
