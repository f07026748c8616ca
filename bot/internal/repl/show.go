package repl

import (
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"haedap/bot/internal/desk"
	"haedap/intents"
)

// width is how many columns s takes.
func width(s string) int { return runewidth.StringWidth(s) }

// showReply writes what people see.
func (s *session) showReply() {
	text := s.reply.Plain()
	if s.reply.Decision == desk.Ignore && text == "" {
		text = s.dim(s.words.Silent)
	}
	s.say(text)
	s.say("")
}

// showJudgement writes why the reply is what it is; whole adds what the engine thinks of every intent.
func (s *session) showJudgement(whole bool) {
	r := s.reply
	s.row(s.words.Decision, s.tint(r.Decision, s.why.Decided(r.Decision))+answered(r)+s.dim("  "+s.took.Round(time.Microsecond).String()))
	if r.Ticket != nil {
		s.row(s.words.Ticket, strings.TrimRight(desk.In(s.Lang).Reasons[r.Ticket.Reason]+" · "+clean(r.Ticket.Topic), " ·"))
	}
	if r.Append != "" {
		s.row(s.words.Added, clip(r.Append))
	}
	if len(r.Candidates) > 0 {
		s.showScores(whole)
	}
	s.showEvidence()
	if whole {
		s.say(s.dim(s.why.Stated(s.Engine.Statement())))
	}
	s.say("")
}

// answered names what a reply shows.
func answered(r desk.Reply) string {
	var parts []string
	for _, p := range r.Parts {
		parts = append(parts, p.Article+"#"+p.Section)
	}
	if len(parts) == 0 {
		return ""
	}
	return "  " + strings.Join(parts, " + ")
}

// tint gives a decision its colour.
func (s *session) tint(d desk.Decision, word string) string {
	switch d {
	case desk.Answer:
		return s.green(word)
	case desk.Clarify:
		return s.yellow(word)
	case desk.Escalate:
		return s.red(word)
	default:
		return s.cyan(word)
	}
}

// leastShown is the probability from which candidates after the first are drawn.
const leastShown = 0.001

// showScores draws the confidence against the threshold and the candidates as bars.
func (s *session) showScores(whole bool) {
	threshold := s.Engine.Statement().Threshold
	s.row(s.words.Confidence, s.bar(s.reply.Confidence, threshold)+percent(s.reply.Confidence)+"  "+s.dim(strings.ReplaceAll(s.why.Threshold, "{}", desk.Percent(threshold))))
	scores := s.reply.Candidates
	var v intents.Verdict
	if whole {
		v = s.Engine.Classify(s.question)
		scores = nil
		for _, r := range v.Ranked {
			scores = append(scores, desk.Candidate{Intent: r.Intent, Score: r.P})
		}
	}
	name := s.words.Candidates
	for i, c := range scores {
		if i > 0 && !whole && c.Score < leastShown {
			break
		}
		s.row(name, s.bar(c.Score, 0)+percent(c.Score)+"  "+s.label(c.Intent)+"  "+s.dim(clean(c.Intent)))
		name = ""
	}
	if whole {
		s.row(s.words.Outside, s.bar(v.Outside.P, 0)+percent(v.Outside.P)+"  "+s.label(v.Outside.ID))
		s.row(s.words.InScope, s.bar(v.InScope, 0)+percent(v.InScope))
	}
}

func percent(share float64) string { return fmt.Sprintf("%7s", desk.Percent(share)) }

// showEvidence lists the reasons of the engine, kind by kind.
func (s *session) showEvidence() {
	var pro, contra []string
	rival := ""
	for _, e := range s.reply.Evidence {
		word := fmt.Sprintf("%s %+.2f", clip(e.Text), e.Weight)
		switch e.Kind {
		case intents.For:
			pro = append(pro, word)
		case intents.Against:
			contra, rival = append(contra, word), e.Intent
		}
	}
	if len(pro) > 0 {
		s.row(s.words.For, strings.Join(pro, " · "))
	}
	if len(contra) > 0 {
		s.row(s.words.Against, strings.Join(contra, " · ")+s.dim("  → "+s.label(rival)))
	}
	name := s.words.Nearest
	for _, e := range s.reply.Evidence {
		if e.Kind == intents.Nearest {
			s.row(name, fmt.Sprintf("%3.0f %%  %s  %s", 100*e.Weight, clip(e.Text), s.dim(clean(e.Intent))))
			name = ""
		}
	}
	if s.reply.Decision == desk.Answer {
		return // by the thread, where the words alone would not have done
	}
	name = s.words.HeldBack
	for _, e := range s.reply.Evidence {
		if e.Kind == intents.HeldBack {
			s.row(name, s.yellow(clean(s.why.Reason(e, s.label(e.Intent)))))
			name = ""
		}
	}
}

// label names a class, or one of the groups that the engine learns as one.
func (s *session) label(id string) string {
	if class, ok := s.Engine.Catalogue().Class(id); ok && class.Label.In(s.Lang) != "" {
		return clean(class.Label.In(s.Lang))
	}
	switch id {
	case "":
		return "–"
	case intents.OutsideFollowups:
		return s.words.Followups
	default:
		return s.words.Topics
	}
}

// row writes a line under a name of its own column.
func (s *session) row(name, text string) {
	const column = 17
	s.say(s.dim(name+strings.Repeat(" ", max(1, column-width(name)))) + text)
}
