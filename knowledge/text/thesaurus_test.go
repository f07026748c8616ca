package text

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// sensesOf are the hashes of the pieces of a family in a text.
func sensesOf(s string, f Family) []uint64 {
	c := Cutter{Senses: true}
	c.Cut(Normalize(s))
	var out []uint64
	for _, p := range c.Pieces {
		if p.Family == f {
			out = append(out, p.Hash)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestOtherWordsForTheSame(t *testing.T) {
	for _, pair := range [][2]string{
		{"how do I get my money back", "I want a refund"},
		{"I lost my card", "my card went missing"},
		{"cancelling", "canceled"},
		{"어머니 생신이 언제예요", "엄마생일이 언제야"},
		{"환불해 주세요", "돈 돌려받고 싶어요"},
		{"1월 3일", "삼일절 말고 1월"},
	} {
		shared := 0
		for _, h := range sensesOf(pair[0], Senses) {
			if slices.Contains(sensesOf(pair[1], Senses), h) {
				shared++
			}
		}
		if shared == 0 {
			t.Errorf("%q and %q share no sense", pair[0], pair[1])
		}
	}
	if a, b := sensesOf("deposit", Senses), sensesOf("withdraw", Senses); slices.Equal(a, b) {
		t.Error("opposites have the same senses")
	}
}

func TestSensesDoNotDependOnSpaces(t *testing.T) {
	a, b := sensesOf("어머니 휴대폰 요금이 얼마나 나왔는지 알려 주세요", SensePairs), sensesOf("어머니휴대폰요금이얼마나나왔는지알려주세요", SensePairs)
	if len(a) == 0 || !slices.Equal(a, b) {
		t.Errorf("%d pairs of senses with spaces, %d without", len(a), len(b))
	}
}

func TestSensesAreCutOnlyWhereAsked(t *testing.T) {
	var plain, with Cutter
	with.Senses = true
	s := Normalize("카드를 잃어버렸어요, I lost my card")
	plain.Cut(s)
	with.Cut(s)
	if len(plain.Pieces) >= len(with.Pieces) || !slices.Equal(plain.Pieces, with.Pieces[:len(plain.Pieces)]) {
		t.Errorf("%d pieces without senses, %d with them: want the same first, and more", len(plain.Pieces), len(with.Pieces))
	}
	for _, p := range with.Pieces {
		if p.Start < 0 || p.End > len([]rune(s)) || p.Start >= p.End {
			t.Errorf("a piece stands at %d to %d", p.Start, p.End)
		}
	}
}

func TestThesaurusProblemsNameTheLine(t *testing.T) {
	for content, want := range map[string]string{
		"refund: refund, money back":            `thesaurus/en/a.txt:1: want a [field]`,
		"[money]\nrefund":                       `thesaurus/en/a.txt:2: want a [field]`,
		"[money]\nfee: fee\n\n[time]\nfee: fee": `thesaurus/en/a.txt:3: want a [field]`,
		"[money]\nfee: fee\n[time]\nfee: cost":  `thesaurus/en/a.txt:4: "fee" is there already`,
		"[money]\nfee: fee, 24":                 `thesaurus/en/a.txt:2: " 24" says nothing`,
	} {
		_, err := readThesaurus(fstest.MapFS{"thesaurus/en/a.txt": &fstest.MapFile{Data: []byte(content)}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %s…", content, err, want)
		}
	}
	if _, err := readThesaurus(fstest.MapFS{"thesaurus/ko/b.txt": &fstest.MapFile{Data: []byte("[돈]\nfee: 돈")}}); err == nil {
		t.Error("a single syllable is taken")
	}
}

func BenchmarkCutWithSenses(b *testing.B) {
	c := Cutter{Senses: true}
	s := Normalize("어제 번호를 새로 받았는데 카톡 가입하려니까 인증번호를 못 보낸대요 왜 이러죠")
	c.Cut(s)
	b.ReportAllocs()
	for b.Loop() {
		c.Cut(s)
	}
}
