package intents

import (
	"math/rand/v2"
	"testing"
)

// TestBytesScoreLikeWeights adds up values of both signs, as embeddings have them, for classes that fill no word, one and more.
func TestBytesScoreLikeWeights(t *testing.T) {
	const features = 300
	random := rand.New(rand.NewPCG(1, 2))
	for _, classes := range []int{1, 4, 5, 8, 9, 47, few} {
		weights := make([]float32, features*classes)
		for i := range weights {
			weights[i] = float32(random.NormFloat64())
		}
		clear(weights[7*classes:][:classes])
		p := pack(weights, features, classes)
		if p.row(7) != nil || p.weight(7, 0) != 0 {
			t.Error("a feature without weights has a row")
		}
		v := make(vector, features)
		for f := range v {
			v[f] = entry{int32(f), float32(random.NormFloat64() / 10)}
		}
		got := make([]float32, classes)
		p.add(v, got)
		for c := range got {
			var want, exact float32
			for _, e := range v {
				want += e.value * p.weight(e.feature, c)
				exact += e.value * weights[int(e.feature)*classes+c]
			}
			if abs(got[c]-want) > 0.02 || abs(got[c]-exact) > 0.1 {
				t.Errorf("class %d of %d: margin %v, want %v by its bytes and about %v by its weights", c, classes, got[c], want, exact)
			}
		}
	}
}

func TestTheLongestTextsSumsFit(t *testing.T) {
	const pieces = 30_000
	weights := []float32{1, -1, 1, -1, 1, -1, 1, -1}
	p := pack(weights, 1, len(weights))
	v := make(vector, 3*pieces)
	for i := range v {
		v[i] = entry{0, 1 / float32(173)} // each of three families has length 1
	}
	got := make([]float32, len(weights))
	p.add(v, got)
	for c, w := range weights {
		if want := w * 3 * pieces / 173; abs(got[c]-want) > 0.02*abs(want) {
			t.Errorf("margin of class %d is %v, want about %v", c, got[c], want)
		}
	}
}
