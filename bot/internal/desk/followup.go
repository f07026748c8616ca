package desk

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"haedap/intents"
	"haedap/knowledge/text"
)

// Limits of follow-ups, chosen on the catalogue's own by cross-validation. Margins are those of [intents.Engine.Followup].
const (
	shortFollowup = 40   // letters that a message may have to lean on what was said before
	leastClear    = 0.3  // least margin of a section
	leastSeen     = 0.6  // the same of one that the asker has read: who has, mostly asks what it does not say
	surelyOther   = 0.99 // probability from which such a topic is meant, whatever was answered before
	alone         = 1.0  // least margin of a section that a message names without a thread
)

// followup reads a message as a question about the article that was answered last. ok is false when it stands on its own.
func (c *turn) followup() (r Reply, ok bool) {
	v := c.verdict
	if c.thread.Intent == "" || c.thread.Escalated && !text.Asks(c.subject) || v.Answer || len(v.Ranked) == 0 {
		return Reply{}, false
	}
	intent, section, margin := c.about()
	short := utf8.RuneCountInString(c.subject) <= shortFollowup
	said, unsaid := section != intents.NoSection && margin >= c.least(intent, section), c.unsaid(intent)
	leans := dominated(v) && v.Outside.ID == intents.OutsideFollowups || short && c.settles(intent)
	switch {
	case section == "", c.thread.Escalated && margin < alone: // who waits for a human asks about that, if anything
		return Reply{}, false
	case short && unsaid && (leans || v.Ranked[0].Intent == intent):
		return c.escalate(ReasonFollowup, join(c.thread.Question, c.text)), true
	case short && heard.repeat.in(c.subject):
		if section == intents.NoSection || margin < alone {
			section = c.thread.Section
		}
	case leans && !said:
		return c.escalate(ReasonFollowup, join(c.thread.Question, c.text)), true
	case leans:
	case dominated(v) && v.Outside.Kind == intents.Neighbour && v.Outside.P < surelyOther && short && said:
	case dominated(v) && v.Outside.Kind != intents.Neighbour && v.Outside.P < surelyOther && short && said && margin >= alone:
	case !dominated(v) && v.Ranked[0].Intent == intent && short:
		section = v.Section
	default:
		return Reply{}, false
	}
	return c.answer(intent, section, max(v.Confidence, likelihood(margin)), c.text), true
}

// nextDoor tells whether only one article is likely, and that of the last answer names it as related: what the thread is about takes
// away what doubt the words leave ("may I ask for her?").
func (c *turn) nextDoor() bool {
	likely := c.verdict.Candidates
	return len(likely) == 1 && likely[0].P >= hardlyInDoubt && utf8.RuneCountInString(c.subject) <= shortFollowup && c.related(likely[0].Intent)
}

// related tells whether the article that was answered last names an intent's article as related.
func (c *turn) related(intent string) bool {
	if c.thread.Intent == "" {
		return false
	}
	a, ok := c.desk.library.Article(c.desk.classes[c.thread.Intent].Article, c.lang)
	return ok && slices.Contains(a.Related, c.desk.classes[intent].Article)
}

// least is the margin from which a section answers.
func (c *turn) least(intent, section string) float64 {
	switch seen := c.thread.shown(intent, section) > 0; {
	case !seen:
		return leastClear
	case text.Asks(c.subject):
		return leastSeen
	default: // who tells what was done, or what does not work, does so after reading it
		return alone
	}
}

// settles tells whether the thread says which of a few articles a vague question means: the one that was answered last.
func (c *turn) settles(intent string) bool {
	return c.verdict.Vague != "" && text.Asks(c.subject) &&
		slices.ContainsFunc(c.verdict.Candidates, func(s intents.Score) bool { return s.Intent == intent })
}

// likelihood puts a margin between a half and 1. It is not calibrated: the engine's calibration questions stand alone.
func likelihood(margin float64) float64 { return 1 / (1 + math.Exp(-2*margin)) }

// about finds which of the articles answered last the message is about, and its section.
func (c *turn) about() (intent, section string, margin float64) {
	intent = c.thread.Intent
	section, margin = c.desk.engine.Followup(intent, c.subject)
	if also := c.thread.Also; also != "" {
		other, m := c.desk.engine.Followup(also, c.subject)
		if other != intents.NoSection && (section == intents.NoSection || m > margin) || c.verdict.Ranked[0].Intent == also {
			return also, other, m
		}
	}
	return intent, section, margin
}

// sectionFor is the section of intent's article that a question aims at, "" when that is not clear.
func (c *turn) sectionFor(intent, question string) string {
	section, margin := c.desk.engine.Followup(intent, question)
	if section == intents.NoSection || margin < alone {
		return ""
	}
	return section
}

// maxAskedSections is how many sections one message may ask for.
const maxAskedSections = 3

// sectionsAsked are the sections that the clauses of a question clearly ask for, in the order asked, when there are several.
func (c *turn) sectionsAsked(intent, question string) []string {
	var out []string
	all := clauses(question)
	if len(all) < 2 {
		return nil
	}
	for _, s := range all {
		if section := c.sectionFor(intent, s); section != "" && text.Asks(s) && !slices.Contains(out, section) && len(out) < maxAskedSections {
			out = append(out, section)
		}
	}
	return out
}

// clauses cuts a message into its sentences, and these into what is asked one after the other.
func clauses(s string) []string {
	var out []string
	for _, sentence := range sentences(s) {
		from := 0
		for _, at := range text.Clauses(sentence) {
			one := strings.TrimSpace(sentence[from:at])
			if text.Asks(one) && text.Asks(sentence[at:]) && !heard.because.in(one) {
				out, from = append(out, one), at
			}
		}
		out = append(out, strings.TrimSpace(sentence[from:]))
	}
	return out
}

// unsaid tells whether the message asks for something that an intent's article has no word of.
func (c *turn) unsaid(intent string) bool {
	a, ok := c.desk.library.Article(c.desk.classes[intent].Article, c.lang)
	for _, matter := range []phrase{heard.costs, heard.faster} {
		if ok && matter.in(c.subject) && !matter.in(a.Markdown()) {
			return true
		}
	}
	return false
}
