package intents

import (
	"cmp"
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

// vector is a text as its features weigh it, each feature once. Each family has length 1.
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
	times  []uint16 // by feature: how often the text has it; all 0 between texts
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
				id = int32(len(counts))
				v.index[p.Hash] = id
				counts, last = append(counts, 0), append(last, -1)
			}
			if last[id] != int32(i) {
				last[id] = int32(i)
				counts[id]++
			}
		}
	}
	v.renumber(counts, len(texts))
	return v
}

// rarest is how many texts must have a feature for it to count: what few texts have teaches little and takes most of the memory.
const rarest = 4

// fewTexts is a training set so small that every feature counts.
const fewTexts = 5000

// renumber drops features that are too rare, gives the commonest of the others the lowest numbers, so that what is used
// most lies together, and weighs them.
func (v *vocabulary) renumber(counts []int32, texts int) {
	least := int32(rarest)
	if texts < fewTexts {
		least = 1
	}
	var order []int32
	for id, n := range counts {
		if n >= least {
			order = append(order, int32(id))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(counts[b], counts[a]) })
	number := make([]int32, len(counts))
	for n, id := range order {
		number[id] = int32(n)
		v.idf = append(v.idf, float32(math.Log(float64(1+texts)/float64(1+counts[id]))+1))
	}
	kept := make(map[uint64]int32, len(order))
	for hash, id := range v.index {
		if counts[id] >= least {
			kept[hash] = number[id]
		}
	}
	v.index = kept
}

// read makes a normalized text a vector. The result is valid until the next call.
func (r *reader) read(v *vocabulary, normalized string) vector {
	if len(r.times) < len(v.idf) {
		r.times = make([]uint16, len(v.idf))
	}
	r.cutter.Cut(normalized)
	r.vector = r.vector[:0]
	known, start := 0, 0
	family := text.Family(0)
	for _, p := range r.cutter.Pieces {
		if p.Family != family { // pieces come family by family
			r.scale(v, start)
			family, start = p.Family, len(r.vector)
		}
		id, ok := v.index[p.Hash]
		if !ok {
			continue
		}
		known++
		if r.times[id] == 0 {
			r.vector = append(r.vector, entry{feature: id})
		}
		r.times[id]++
	}
	r.scale(v, start)
	r.seen = float32(known) / float32(max(1, len(r.cutter.Pieces)))
	return r.vector
}

// scale weighs one family's features by (1 + log times) × idf and gives them length 1.
func (r *reader) scale(v *vocabulary, start int) {
	var sum float32
	for i := start; i < len(r.vector); i++ {
		e := &r.vector[i]
		e.value = v.idf[e.feature]
		if n := r.times[e.feature]; n > 1 {
			e.value *= 1 + float32(math.Log(float64(n)))
		}
		r.times[e.feature] = 0
		sum += e.value * e.value
	}
	if sum == 0 {
		return
	}
	scale := 1 / float32(math.Sqrt(float64(sum)))
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
				slices.SortFunc(out[i], func(a, b entry) int { return cmp.Compare(a.feature, b.feature) }) // memory is read in order in every pass of training
			}
		})
	}
	wg.Wait()
	return out
}
