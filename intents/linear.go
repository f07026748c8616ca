package intents

// linear is a one-against-the-rest linear classifier: a weight for every (feature, class) and a bias a class.
type linear struct {
	bias   []float32 // by class
	packed packed    // of few classes
	lists  lists     // of many
}

// trainLinear tells each class from all others. labels are in [0, classes).
func trainLinear(vectors []vector, labels []int, classes, features int) *linear {
	m := &linear{bias: make([]float32, classes)}
	if m.few() {
		weights := make([]float32, features*classes)
		solve(vectors, labels, classes, features, everyExample(len(vectors), classes), func(class int, bias float32, column []float32) {
			m.bias[class] = bias
			for f, x := range column {
				weights[f*classes+class] = x
			}
		})
		m.packed = pack(weights, features, classes)
		return m
	}
	columns := make([][]entry, classes)
	solve(vectors, labels, classes, features, opponents(vectors, labels, classes, features), func(class int, bias float32, column []float32) {
		m.bias[class] = bias
		columns[class] = weighty(column, slight)
	})
	m.lists = turn(columns, features)
	return m
}

// few tells whether there are so few classes that each has a weight for every feature.
func (m *linear) few() bool { return len(m.bias) <= few }

func abs(x float32) float32 { return max(x, -x) }

// score writes the margin of each class for v into into, which has one place a class.
func (m *linear) score(v vector, into []float32) {
	copy(into, m.bias)
	m.add(v, into)
}

// add adds what v's features say for each class to into.
func (m *linear) add(v vector, into []float32) {
	if m.few() {
		m.packed.add(v, into)
		return
	}
	for _, e := range v {
		m.lists.add(e, into)
	}
}

// weight is what a feature says for a class.
func (m *linear) weight(feature int32, class int) float32 {
	if m.few() {
		return m.packed.weight(feature, class)
	}
	return m.lists.weight(feature, class)
}
