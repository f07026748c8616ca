package intents

import "math/bits"

// subset numbers some of a vocabulary's features in their order. It is a bit for each feature of the vocabulary: a question's
// few hundred are looked up several times faster than in a hash table.
type subset struct {
	words  []uint64
	before []int32 // by word: how many members the words before it have
}

func newSubset(features int) subset { return subset{words: make([]uint64, (features+63)/64)} }

// add makes a feature a member. count must follow.
func (s *subset) add(feature int32) { s.words[feature/64] |= 1 << (feature % 64) }

// count numbers the members and tells how many there are.
func (s *subset) count() int {
	s.before = make([]int32, len(s.words))
	n := 0
	for i, w := range s.words {
		s.before[i] = int32(n)
		n += bits.OnesCount64(w)
	}
	return n
}

// each gives the members in their order.
func (s *subset) each(yield func(feature int32) bool) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			if !yield(int32(64*i + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// translate gives the members' part of a vector by their numbers.
func (s *subset) translate(v vector) vector {
	out := make(vector, 0, len(v))
	for _, e := range v {
		w, bit := s.words[e.feature/64], uint64(1)<<(e.feature%64)
		if w&bit != 0 {
			out = append(out, entry{s.before[e.feature/64] + int32(bits.OnesCount64(w&(bit-1))), e.value})
		}
	}
	return out
}
