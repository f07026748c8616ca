package desk

import (
	"math"
	"regexp"
	"unicode/utf8"

	"haedap/intents"
)

// Limits of follow-ups. Margins are those of [intents.Engine.Followup].
const (
	shortFollowup = 40   // letters that a message may have to lean on what was said before
	faint         = -0.3 // least margin of a section when the message says nothing without its thread
	unclear       = -0.1 // least margin of a section when the message may stand on its own
	clear         = 0.1  // least margin of a section when the message alone reads like a topic without an article
)

// followup reads a message as a question about the article that was answered last. ok is false when it stands on its own.
func (c *turn) followup() (r Reply, ok bool) {
	if c.thread.Intent == "" || c.thread.Escalated && !asks(c.subject) {
		return Reply{}, false
	}
	least, ok := c.leans()
	if !ok {
		return Reply{}, false
	}
	intent, section, margin := c.about()
	switch {
	case section == "":
		return Reply{}, false
	case least == clear && (section == intents.NoSection || margin < clear):
		return Reply{}, false
	case section == intents.NoSection, margin < least:
		return c.escalate(ReasonFollowup, join(c.thread.Question, c.text)), true
	default:
		return c.answer(intent, section, max(c.verdict.Confidence, likelihood(margin)), c.text), true
	}
}

// leans tells whether the message says too little to stand on its own, and how clear a section must be then.
func (c *turn) leans() (least float64, ok bool) {
	v := c.verdict
	if v.Answer || len(v.Ranked) == 0 {
		return 0, false
	}
	if v.Outside.ID == intents.OutsideFollowups && dominated(v) {
		return faint, true
	}
	if utf8.RuneCountInString(c.subject) > shortFollowup {
		return 0, false
	}
	if dominated(v) {
		return clear, v.Outside.Kind == intents.Neighbour
	}
	top := v.Ranked[0].Intent
	return unclear, top == c.thread.Intent || top == c.thread.Also
}

// likelihood puts a margin between 0 and 1, a half for one that is neither clear nor unclear. It is not calibrated: the
// engine's calibration questions stand alone.
func likelihood(margin float64) float64 { return 1 / (1 + math.Exp(-4*margin)) }

// about finds which of the articles answered last the message is about, and its section.
func (c *turn) about() (intent, section string, margin float64) {
	intent = c.thread.Intent
	section, margin = c.desk.engine.Followup(intent, c.subject)
	if also := c.thread.Also; also != "" {
		if s, m := c.desk.engine.Followup(also, c.subject); m > margin {
			return also, s, m
		}
	}
	return intent, section, margin
}

// sectionFor is the section of intent's article that a question aims at, "" when that is not clear.
func (c *turn) sectionFor(intent, question string) string {
	section, margin := c.desk.engine.Followup(intent, question)
	if section == intents.NoSection || margin < unclear {
		return ""
	}
	return section
}

// maxAskedSections is how many sections one message may ask for.
const maxAskedSections = 3

// sectionsAsked are the sections that the sentences of a question clearly ask for, when there are several.
func (c *turn) sectionsAsked(intent, question string) []string {
	var out []string
	all := sentences(question)
	if len(all) < 2 {
		return nil
	}
	for _, s := range all {
		if !asks(s) || len(out) == maxAskedSections {
			continue
		}
		if section, margin := c.desk.engine.Followup(intent, s); section != intents.NoSection && margin >= clear {
			out = append(out, section)
		}
	}
	return out
}

// askPattern finds what makes a sentence a question or a request.
var askPattern = regexp.MustCompile(`(?i)[?？]|나요|까요|가요|는지|을지|니까(?:[^\pL]|$)|어떻|어떡|왜|언제|뭐|뭔|무슨|무엇|어디|어느|어떤|누가|누구|얼마|몇|궁금|알려|방법|되죠|하죠|인지|건지|냐|\b(?:what|how|why|when|where|who|which|can|could|do|does|is|are|will|should)\b`)

// asks tells whether s asks something, rather than only describe it.
func asks(s string) bool { return askPattern.MatchString(s) }
