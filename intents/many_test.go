package intents

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// crowd is a catalogue of more classes than are trained against every example.
func crowd(classes int) *Catalogue {
	var c Catalogue
	for k := range classes {
		class := Class{ID: fmt.Sprint("c", k), Kind: Answerable, Article: "a"}
		first, second := string([]rune{syllable(97 * k), syllable(131*k + 7)}), string([]rune{syllable(61 * k), syllable(211*k + 5)})
		for _, ask := range []string{"%s%s 어떻게 해요", "%s 왜 %s 돼요", "%[2]s 말인데요 %[1]s 있나요"} {
			class.Examples = append(class.Examples, Example{Text: fmt.Sprintf(ask, first, second)})
		}
		c.Classes = append(c.Classes, class)
	}
	return &c
}

func syllable(n int) rune { return rune('가' + n%11172) }

func TestManyClasses(t *testing.T) {
	c := crowd(3 * few)
	e, err := Train(c, Defaults())
	if err != nil {
		t.Fatal(err)
	}
	if e.linear.few() {
		t.Fatal("many classes have a full table")
	}
	for _, class := range c.Classes {
		for _, x := range class.Examples {
			if v := e.Classify(x.Text); v.Ranked[0].Intent != class.ID {
				t.Errorf("%q is taken for %s, want %s", x.Text, v.Ranked[0].Intent, class.ID)
			}
		}
	}
	kept := keptOnce(t, e)
	question := c.Classes[7].Examples[1].Text + " 궁금해요"
	v := e.Classify(question)
	if again := kept.Classify(question); !reflect.DeepEqual(again, v) {
		t.Errorf("kept: %+v, trained: %+v", again, v)
	}
	if why := e.Explain(question, v); !reflect.DeepEqual(kept.Explain(question, v), why) || len(why) == 0 {
		t.Errorf("explained by %v", why)
	}
}

func TestListsScoreLikeATable(t *testing.T) {
	l := turn([][]entry{{{0, 1}, {2, -2}}, {{2, 3}}, {}}, 3)
	if l.row(2) == nil || l.row(0) != nil {
		t.Errorf("rows are %v, want one for the feature that most classes have", l.rows)
	}
	got := []float32{0.5, -0.5, 0}
	for _, e := range (vector{{0, 2}, {1, 9}, {2, 1}}) {
		l.add(e, got)
	}
	if want := []float32{0.5 + 2 - 2, -0.5 + 3, 0}; !slices.Equal(got, want) {
		t.Errorf("margins are %v, want %v", got, want)
	}
	if l.weight(2, 1) != 3 || l.weight(1, 0) != 0 || l.weight(0, 0) != 1 {
		t.Errorf("weights are %v, %v and %v, want 3, 0 and 1", l.weight(2, 1), l.weight(1, 0), l.weight(0, 0))
	}
}

// TestAnArticleMayHaveManySections trains more sections of one article than a full table of weights has classes.
func TestAnArticleMayHaveManySections(t *testing.T) {
	c := crowd(2)
	for k := range few + 3 {
		word := string([]rune{syllable(53 * k), syllable(17*k + 3)})
		c.Classes[0].Examples = append(c.Classes[0].Examples, Example{Text: word + " 어떻게 해요", Section: fmt.Sprint("s", k)})
	}
	e, err := Train(c, Defaults())
	if err != nil {
		t.Fatal(err)
	}
	last := c.Classes[0].Examples[len(c.Classes[0].Examples)-1]
	if section, _ := e.Followup(c.Classes[0].ID, last.Text); section != last.Section {
		t.Errorf("%q aims at section %q, want %q", last.Text, section, last.Section)
	}
	kept := keptOnce(t, e)
	if section, _ := kept.Followup(c.Classes[0].ID, last.Text); section != last.Section {
		t.Errorf("kept, it aims at section %q, want %q", section, last.Section)
	}
}

// keptOnce is an engine that was kept and opened again.
func keptOnce(t *testing.T, e *Engine) *Engine {
	t.Helper()
	var raw bytes.Buffer
	if err := e.encode(&raw); err != nil {
		t.Fatal(err)
	}
	kept, err := decodeEngine(&raw)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
