package intents

import (
	"slices"
	"testing"
)

func TestCandidatesArePlausible(t *testing.T) {
	g := gate{mass: 0.5}
	for _, tc := range []struct {
		name    string
		ranked  []float64
		inScope float64
		want    int
	}{
		{"one that is alone", []float64{0.74, 0.0004, 0.0001, 0}, 0.8, 1},
		{"two that are close", []float64{0.5, 0.3, 0.01, 0}, 0.8, 2},
		{"three that are close", []float64{0.3, 0.28, 0.2, 0.1}, 0.8, 3},
		{"too many that are close", []float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 0.8, 0},
		{"no article may answer", []float64{0.74, 0.0004}, 0.2, 0},
		{"the only intent that there is", []float64{0.74}, 0.8, 1},
	} {
		v := Verdict{InScope: tc.inScope}
		for _, p := range tc.ranked {
			v.Ranked = append(v.Ranked, Score{P: p})
		}
		if got := g.candidates(v); len(got) != tc.want || !slices.Equal(got, v.Ranked[:tc.want]) {
			t.Errorf("%s: %v, want the best %d", tc.name, got, tc.want)
		}
	}
}
