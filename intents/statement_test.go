package intents

import "testing"

// answers are outcomes of answered questions by writers, of whom each has so many wrong of a hundred.
func answers(wrong ...int) []outcome {
	var out []outcome
	for w, n := range wrong {
		for i := range 100 {
			o := outcome{by: string(rune('a' + w)), label: 1, best: 1}
			if i < n {
				o.label = none
			}
			out = append(out, o)
		}
	}
	return out
}

func TestWritersWhoDifferWidenTheBound(t *testing.T) {
	const confidence = 0.95
	alike, apart := writersBound(answers(2, 2, 2, 2, 2, 2), confidence), writersBound(answers(0, 0, 0, 0, 6, 6), confidence)
	if sampled := UpperBound(12, 600, confidence); alike > sampled || apart < 1.3*sampled {
		t.Errorf("alike %v, apart %v, by the questions alone %v", alike, apart, sampled)
	}
	if few := writersBound(answers(0, 0, 9), confidence); few != 0 {
		t.Errorf("three writers tell %v", few)
	}
}
