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
	hashes []uint64 // by feature
	idf    []float32
	index  *table // from hash to feature
}

// reader turns texts into vectors. It keeps its buffers between texts and is not safe for concurrent use.
type reader struct {
	cutter text.Cutter
	ids    []int32  // by piece of the last text: its feature, or unseen
	times  []uint16 // by feature: how often the text has it; all 0 between texts
	vector vector
	seen   float32 // share of the last text's pieces that training had
}

// unseen is in place of the feature of a piece that training never had.
const unseen = -1

// learn builds the vocabulary of texts, which are normalized.
func learn(texts []string) *vocabulary {
	v := &vocabulary{index: newTable(1 << 18)}
	var counts []int32
	var last []int32 // last text in which the feature was counted
	var c text.Cutter
	for i, t := range texts {
		c.Cut(t)
		for _, p := range c.Pieces {
			id, ok := v.index.find(p.Hash)
			if !ok {
				id = int32(len(counts))
				v.index.put(p.Hash, id)
				v.hashes, counts, last = append(v.hashes, p.Hash), append(counts, 0), append(last, -1)
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
	hashes := make([]uint64, len(order))
	for n, id := range order {
		hashes[n] = v.hashes[id]
		v.idf = append(v.idf, float32(math.Log(float64(1+texts)/float64(1+counts[id]))+1))
	}
	v.hashes, v.index = hashes, indexOf(hashes)
}

// read makes a normalized text a vector. The result is valid until the next call.
func (r *reader) read(v *vocabulary, normalized string) vector {
	if len(r.times) < len(v.idf) {
		r.times = make([]uint16, len(v.idf))
	}
	r.cutter.Cut(normalized)
	r.vector, r.ids = r.vector[:0], r.ids[:0]
	known, start := 0, 0
	family := text.Family(0)
	for _, p := range r.cutter.Pieces {
		if p.Family != family { // pieces come family by family
			r.scale(v, start)
			family, start = p.Family, len(r.vector)
		}
		id, ok := v.index.find(p.Hash)
		if !ok {
			r.ids = append(r.ids, unseen)
			continue
		}
		r.ids = append(r.ids, id)
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
	onAllCores(func(from, step int) {
		var r reader
		for i := from; i < len(texts); i += step {
			out[i] = slices.Clone(r.read(v, texts[i]))
			slices.SortFunc(out[i], func(a, b entry) int { return cmp.Compare(a.feature, b.feature) }) // memory is read in order in every pass of training
		}
	})
	return out
}

// onAllCores runs work once on each core, which is to do every step'th piece of it from from on, and waits.
func onAllCores(work func(from, step int)) {
	var wg sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for core := range cores {
		wg.Go(func() { work(core, cores) })
	}
	wg.Wait()
}
