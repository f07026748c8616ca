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
)

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

// Class is one file (or one entry of a file) of the catalogue.
type Class struct {
	ID        string
	Kind      Kind
	Label     Label
	Article   string    // Answerable only
	Examples  []Example // what people wrote, section and writer kept
	Followups []Example // questions that only make sense after this class was answered; Section "none": the article does not say
}

// Example is one thing that somebody may write.
type Example struct {
	Text    string
	By      string // who wrote it: the unit of leave-one-writer-out
	Section string // the section of the article it aims at, or ""
}

// Question is one row of the calibration set or of an evaluation file.
type Question struct {
	ID    string
	Text  string
	Label string // an intent, "oos", or "a+b"
	Tags  []string
	By    string
}

// Catalogue is everything that editors write about intents. It is immutable once loaded.
type Catalogue struct {
	Classes     []Class // answerable first, in id order
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
