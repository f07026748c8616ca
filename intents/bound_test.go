package intents_test

import (
	"math"
	"testing"

	"haedap/intents"
)

func TestLowerBoundMirrorsTheUpperOne(t *testing.T) {
	for _, c := range []struct{ k, n int }{{1, 1}, {1, 50}, {7, 100}, {60, 90}, {100, 100}} {
		low, high := intents.LowerBound(c.k, c.n, 0.95), 1-intents.UpperBound(c.n-c.k, c.n, 0.95)
		if math.Abs(low-high) > 1e-9 {
			t.Errorf("%d of %d: at least %v, mirrored %v", c.k, c.n, low, high)
		}
	}
	// The rule of three from below: what always happened in 59 trials happens at least 95 times in 100.
	if low := intents.LowerBound(59, 59, 0.95); math.Abs(low-math.Pow(0.05, 1.0/59)) > 1e-9 {
		t.Errorf("59 of 59: at least %v", low)
	}
	if low := intents.LowerBound(0, 10, 0.95); low != 0 {
		t.Errorf("0 of 10: at least %v", low)
	}
}

func TestSeenIsTheShareOfKnownPieces(t *testing.T) {
	known, strange := shipped().Classify("이용자보호조치는 언제 풀리나요?").Seen, shipped().Classify("xyzzyq qwrtpl zzkvbx").Seen
	if known < 0.9 || known > 1 || strange < 0 || strange > 0.6 {
		t.Errorf("seen of a known question %v, of a strange one %v", known, strange)
	}
}
