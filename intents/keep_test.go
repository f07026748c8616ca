package intents_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"haedap/intents"
)

func TestAKeptEngineIsTheSameEngine(t *testing.T) {
	trainsAll(t)
	dir := filepath.Join(t.TempDir(), "cache")
	if _, err := intents.Open(intents.Embedded(), intents.Defaults(), dir); err != nil {
		t.Fatal(err)
	}
	kept, err := intents.Open(intents.Embedded(), intents.Defaults(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Statement() != shipped().Statement() {
		t.Errorf("statement is %v, want %v", kept.Statement(), shipped().Statement())
	}
	for _, q := range append(questions, "ㅇㅈㅂㅎ 왜 안돼", "인증번호가 안 와요") {
		got, want := kept.Classify(q), shipped().Classify(q)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", q, got, want)
		}
		if a, b := kept.Explain(q, got), shipped().Explain(q, want); !reflect.DeepEqual(a, b) {
			t.Errorf("%q: explained by %+v, want %+v", q, a, b)
		}
	}
}

func TestOtherContentOrADamagedFileIsTrainedAnew(t *testing.T) {
	dir := t.TempDir()
	open := func(changed map[string]string) *intents.Engine {
		e, err := intents.Open(files(changed), intents.Defaults(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	open(nil)
	kept, err := filepath.Glob(filepath.Join(dir, "engine-*.bin"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	raw, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, raw[:40], append(raw[:len(raw)-1:len(raw)-1], raw[len(raw)-1]^1)} {
		if err := os.WriteFile(kept[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if open(nil).Classify("카드 분실").Ranked[0].Intent != "lost_card" {
			t.Error("a damaged file is believed")
		}
	}
	other := open(map[string]string{"catalog/lost_pin.yaml": "id: lost_pin\nlabel: {ko: 비밀번호, en: PIN}\narticle: lost_pin\nexamples: [{by: w, texts: [비밀번호를 잊었어요]}]\n"})
	if other.Classify("비밀번호를 잊었어요").Ranked[0].Intent != "lost_pin" {
		t.Error("the engine of other content is used")
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "*")); len(kept) != 2 {
		t.Errorf("two contents in turn keep %v", kept)
	}
	for _, label := range []string{"A", "B", "C", "D", "E"} {
		open(map[string]string{"catalog/acts/thanks.yaml": "id: thanks\nlabel: {ko: 감사, en: " + label + "}\nexamples: [{by: w1, texts: [고마워요]}]\n"})
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "*")); len(kept) != 4 {
		t.Errorf("the folder grows: it keeps %v", kept)
	}
}

func BenchmarkOpenKept(b *testing.B) {
	dir := b.TempDir()
	if _, err := intents.Open(intents.Embedded(), intents.Defaults(), dir); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := intents.Open(intents.Embedded(), intents.Defaults(), dir); err != nil {
			b.Fatal(err)
		}
	}
}
