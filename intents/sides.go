package intents

import (
	"math"

	"haedap/knowledge/text"
)

// sides gives the margins of both sides of a text at each of several places, for about the price of reading the text once: what
// stands between two places is added up once and counts for every side that holds it. A piece that lies across a place
// counts for no side. It keeps its buffers between texts.
type sides struct {
	places []place
	said   []said          // by family, then by stretch
	vector vector          // of one stretch and family
	sums   []float32       // stretch × family × class: what the features say
	left   []familyLengths // by place: squares of the lengths of what stands before it
	right  []familyLengths // by place: of what stands after it
	margin []float32
}

// place is where a text may be parted.
type place struct {
	at    int // byte
	runes int
}

// said is a feature that is said in a stretch, which is what lies between two places.
type said struct {
	stretch int
	family  text.Family
	feature int32
	times   uint16
	weight  float32 // of each time
}

type familyLengths [text.Families]float32

// read adds up, for the text that r has read last and its places, what each stretch says.
func (s *sides) read(r *reader, e *Engine) {
	s.gather(r)
	for _, x := range s.said {
		r.times[x.feature] += x.times
	}
	for i := range s.said {
		x := &s.said[i]
		n := float64(r.times[x.feature])
		x.weight = e.vocabulary.rarity[x.feature] * r.scales[x.family] * emphasis(n) / float32(n)
	}
	s.forget(r)
	s.measure(r)
	s.margin = cleared(s.margin, len(e.groups))
	s.add(e.linear)
}

// add adds up the features of each stretch and family, which stand together.
func (s *sides) add(m *linear) {
	s.sums = cleared(s.sums, (len(s.places)+1)*int(text.Families)*len(s.margin))
	for start := 0; start < len(s.said); {
		first := s.said[start]
		end := start
		s.vector = s.vector[:0]
		for ; end < len(s.said) && s.said[end].stretch == first.stretch && s.said[end].family == first.family; end++ {
			x := s.said[end]
			s.vector = append(s.vector, entry{x.feature, x.weight * float32(x.times)})
		}
		m.add(s.vector, s.sum(first.stretch, first.family))
		start = end
	}
}

// sum is what a family says in a stretch, by class.
func (s *sides) sum(stretch int, family text.Family) []float32 {
	classes := len(s.margin)
	return s.sums[(stretch*int(text.Families)+int(family))*classes:][:classes]
}

// gather lists what is said in each stretch, each feature once. Pieces come family by family, and from left to right in each.
func (s *sides) gather(r *reader) {
	s.said = s.said[:0]
	family, stretch, counted := text.Family(0), 0, 0
	next := func() {
		for ; counted < len(s.said); counted++ {
			x := &s.said[counted]
			x.times, r.times[x.feature] = r.times[x.feature], 0
		}
	}
	for k, p := range r.cutter.Pieces {
		if p.Family != family {
			next()
			family, stretch = p.Family, 0
		}
		for stretch < len(s.places) && s.places[stretch].runes <= p.Start {
			next()
			stretch++
		}
		across := stretch < len(s.places) && s.places[stretch].runes < p.End
		id := r.ids[k]
		if id == unseen || across {
			continue
		}
		if r.times[id] == 0 {
			s.said = append(s.said, said{stretch: stretch, family: family, feature: id})
		}
		r.times[id]++
	}
	next()
}

// measure finds the lengths of both sides of each place.
func (s *sides) measure(r *reader) {
	s.left, s.right = cleared(s.left, len(s.places)), cleared(s.right, len(s.places))
	var square familyLengths
	for _, x := range s.said {
		square[x.family] += x.longer(r)
		if x.stretch < len(s.places) {
			s.left[x.stretch][x.family] = square[x.family]
		}
	}
	s.forget(r)
	square = familyLengths{}
	for i := len(s.said) - 1; i >= 0; i-- {
		x := s.said[i]
		square[x.family] += x.longer(r)
		if x.stretch > 0 {
			s.right[x.stretch-1][x.family] = square[x.family]
		}
	}
	s.forget(r)
	for f := range text.Families { // a stretch may say nothing
		for k := 1; k < len(s.places); k++ {
			s.left[k][f] = max(s.left[k][f], s.left[k-1][f])
			last := len(s.places) - 1 - k
			s.right[last][f] = max(s.right[last][f], s.right[last+1][f])
		}
	}
}

// longer adds x to what r has counted, and is how much the square of the length grows by that.
func (x said) longer(r *reader) float32 {
	before := float32(r.times[x.feature])
	r.times[x.feature] += x.times
	after := float32(r.times[x.feature])
	return (after*after - before*before) * x.weight * x.weight
}

// forget counts nothing any more.
func (s *sides) forget(r *reader) {
	for _, x := range s.said {
		r.times[x.feature] = 0
	}
}

// before gives the margins of what stands before a place, by class. They are valid until the next call.
func (s *sides) before(place int, m *linear) []float32 {
	return s.between(0, place+1, s.left[place], m)
}

// after gives the margins of what stands after a place.
func (s *sides) after(place int, m *linear) []float32 {
	return s.between(place+1, len(s.places)+1, s.right[place], m)
}

func (s *sides) between(from, to int, squares familyLengths, m *linear) []float32 {
	copy(s.margin, m.bias)
	for family, square := range squares {
		if square == 0 {
			continue
		}
		scale := 1 / float32(math.Sqrt(float64(square)))
		for stretch := from; stretch < to; stretch++ {
			for c, x := range s.sum(stretch, text.Family(family)) {
				s.margin[c] += x * scale
			}
		}
	}
	return s.margin
}

// cleared is a slice of length n without anything in it, in buffer's place where that is long enough.
func cleared[T any](buffer []T, n int) []T {
	if cap(buffer) < n {
		return make([]T, n)
	}
	buffer = buffer[:n]
	clear(buffer)
	return buffer
}
