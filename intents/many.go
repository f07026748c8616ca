package intents

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"
)

// A catalogue of a thousand intents asks for two economies. An example is trained only against the classes that it is likest to,
// and a class keeps only the weights that matter, in lists by feature. Neither touches a catalogue of few classes.

// few is how many classes at the most are trained against every example. Beyond, an example speaks against few classes, those that it
// is likest to and what is solved abreast with them, or against more where a class would else be trained on fewer than enough
// examples. Chosen on the validation rows of CLINC150: a third of the time for 150 classes, and the accuracy stays within 0.1 points.
const (
	few    = 64
	enough = 2000
)

// slight is the share of a class's heaviest weight below which its weights are dropped where there are many classes. Chosen on
// the same rows: a sixth of the memory for 0.1 points.
const slight = 0.02

// lists hold the weights of many classes that are not 0, by feature. Of a feature that has most of them, they hold a full row: the
// commonest features take most of the time, and a row is added several times as fast as a list.
type lists struct {
	classes int
	starts  []int32 // by feature: where its weights begin; one more at the end
	weights []classWeight
	rows    []int32   // by feature: its row of full, or noRow
	full    []float32 // row × class
}

// noRow is in place of the row of a feature without one.
const noRow = -1

// most is the share of classes from which a feature gets a full row: there both take the same memory.
const most = 0.5

// classWeight is the weight that a feature has for a class.
type classWeight struct {
	Class  int32
	Weight float32
}

// turn makes lists of each class's weights.
func turn(columns [][]entry, features int) lists {
	l := lists{classes: len(columns), starts: make([]int32, features+1), rows: make([]int32, features)}
	for _, column := range columns {
		for _, e := range column {
			l.starts[e.feature+1]++
		}
	}
	for f := range features {
		l.rows[f] = noRow
		if n := l.starts[f+1]; n > 0 && float64(n) >= most*float64(len(columns)) {
			l.rows[f] = int32(len(l.full) / len(columns))
			l.full = append(l.full, make([]float32, len(columns))...)
			l.starts[f+1] = 0
		}
		l.starts[f+1] += l.starts[f]
	}
	l.weights = make([]classWeight, l.starts[features])
	next := slices.Clone(l.starts)
	for class, column := range columns {
		for _, e := range column {
			if row := l.row(e.feature); row != nil {
				row[class] = e.value
				continue
			}
			l.weights[next[e.feature]] = classWeight{int32(class), e.value}
			next[e.feature]++
		}
	}
	return l
}

// row is a feature's full row, nil when it has none.
func (l *lists) row(feature int32) []float32 {
	if at := l.rows[feature]; at != noRow {
		return l.full[int(at)*l.classes:][:l.classes]
	}
	return nil
}

// listed are the weights of a feature without a row.
func (l *lists) listed(feature int32) []classWeight {
	return l.weights[l.starts[feature]:l.starts[feature+1]]
}

// add adds what one feature says for each class to into, which has one place a class.
func (l *lists) add(e entry, into []float32) {
	if row := l.row(e.feature); row != nil {
		blas32.Axpy(e.value, blas32.Vector{N: len(row), Data: row, Inc: 1}, blas32.Vector{N: len(into), Data: into, Inc: 1})
		return
	}
	for _, w := range l.listed(e.feature) {
		into[w.Class] += w.Weight * e.value
	}
}

// weight is what a feature says for a class.
func (l *lists) weight(feature int32, class int) float32 {
	if row := l.row(feature); row != nil {
		return row[class]
	}
	for _, w := range l.listed(feature) {
		if w.Class == int32(class) {
			return w.Weight
		}
	}
	return 0
}

// weighty keeps the weights that are at least that share of the heaviest.
func weighty(weights []float32, share float32) []entry {
	var heaviest float32
	for _, w := range weights {
		heaviest = max(heaviest, abs(w))
	}
	var out []entry
	for f, w := range weights {
		if w != 0 && abs(w) >= share*heaviest {
			out = append(out, entry{int32(f), w})
		}
	}
	return slices.Clip(out)
}

// opponents tells for each block of classes which examples it is trained on: its own, and others' that count it among their rivals.
func opponents(vectors []vector, labels []int, classes, features int) [][]int32 {
	rivals := likestBlocks(vectors, turn(centroids(vectors, labels, classes, features), features), classes)
	out := make([][]int32, blocks(classes))
	for i, class := range labels {
		own := int32(class / abreast)
		if !slices.Contains(rivals[i], own) {
			rivals[i] = append(rivals[i], own)
		}
		for _, b := range rivals[i] {
			out[b] = append(out[b], int32(i))
		}
	}
	return out
}

// likestBlocks gives for each example the blocks of classes that have the class that its vector is likest to, the next one, and so on.
func likestBlocks(vectors []vector, centroids lists, classes int) [][]int32 {
	rivals := blocks(min(classes, max(few, enough*classes/len(vectors))))
	out := make([][]int32, len(vectors))
	onAllCores(func(from, step int) {
		likeness, order := make([]float32, classes), make([]uint64, blocks(classes))
		for i := from; i < len(vectors); i += step {
			clear(likeness)
			for _, e := range vectors[i] {
				centroids.add(e, likeness)
			}
			for b := range order {
				best := slices.Max(likeness[b*abreast : min((b+1)*abreast, classes)])
				order[b] = uint64(^math.Float32bits(best))<<32 | uint64(b) // likest first: likenesses are not negative
			}
			slices.Sort(order)
			out[i] = make([]int32, rivals, rivals+1)
			for k := range out[i] {
				out[i][k] = int32(uint32(order[k]))
			}
		}
	})
	return out
}

// minor is the share of a centroid's heaviest weight below which its weights are dropped: what nearly all classes have in common
// takes most of the time and tells none of them. CLINC150 stays within 0.1 points.
const minor = 0.1

// centroids are the sums of each class's examples, of length 1.
func centroids(vectors []vector, labels []int, classes, features int) [][]entry {
	members := make([][]int, classes)
	for i, c := range labels {
		members[c] = append(members[c], i)
	}
	out := make([][]entry, classes)
	sum := make([]float32, features)
	for c := range out {
		clear(sum)
		for _, i := range members[c] {
			for _, e := range vectors[i] {
				sum[e.feature] += e.value
			}
		}
		out[c] = weighty(sum, minor)
		var square float64
		for _, e := range out[c] {
			square += float64(e.value) * float64(e.value)
		}
		for k := range out[c] {
			out[c][k].value /= float32(math.Sqrt(square))
		}
	}
	return out
}
