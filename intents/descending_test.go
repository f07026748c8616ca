package intents

import (
	"cmp"
	"math"
	"testing"
)

func TestDescendingOrdersAsNumbersDo(t *testing.T) {
	values := []float32{float32(math.Inf(-1)), -3e38, -2, -1, -1e-30, 0, 1e-30, 0.5, 1, 2, 3e38, float32(math.Inf(1))}
	for _, a := range values {
		for _, b := range values {
			if cmp.Compare(descending(a), descending(b)) != cmp.Compare(b, a) {
				t.Errorf("%v and %v are ordered otherwise", a, b)
			}
		}
	}
}
