package intents

import (
	"math"
	"slices"
)

// nearest finds the examples most like a question, by an inverted index of their weightiest features.
type nearest struct {
	sources  []source
	starts   []int32   // by feature: where its postings begin; one more at the end
	postings []posting // by feature, then by example
}

// posting is one example that has a feature, and the feature's weight in it.
type posting struct {
	Example int32
	Weight  float32
}

// kept is how many features an example keeps in the index: its rarest, which say most.
const kept = 60

func indexNearest(vectors []vector, sources []source, features int) *nearest {
	lists := make([][]posting, features)
	var keys []uint64
	for i, v := range vectors {
		keys = sortedKeys(keys[:0], v, func(e entry) uint32 { return ^math.Float32bits(e.value) }) // heaviest first: weights are positive
		for _, key := range keys[:min(kept, len(keys))] {
			e := v[uint32(key)]
			lists[e.feature] = append(lists[e.feature], posting{int32(i), e.value})
		}
	}
	total := 0
	for _, list := range lists {
		total += len(list)
	}
	n := &nearest{sources: sources, starts: make([]int32, 1, features+1), postings: make([]posting, 0, total)}
	for _, list := range lists {
		n.postings = append(n.postings, list...)
		n.starts = append(n.starts, int32(len(n.postings)))
	}
	return n
}

// neighbour is an example with its likeness to a question.
type neighbour struct {
	source
	likeness float64
}

// find gives the count examples most like the vector that s has read and that keep accepts, best first.
func (n *nearest) find(s *scratch, count int, keep func(source) bool) []neighbour {
	if len(s.likeness) < len(n.sources) {
		s.likeness = make([]float32, len(n.sources))
	}
	likeness := s.likeness[:len(n.sources)]
	clear(likeness)
	for _, e := range s.reader.vector {
		for _, p := range n.postings[n.starts[e.feature]:n.starts[e.feature+1]] {
			likeness[p.Example] += e.value * p.Weight
		}
	}
	var out []neighbour
	var least float32 // that of the last of count
	for i, l := range likeness {
		if l <= least || !keep(n.sources[i]) {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, float64(l), func(x neighbour, l float64) int {
			if x.likeness >= l { // equal ones stay in the order of the examples
				return -1
			}
			return 1
		})
		out = slices.Insert(out, at, neighbour{n.sources[i], float64(l)})[:min(count, len(out)+1)]
		if len(out) == count {
			least = float32(out[count-1].likeness)
		}
	}
	return out
}
