package intents

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"haedap/knowledge/text"
)

var ablation = flag.Bool("ablation", false, "train the engine again without each of its parts, and measure what that costs: minutes")

// trial is an engine that may lack something, and what became of the calibration questions, by writer.
type trial struct {
	engine   *Engine
	outcomes map[string][]outcome
}

// change takes something from an engine before it is trained.
type change struct {
	name       string
	catalogue  func(*Catalogue)
	vocabulary func(*vocabulary, []string)
	engine     func(*Engine)
}

// try trains an engine under a change and classifies the calibration questions.
func try(t *testing.T, with change) trial {
	t.Helper()
	c, err := Load(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if with.catalogue != nil {
		with.catalogue(c)
	}
	e := &Engine{catalogue: c}
	sources := e.layOut()
	texts, groups := make([]string, len(sources)), make([]int, len(sources))
	for i, x := range sources {
		texts[i], groups[i] = text.Normalize(x.text), x.group
	}
	e.vocabulary, e.hearing = learn(texts, groups, len(e.groups)), hear(texts)
	if with.vocabulary != nil {
		with.vocabulary(e.vocabulary, texts)
	}
	vectors := e.vocabulary.readAll(texts)
	e.linear = trainLinear(vectors, groups, len(e.groups), len(e.vocabulary.rarity))
	e.nearest = indexNearest(vectors, sources, len(e.vocabulary.rarity))
	if with.engine != nil {
		with.engine(e)
	}
	questions := map[string][]Question{}
	for _, q := range c.Calibration {
		questions[q.By] = append(questions[q.By], q)
	}
	out := trial{e, map[string][]outcome{}}
	for by := range questions {
		out.outcomes[by] = e.classified(questions[by])
	}
	return out
}

// blind is the trial with a gate that does not see a signal.
func (x trial) blind(hide func(*signals)) trial {
	out := trial{x.engine, map[string][]outcome{}}
	for by, outcomes := range x.outcomes {
		out.outcomes[by] = slices.Clone(outcomes)
		for i := range out.outcomes[by] {
			hide(&out.outcomes[by][i].signals)
		}
	}
	return out
}

// classified is what becomes of questions as if they were the calibration set.
func (e *Engine) classified(questions []Question) []outcome {
	asked, c := *e, *e.catalogue
	c.Calibration = questions
	asked.catalogue = &c
	return asked.outcomes(nil)
}

// figures are those of a trial.
type figures struct {
	inScope, best   int // questions for one intent
	answered, wrong int // of all questions
	right           int
	inside, outside []float64 // confidence
}

func (f figures) String() string {
	rate := func(a, b int) float64 { return 100 * float64(a) / float64(max(1, b)) }
	return fmt.Sprintf("best %.1f %%, answered right %.1f %%, wrong among answered %.2f %%, AUROC %.1f",
		rate(f.best, f.inScope), rate(f.right, f.inScope), rate(f.wrong, f.answered), 100*above(f.inside, f.outside))
}

// above is the share of pairs in which the first is larger.
func above(in, out []float64) float64 {
	slices.Sort(out)
	var sum float64
	for _, x := range in {
		n, _ := slices.BinarySearch(out, x)
		sum += float64(n)
	}
	return sum / float64(max(1, len(in)*len(out)))
}

// leaveOneFileOut judges the questions of each calibration file by a gate that was calibrated on the others.
func (x trial) leaveOneFileOut(cfg Config) figures {
	var f figures
	for by, asked := range x.outcomes {
		var rest []outcome
		for other, outcomes := range x.outcomes {
			if other != by {
				rest = append(rest, slices.Clone(outcomes)...)
			}
		}
		slices.SortStableFunc(rest, func(a, b outcome) int { return slices.Compare(a.signals[:], b.signals[:]) }) // maps have no order
		g := calibrate(rest, x.engine.intents, signalWords, cfg)
		for i := range asked {
			o := &asked[i]
			confidence, double := g.confidence(o.signals), g.double.probability(o.signals)
			answered := double >= surelyDouble || (double < maybeDouble && confidence >= g.threshold)
			o.asTwo = double >= surelyDouble
			f.answered += count(answered)
			f.wrong += count(answered && o.wrong())
			switch {
			case o.label >= 0:
				f.inScope, f.best = f.inScope+1, f.best+count(o.right())
				f.right += count(answered && !o.wrong())
				f.inside = append(f.inside, confidence)
			case o.label == none:
				f.outside = append(f.outside, confidence)
			}
		}
	}
	return f
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// without takes pieces of a kind from a vocabulary.
func without(drop func(text.Piece) bool) func(*vocabulary, []string) {
	return func(v *vocabulary, texts []string) {
		dropped := map[uint64]bool{}
		var c text.Cutter
		for _, t := range texts {
			c.Cut(t)
			for _, p := range c.Pieces {
				dropped[p.Hash] = dropped[p.Hash] || drop(p)
			}
		}
		hashes := slices.Clone(v.index.hashes)
		for n, h := range hashes {
			if dropped[h] {
				hashes[n] = ^h // which no piece has
			}
		}
		v.index = indexOf(hashes)
	}
}

// kindOff takes classes from a catalogue.
func kindOff(kind Kind) func(*Catalogue) {
	return func(c *Catalogue) {
		c.Classes = slices.DeleteFunc(c.Classes, func(x Class) bool { return x.Kind == kind })
	}
}

// undenied writes deniers so that they are not heard, but cut into the same pieces.
func undenied(c *Catalogue) {
	mute := strings.NewReplacer("말고", "말 고", "아니라", "아니 라", "아니고", "아니 고", "아니구", "아니 구", "아닌데", "아닌 데", "아니래", "아니 래", "아니에요", "아니 에요", "아닙니다", "아닙 니다", "아님", "아 님")
	for i := range c.Classes {
		for _, list := range [][]Example{c.Classes[i].Examples, c.Classes[i].Followups} {
			for k := range list {
				list[k].Text = mute.Replace(list[k].Text)
			}
		}
	}
	for i := range c.Calibration {
		c.Calibration[i].Text = mute.Replace(c.Calibration[i].Text)
	}
}

// TestAblation measures each part by what its absence costs, with gates that never saw the questions' writers.
func TestAblation(t *testing.T) {
	if !*ablation {
		t.Skip("SKIPPED: takes minutes: go test ./intents -run Ablation -v -ablation")
	}
	family := func(f text.Family) func(*vocabulary, []string) {
		return without(func(p text.Piece) bool { return p.Family == f })
	}
	show := func(name string, x trial) { t.Logf("%-36s %v", name, x.leaveOneFileOut(Defaults())) }
	whole := try(t, change{})
	show("everything", whole)
	names := []string{"best margin", "second margin", "outside margin", "vague margin", "share seen", "length", "clearness of a split", "both sides ask"}
	if len(names) != signalWords {
		t.Fatalf("the gate has %d signals, %d are named", signalWords, len(names))
	}
	for i, name := range names {
		show("gate without "+name, whole.blind(func(s *signals) { s[i] = 0 }))
	}
	show("gate with the best margin alone", whole.blind(func(s *signals) { clear(s[1:]) }))
	for _, c := range []change{
		{name: "without letters", vocabulary: family(text.Letters)},
		{name: "without syllables", vocabulary: family(text.Syllables)},
		{name: "without stems", vocabulary: family(text.Stems)},
		{name: "without pairs of stems", vocabulary: without(func(p text.Piece) bool { return p.Family == text.Stems && p.Length == 2 })},
		{name: "without denial (Korean)", catalogue: undenied},
		{name: "without hearing initials", engine: func(e *Engine) { e.hearing = hearing{} }},
		{name: "without vague classes", catalogue: kindOff(Vague)},
		{name: "without neighbour topics", catalogue: kindOff(Neighbour)},
		{name: "without background", catalogue: kindOff(Background)},
		{name: "without acts", catalogue: kindOff(Act)},
	} {
		show(c.name, try(t, c))
	}
}
