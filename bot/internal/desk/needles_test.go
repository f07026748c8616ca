package desk

import (
	"slices"
	"testing"

	"haedap/intents"
)

func TestNeedles(t *testing.T) {
	for pattern, want := range map[string][]string{
		`(?i)고소|고발|소송`:                     {"고발", "고소", "소송"},
		`^\s*(?:두|둘)\s*번째?`:                {"두", "둘"},
		`(?:빨리|일찍)\s*(?:풀려|안\s*돼)`:         {"빨리", "일찍"},
		`(?i)\b(?:sue|suing) (?:you|me)\b`: {"sue me", "sue you", "suing me", "suing you"},
		`(?:상담원|직원)+.{0,12}연결(?:해 ?줘)?`:    {"상담원", "직원"},
		`[가-힣]{2}|카톡`:                      nil,
		`(?:카톡)?`:                          nil,
		`abc|xabcx`:                        {"abc"},
	} {
		if got := needles(pattern); !slices.Equal(got, want) {
			t.Errorf("needles of %s are %q, want %q", pattern, got, want)
		}
	}
}

// TestNeedlesMissNothing looks for every phrase in real-looking messages and in what other phrases say, with and without needles.
func TestNeedlesMissNothing(t *testing.T) {
	t.Parallel()
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for i := 0; i < len(c.Calibration); i += 5 {
		messages = append(messages, c.Calibration[i].Text)
	}
	for _, p := range phrases {
		messages = append(messages, slices.Concat(p.yes, p.not)...)
	}
	spared, asked := 0, 0
	for _, p := range phrases {
		for _, s := range messages {
			thorough := p.phrase
			thorough.needs = nil
			if got, want := p.phrase.in(s), thorough.in(s); got != want {
				t.Errorf("%q in %q: %v with needles, %v without", p.phrase.means, s, got, want)
			}
			if _, likely := p.phrase.read(s); !likely {
				spared++
			}
			asked++
		}
	}
	if spared < asked/2 {
		t.Errorf("needles spare %d of %d looks, want at least half", spared, asked)
	}
	t.Logf("needles spare %d of %d looks", spared, asked)
}
