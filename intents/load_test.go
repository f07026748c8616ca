package intents_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"haedap/intents"
)

const goodClass = `id: lost_card
label: {ko: 분실한 카드, en: Lost card}
article: lost_card
examples:
  - by: w1
    section: stop
    texts: [카드를 잃어버렸어요, "I lost my card"]
followups:
  - by: w1
    section: none
    texts: [보상도 되나요]
`

const goodRows = "id\ttext\tlabel\ttags\nq1\t카드 분실\tlost_card\tplain\nq2\t날씨 어때\toos\t\n"

// files is a catalogue folder with some files changed.
func files(changed map[string]string) fstest.MapFS {
	out := fstest.MapFS{
		"catalog/lost_card.yaml":             {Data: []byte(goodClass)},
		"catalog/neighbours/stolen_bag.yaml": {Data: []byte("id: stolen_bag\nlabel: {ko: 가방, en: Bag}\nexamples: [{by: w1, texts: [가방을 도둑맞았어요]}]\n")},
		"catalog/background/weather.yaml":    {Data: []byte("id: weather\nlabel: {ko: 날씨, en: Weather}\nexamples: [{by: w1, texts: [비가 오나요]}]\n")},
		"catalog/acts/thanks.yaml":           {Data: []byte("id: thanks\nlabel: {ko: 감사, en: Thanks}\nexamples: [{by: w1, texts: [고마워요]}]\n")},
		"calibration/c1.tsv":                 {Data: []byte(goodRows)},
	}
	for name, data := range changed {
		out[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return out
}

func TestLoadKeepsWhoWroteWhatAndWhatItAimsAt(t *testing.T) {
	c, err := intents.Load(files(nil))
	if err != nil {
		t.Fatal(err)
	}
	class, ok := c.Class("lost_card")
	if !ok || class.Kind != intents.Answerable || class.Lines.Article != 3 || class.Lines.Sections["stop"] != 6 {
		t.Errorf("class is %+v", class)
	}
	if e := class.Examples[1]; e.By != "w1" || e.Section != "stop" || e.Text != "I lost my card" {
		t.Errorf("example is %+v", e)
	}
	if f := class.Followups[0]; f.Section != intents.NoSection {
		t.Errorf("follow-up is %+v", f)
	}
	if len(c.Calibration) != 2 || c.Calibration[0].By != "c1" || c.Calibration[1].Label != intents.OutOfScope {
		t.Errorf("calibration is %+v", c.Calibration)
	}
	for id, kind := range map[string]intents.Kind{"stolen_bag": intents.Neighbour, "weather": intents.Background, "thanks": intents.Act} {
		if class, ok := c.Class(id); !ok || class.Kind != kind {
			t.Errorf("%s is %+v", id, class)
		}
	}
}

func TestLoadNamesFileLineAndMend(t *testing.T) {
	for name, tc := range map[string]struct{ file, data, want string }{
		"unknown key":       {"catalog/lost_card.yaml", strings.Replace(goodClass, "article:", "artcle:", 1), "intents/catalog/lost_card.yaml:3: "},
		"no yaml at all":    {"catalog/lost_card.yaml", "id: [", "intents/catalog/lost_card.yaml:1: "},
		"other id":          {"catalog/lost_card.yaml", strings.Replace(goodClass, "id: lost_card", "id: found_card", 1), "must be the file's name"},
		"no label":          {"catalog/lost_card.yaml", strings.Replace(goodClass, "en: Lost card", "en: ''", 1), "label needs both ko and en"},
		"empty intent":      {"catalog/lost_card.yaml", "id: lost_card\nlabel: {ko: 가, en: A}\narticle: lost_card\n", "has no examples"},
		"no article":        {"catalog/lost_card.yaml", strings.Replace(goodClass, "article: lost_card\n", "", 1), "names no article"},
		"empty example":     {"catalog/lost_card.yaml", strings.Replace(goodClass, "카드를 잃어버렸어요", "' '", 1), "empty example"},
		"tagged list":       {"catalog/lost_card.yaml", strings.Replace(goodClass, "[보상도 되나요]", "!x y", 1), "intents/catalog/lost_card.yaml:"},
		"article elsewhere": {"catalog/acts/thanks.yaml", "id: thanks\nlabel: {ko: 감사, en: Thanks}\narticle: x\nexamples: [{by: w, texts: [고마워]}]\n", "intents/catalog/acts/thanks.yaml:3: "},
		"same id twice":     {"catalog/acts/stolen_bag.yaml", "id: stolen_bag\nlabel: {ko: 가, en: A}\nexamples: [{by: w, texts: [고마워]}]\n", "is taken by intents/catalog/neighbours/stolen_bag.yaml"},
		"wrong header":      {"calibration/c1.tsv", "id,text\n", "intents/calibration/c1.tsv:1: "},
		"three columns":     {"calibration/c1.tsv", "id\ttext\tlabel\ttags\nq1\t가\tlost_card\n", "intents/calibration/c1.tsv:2: "},
		"unknown label":     {"calibration/c1.tsv", goodRows + "q3\t가\tlost_crad\t\n", "intents/calibration/c1.tsv:4: "},
		"invalid UTF-8":     {"calibration/c1.tsv", "id\ttext\tlabel\ttags\nq1\t\xff\tlost_card\t\n", "intents/calibration/c1.tsv:2: "},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := intents.Load(files(map[string]string{tc.file: tc.data}))
			if err == nil {
				t.Fatalf("loaded %+v", c)
			}
			if got := err.Error(); !strings.Contains(got, tc.want) || strings.Contains(got, "\n") {
				t.Errorf("error is %q, want one line with %q", got, tc.want)
			}
		})
	}
}

func TestLoadCollectsAllProblems(t *testing.T) {
	_, err := intents.Load(files(map[string]string{"catalog/lost_card.yaml": "id: x\nlabel: {ko: 가, en: ''}\n", "catalog/acts/thanks.yaml": "id: thanks\n"}))
	problems, ok := err.(intents.Problems) //nolint:errorlint // the documented type
	if !ok || len(problems) < 5 {
		t.Errorf("problems are %v", err)
	}
}

func TestEmbeddedCatalogueHasWhatItPromises(t *testing.T) {
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if found := intents.Lint(c); len(found) > 0 {
		t.Errorf("lint finds %d problems, first %s", len(found), found[0])
	}
	background, topics := 0, 0
	for _, class := range c.Classes {
		korean, english := count(class.Examples)
		switch class.Kind {
		case intents.Answerable:
			if korean < 250 || english < 60 || writers(class.Examples) < 8 {
				t.Errorf("%s has %d Korean and %d English examples by %d writers", class.ID, korean, english, writers(class.Examples))
			}
		case intents.Neighbour:
			topics++
			if korean+english < 20 {
				t.Errorf("neighbour topic %s has only %d examples", class.ID, korean+english)
			}
		case intents.Background:
			background += korean + english
		case intents.Act:
		}
	}
	if topics < 120 || background < 200 {
		t.Errorf("%d neighbour topics, %d background examples", topics, background)
	}
	inScope, outside := map[string]int{}, 0
	for _, q := range c.Calibration {
		if q.Label == intents.OutOfScope {
			outside++
		}
		inScope[q.Label]++
	}
	for _, class := range c.Classes {
		if class.Kind == intents.Answerable && inScope[class.ID] < 60 {
			t.Errorf("%s has only %d calibration questions", class.ID, inScope[class.ID])
		}
	}
	if outside < 500 {
		t.Errorf("only %d calibration questions are out of scope", outside)
	}
}

func count(examples []intents.Example) (korean, english int) {
	for _, e := range examples {
		if strings.ContainsFunc(e.Text, func(r rune) bool { return r >= 'ㄱ' }) {
			korean++
		} else {
			english++
		}
	}
	return korean, english
}

func writers(examples []intents.Example) int {
	by := map[string]bool{}
	for _, e := range examples {
		by[e.By] = true
	}
	return len(by)
}

func FuzzReadQuestions(f *testing.F) {
	f.Add(goodRows)
	f.Add("id\ttext\tlabel\ttags\r\n\t\t\t")
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := intents.ReadQuestions(strings.NewReader(s), "q.tsv")
		if err != nil && !strings.HasPrefix(err.Error(), "q.tsv:") {
			t.Errorf("error %q names no place", err)
		}
		for _, r := range rows {
			if r.Text == "" || r.Label == "" {
				t.Errorf("row %+v is incomplete", r)
			}
		}
	})
}

func FuzzLoadClass(f *testing.F) {
	f.Add(goodClass)
	f.Add("id: !x [\n")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := intents.Load(files(map[string]string{"catalog/lost_card.yaml": s})); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q takes several lines", err)
		}
	})
}
