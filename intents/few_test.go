package intents_test

import (
	"testing"

	"haedap/intents"
)

// TestFewExamplesAreReadByWhatWordsMean asks a small catalogue in words that none of its examples has.
func TestFewExamplesAreReadByWhatWordsMean(t *testing.T) {
	examples := func(texts ...string) (out []intents.Example) {
		for _, x := range texts {
			out = append(out, intents.Example{Text: x})
		}
		return out
	}
	c := &intents.Catalogue{Classes: []intents.Class{
		{ID: "refund", Kind: intents.Answerable, Article: "refund", Examples: examples("환불 언제 되나요", "환불해 주세요", "i want a refund", "how long does the refund take")},
		{ID: "delivery", Kind: intents.Answerable, Article: "delivery", Examples: examples("배송 언제 와요", "택배가 안 와요", "when will the parcel be delivered", "track my shipment")},
		{ID: "mother", Kind: intents.Answerable, Article: "mother", Examples: examples("엄마 생일이 언제야", "엄마한테 뭐 사 주지", "what shall i buy for mom", "when is mom's birthday")},
	}}
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"could you reimburse it": "refund",
		"돈돌려받고싶습니다":              "refund",
		"has my package arrived": "delivery",
		"어머님 생신 선물":              "mother",
		"mother was born on":     "mother",
	} {
		if got := e.Classify(question).Ranked[0].Intent; got != want {
			t.Errorf("%q is taken for %s, want %s", question, got, want)
		}
	}
}
