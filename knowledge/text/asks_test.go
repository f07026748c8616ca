package text

import (
	"testing"
)

func TestAsks(t *testing.T) {
	for s, want := range map[string]bool{
		"언제 풀립니까":                     true,
		"풀립니까?":                       true,
		"그게 무엇인지":                     true,
		"서류 보내는 방법":                   true,
		"Can you lift it":             true,
		"it was blocked. SHOULD I":    true,
		"어제부터 막혀 있습니다":                false,
		"그러니까말이야":                     false, // the word goes on
		"I canned it and it whatever": false, // no word of its own
		"":                            false,
	} {
		if Asks(s) != want {
			t.Errorf("Asks(%q) is not %v", s, want)
		}
	}
}
