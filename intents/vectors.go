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

// vocabulary holds the features seen in training and what each weighs: the rarer among texts and among classes, the more. It is
// immutable once built.
type vocabulary struct {
	index  *table    // from hash to feature
	rarity []float32 // by feature
	senses bool      // whether there are features of [text.Senses]
}

// reader turns texts into vectors. It keeps its buffers between texts and is not safe for concurrent use.
type reader struct {
	cutter text.Cutter
	ids    []int32  // by piece of the last text: its feature, or unseen
	times  []uint16 // by feature: how often the text has it; all 0 between texts
	vector vector
	scales [text.Families]float32 // what gave each family of vector length 1
	seen   float32                // share of the last text's pieces that training had
}

// unseen is in place of the feature of a piece that training never had.
const unseen = -1

// learn builds the vocabulary of texts, which are normalized. labels are in [0, classes).
func learn(texts []string, labels []int, classes int) *vocabulary {
	members := make([][]int, classes)
	for i, class := range labels {
		members[class] = append(members[class], i)
	}
	senses := len(texts) < fewTexts
	total := pieceCounts{index: newTable(0)}
	var mu sync.Mutex
	onAllCores(func(from, step int) {
		t := countPieces(texts, senses, members, from, step)
		mu.Lock()
		defer mu.Unlock()
		total.add(t)
	})
	v := total.vocabulary(len(texts), classes)
	v.senses = senses
	return v
}

// pieceCounts says how often each piece occurs.
type pieceCounts struct {
	index  *table // from hash to number
	counts []pieceCount
}

// pieceCount is what is counted of one piece.
type pieceCount struct {
	texts  int32 // how many have it
	first  int64 // where it stands first: text, then place among its pieces
	spread spread

	class, text, times int32 // the class and the text in which it was counted last, and in how many texts of that class
}

// spread tells over how many classes a piece spreads, however few texts of a class have it: the sum of the shares of each class's
// texts that have the piece, and that of their squares. They are whole numbers, so that it does not matter in which order classes are added.
type spread struct{ shares, squares int64 }

// wholeShare is the share of a class whose every text has a piece.
const wholeShare = 1 << 40

// classes is how many classes would share a piece evenly that spreads as far: one that a single text of a second class has is still
// in little more than one.
func (s spread) classes() float64 {
	return float64(s.shares) / wholeShare * float64(s.shares) / float64(max(1, s.squares))
}

// countPieces counts the pieces of every step'th class from from on; members are the texts of each.
func countPieces(texts []string, senses bool, members [][]int, from, step int) pieceCounts {
	t := pieceCounts{index: newTable(1 << 18)}
	c := text.Cutter{Senses: senses}
	for class := from; class < len(members); class += step {
		n := int64(len(members[class]))
		for _, i := range members[class] {
			c.Cut(texts[i])
			for k, p := range c.Pieces {
				x := t.of(p.Hash)
				if x.class != int32(class) {
					x.class, x.text, x.times = int32(class), -1, 0
				}
				if x.text == int32(i) {
					continue
				}
				x.spread.shares += wholeShare / n
				x.spread.squares += wholeShare / n * int64(2*x.times+1) / n // (times + 1)² - times²
				x.text = int32(i)
				x.times++
				x.texts++
				x.first = min(x.first, int64(i)<<32|int64(k))
			}
		}
	}
	return t
}

// of is the count of a hash, which is new when it was not there.
func (t *pieceCounts) of(hash uint64) *pieceCount {
	id, ok := t.index.find(hash)
	if !ok {
		id = t.index.add(hash)
		t.counts = append(t.counts, pieceCount{class: -1, first: math.MaxInt64})
	}
	return &t.counts[id]
}

func (t *pieceCounts) add(other pieceCounts) {
	for i, hash := range other.index.hashes {
		x, y := t.of(hash), &other.counts[i]
		x.texts += y.texts
		x.first = min(x.first, y.first)
		x.spread.shares += y.spread.shares
		x.spread.squares += y.spread.squares
	}
}

// rarest is how many texts must have a feature for it to count: what few texts have teaches little and takes most of the memory.
const rarest = 4

// fewTexts is a training set so small that every feature counts, and is weighed by classes alone; and so small that what words mean helps
// more than it blurs: with the 23,000 texts of the shipped catalogue the thesaurus costs six points of what is answered right.
const fewTexts = 5000

// commonplace is a share of texts; features are sorted by how often the texts that have them fill it.
const commonplace = 0.01

// vocabulary drops features that are too rare among that many texts, numbers the others and weighs them. The commonest come first, and most
// follow in the order in which the texts have them, so that those of one phrase lie together in memory: fetching is what a question waits for.
//
// A weight is the logarithm of a piece's rarity among classes: what many texts of one class have is no commonplace. Beyond few texts,
// where hardly a piece keeps to its class, it is the mean of that and the rarity among texts (inverse document frequency).
func (t *pieceCounts) vocabulary(texts, classes int) *vocabulary {
	least, amongTexts := int32(rarest), 0.5
	if texts < fewTexts {
		least, amongTexts = 1, 0
	}
	var order []int32
	for id, x := range t.counts {
		if x.texts >= least {
			order = append(order, int32(id))
		}
	}
	common := int32(math.Ceil(commonplace * float64(texts)))
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &t.counts[a], &t.counts[b]
		return cmp.Or(cmp.Compare(y.texts/common, x.texts/common), cmp.Compare(x.first, y.first))
	})
	v := &vocabulary{index: newTable(len(order)), rarity: make([]float32, len(order))}
	for n, id := range order {
		v.index.add(t.index.hashes[id])
		x := &t.counts[id]
		ofTexts := math.Log(float64(1+texts) / float64(1+x.texts))
		ofClasses := math.Log(float64(1+classes) / (1 + x.spread.classes()))
		v.rarity[n] = float32(amongTexts*ofTexts + (1-amongTexts)*ofClasses + 1)
	}
	return v
}

// read makes a normalized text a vector. The result is valid until the next call.
func (r *reader) read(v *vocabulary, normalized string) vector {
	if len(r.times) < len(v.rarity) {
		r.times = make([]uint16, len(v.rarity))
	}
	r.cutter.Senses = v.senses
	r.cutter.Cut(normalized)
	r.vector, r.ids, r.scales = r.vector[:0], r.ids[:0], [text.Families]float32{}
	known, start := 0, 0
	family := text.Family(0)
	for _, p := range r.cutter.Pieces {
		if p.Family != family { // pieces come family by family
			r.scale(family, start)
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
			r.vector = append(r.vector, entry{id, v.rarity[id]})
		}
		r.times[id]++
	}
	r.scale(family, start)
	r.seen = float32(known) / float32(max(1, len(r.cutter.Pieces)))
	return r.vector
}

// scale weighs the features of a family, which start there and have their rarity, by how often the text has them, and gives them length 1.
func (r *reader) scale(f text.Family, start int) {
	var sum float32
	for i := start; i < len(r.vector); i++ {
		e := &r.vector[i]
		if n := r.times[e.feature]; n > 1 {
			e.value *= emphasis(float64(n))
		}
		r.times[e.feature] = 0
		sum += e.value * e.value
	}
	if sum == 0 {
		return
	}
	r.scales[f] = 1 / float32(math.Sqrt(float64(sum)))
	for i := start; i < len(r.vector); i++ {
		r.vector[i].value *= r.scales[f]
	}
}

// families is how many families the last text has pieces of, at least 1: what its vector's likeness to itself is.
func (r *reader) families() float64 {
	n := 0
	for _, scale := range r.scales {
		if scale > 0 {
			n++
		}
	}
	return float64(max(1, n))
}

// emphasis is how much heavier a feature is that a text has so many times.
func emphasis(times float64) float32 { return float32(1 + math.Log(times)) }

// readAll makes vectors of many normalized texts, on all cores. Their features are in order, so that every pass of training reads
// memory in order.
func (v *vocabulary) readAll(texts []string) []vector {
	out := make([]vector, len(texts))
	onAllCores(func(from, step int) {
		var r reader
		var keys []uint64
		for i := from; i < len(texts); i += step {
			read := r.read(v, texts[i])
			keys = sortedKeys(keys[:0], read, func(e entry) uint32 { return uint32(e.feature) })
			out[i] = make(vector, len(read))
			for k, key := range keys {
				out[i][k] = read[uint32(key)]
			}
		}
	})
	return out
}

// sortedKeys appends to keys, for each entry of v, what by gives it, with its place in v below, and sorts them. Numbers sort several
// times faster than entries.
func sortedKeys(keys []uint64, v vector, by func(entry) uint32) []uint64 {
	for k, e := range v {
		keys = append(keys, uint64(by(e))<<32|uint64(k))
	}
	slices.Sort(keys)
	return keys
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
