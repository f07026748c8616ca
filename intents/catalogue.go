// Package intents understands a question: which reviewed answer it asks for, how
// sure that is, and why.
//
// A [Catalogue] is what editors write: intents with examples, neighbour topics,
// background, acts, and a calibration set. [Train] turns it into an [Engine];
// [Engine.Classify] turns a question into a [Verdict]. The same bytes in give the
// same verdict out on every run and machine; no input makes it panic or block.
package intents

// Kind says what becomes of a question of a class.
type Kind string

// The kinds of class that a question can fall into.
const (
	Answerable Kind = "intent"     // one of the catalogue's intents: an article answers it
	Neighbour  Kind = "neighbour"  // asked of the same service, answered by no article
	Background Kind = "background" // plainly about something else
	Act        Kind = "act"        // a move in a conversation: greeting, thanks, asking for a human
	Vague      Kind = "vague"      // could mean two or three of the intents: the asker is asked back
)

// The acts whose ids the desk knows. A catalogue may leave any of them out.
const (
	ActGreeting    = "greeting"
	ActThanks      = "thanks"
	ActFarewell    = "farewell"
	ActAcknowledge = "acknowledge"
	ActAskHuman    = "ask_human"
	ActNotHelpful  = "not_helpful"
	ActWhoAreYou   = "who_are_you"
	ActSmallTalk   = "small_talk"
	ActInsult      = "insult"
	ActNonsense    = "nonsense"
)

// NoSection marks a follow-up that the article of its class does not answer.
const NoSection = "none"

// Label names a class for people.
type Label struct {
	KO string `yaml:"ko"`
	EN string `yaml:"en"`
}

// In gives the label in lang ("ko" or "en").
func (l Label) In(lang string) string {
	if lang == "en" {
		return l.EN
	}
	return l.KO
}

// Class is one file of the catalogue.
type Class struct {
	ID        string
	Kind      Kind
	Label     Label
	Article   string    // for Answerable: the article that answers it
	Group     string    // for Neighbour: the folder that it stands in, or ""; a group is told from the rest as one
	Between   []string  // for Vague: the intents that it could mean
	Examples  []Example // what people wrote; none for an intent that is learnt from its article
	Reads     []Example // for such an intent: title, headings and sentences of the article; see [Config]
	Followups []Example // questions that only make sense after this class was answered
	File      string    // where it stands, for messages
	Lines     Lines
}

// names are the labels of an intent as examples of it: beside ten examples they are worth two more right answers in a hundred
// (BANKING77), beside a hundred they do no harm.
func (c *Class) names() []Example {
	var out []Example
	for _, name := range []string{c.Label.KO, c.Label.EN} {
		if c.Kind == Answerable && name != "" {
			out = append(out, Example{Text: name})
		}
	}
	return out
}

// Lines are the places in a class's file that other files must agree with.
type Lines struct {
	Article  int
	Sections map[string]int // first line of each section named
}

// Example is one thing that somebody may write.
type Example struct {
	Text    string
	By      string // who wrote it: the unit of leave-one-writer-out
	Section string // the section of the article that it aims at, "" for none in particular; for a follow-up also NoSection
}

// Question is one row of a calibration set or of an evaluation file.
type Question struct {
	ID    string
	Text  string
	Label string // an intent, "oos", "a+b" for two questions, or in a calibration set "a|b" for a vague one
	Tags  []string
	By    string // calibration: the file, which is the writer
}

// OutOfScope is the label of a question that no article answers.
const OutOfScope = "oos"

// Catalogue is everything that editors write about intents. It is immutable once loaded.
type Catalogue struct {
	Classes     []Class // in file order: answerable, neighbours, background, acts, vague
	Calibration []Question
}

// Class finds a class by id.
func (c *Catalogue) Class(id string) (*Class, bool) {
	for i := range c.Classes {
		if c.Classes[i].ID == id {
			return &c.Classes[i], true
		}
	}
	return nil, false
}
