package desk

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"haedap/intents"
	"haedap/knowledge"
)

// lenient answers more readily than the shipped settings: stories are about what follows from an answer, not about
// where the calibration of the day puts the threshold.
var lenient = intents.Config{Budget: 0.06, Confidence: 0.9, OutOfScope: 0.3}

// shipped is a desk with the catalogue and articles that the program ships with.
var shipped = sync.OnceValues(func() (*Desk, error) {
	engine, err := intents.Open(intents.Embedded(), lenient, intents.KeepDir())
	if err != nil {
		return nil, err
	}
	library, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		return nil, err
	}
	return New(engine, library, Config{Hours: "평일 09:00–18:00"})
})

func shippedDesk(t testing.TB) *Desk {
	t.Helper()
	d, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// story is one conversation of testdata/*.yaml.
type story struct {
	Story string `yaml:"story"`
	Given struct {
		Offered  []string `yaml:"offered"`  // an open clarification between these, over Question
		Answered string   `yaml:"answered"` // "intent/section" was the answer to Question
		Question string   `yaml:"question"`
		Lang     string   `yaml:"lang"`
	} `yaml:"given"`
	Turns []struct {
		From      Speaker `yaml:"from"`
		Says      string  `yaml:"says"`
		Presses   Action  `yaml:"presses"`
		Intent    string  `yaml:"intent"`
		Addressed bool    `yaml:"addressed"`
		Files     bool    `yaml:"files"`
		Wants     wanted  `yaml:"wants"`
	} `yaml:"turns"`
}

// wanted is what a reply must be; empty fields are not looked at.
type wanted struct {
	Decision string `yaml:"decision"` // may name several: "chat|ignore"
	Intent   string `yaml:"intent"`   // a, or a+b
	Section  string `yaml:"section"`
	Reason   string `yaml:"reason"`
	Topic    string `yaml:"topic"`
	Offers   string `yaml:"offers"` // an intent among those offered
	Lang     string `yaml:"lang"`
	Shows    string `yaml:"shows"`  // a piece of what is seen at once
	Ticket   string `yaml:"ticket"` // "new", "more", "none"
}

// TestStories plays conversations with the shipped catalogue.
func TestStories(t *testing.T) {
	d := shippedDesk(t)
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in testdata: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var stories []story
		if err := yaml.UnmarshalWithOptions(raw, &stories, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, s := range stories {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml")+"/"+s.Story, func(t *testing.T) { play(t, d, s) })
		}
	}
}

func play(t *testing.T, d *Desk, s story) {
	t.Helper()
	thread := Thread{Lang: s.Given.Lang, Offered: s.Given.Offered, Question: s.Given.Question}
	if s.Given.Answered != "" {
		thread.Intent, thread.Section, _ = strings.Cut(s.Given.Answered, "/")
		thread.Seen, thread.Asked = []string{s.Given.Answered}, []string{s.Given.Question}
	}
	var r Reply
	for i, turn := range s.Turns {
		m := Message{From: turn.From, Text: turn.Says, Action: turn.Presses, Intent: turn.Intent, Addressed: turn.Addressed || turn.Presses != NoAction, Files: turn.Files}
		if m.From == "" {
			m.From = Asker
		}
		before := thread
		thread, r = d.Handle(thread, m)
		if got := got(r); !turn.Wants.allows(got, r) {
			t.Errorf("turn %d, %q%s: got %+v, want %+v\nconfidence %.3f, candidates %v\nbefore %+v\nverdict %+v", i+1, turn.Says, turn.Presses, got, turn.Wants, r.Confidence, r.Candidates, before, d.engine.Classify(turn.Says))
		}
	}
}

func got(r Reply) wanted {
	w := wanted{Decision: string(r.Decision), Lang: r.Lang, Ticket: "none"}
	var intents []string
	for _, p := range r.Parts {
		intents = append(intents, p.Intent)
		w.Section = p.Section
	}
	w.Intent = strings.Join(intents, "+")
	if r.Append != "" {
		w.Ticket = "more"
	}
	if r.Ticket != nil {
		w.Ticket, w.Reason, w.Topic = "new", r.Ticket.Reason, r.Ticket.Topic
	}
	return w
}

func (w wanted) allows(g wanted, r Reply) bool {
	same := func(want, got string) bool { return want == "" || want == got }
	decided := false
	for d := range strings.SplitSeq(w.Decision, "|") {
		decided = decided || d == g.Decision
	}
	offers := w.Offers == ""
	for _, o := range r.Offered {
		offers = offers || o.Intent == w.Offers
	}
	return decided && offers && same(w.Intent, g.Intent) && same(w.Section, g.Section) && same(w.Reason, g.Reason) &&
		same(w.Topic, g.Topic) && same(w.Lang, g.Lang) && same(w.Ticket, g.Ticket) && strings.Contains(r.Plain(), w.Shows)
}
