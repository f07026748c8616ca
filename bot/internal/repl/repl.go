// Package repl is the desk in a terminal: it answers each line as people would see it and says underneath why.
//
// On a terminal lines are edited, completed and remembered, and what is shown has colours unless NO_COLOR is set;
// through a pipe the same text comes without them and without a prompt. Any bytes may come in. Nothing that
// a user wrote reaches the terminal as a control character. A failed reload changes nothing.
package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/knowledge"
)

// Answerer decides what is said to a message; a [desk.Desk] is one.
type Answerer interface {
	Handle(thread desk.Thread, m desk.Message) (desk.Thread, desk.Reply)
}

// Content is what the desk knows.
type Content struct {
	Library *knowledge.Library
	Engine  *intents.Engine
	Desk    Answerer
}

// Config is what differs from one session to another.
type Config struct {
	Lang    string                     // of everything but replies: "ko" or "en"
	History string                     // file that remembers lines on a terminal; "": none
	Reload  func() (Content, []string) // reads the content again: it, or what is wrong with it; nil: it cannot change
}

// errQuit ends the session.
var errQuit = errors.New("quit")

// again is how soon a second Ctrl-C must follow to end the session.
const again = 2 * time.Second

// session is one conversation with its surroundings.
type session struct {
	Config
	Content
	ink
	words    desk.ReplWords
	why      desk.WhyWords
	thread   desk.Thread
	question string // last said
	reply    desk.Reply
	took     time.Duration
	asked    bool // there is a question and a reply
}

// Run holds a conversation until in ends, /quit, two Ctrl-C in a row, or ctx ends. It returns an error only when out fails.
func Run(ctx context.Context, in io.Reader, out io.Writer, c Content, cfg Config) error {
	s := &session{Config: cfg, Content: c, ink: newInk(out)}
	s.speak(cfg.Lang)
	lines, opening := s.open(in, out)
	defer lines.close()
	if opening {
		s.greet()
	}
	next, want := reader(lines)
	defer close(want)
	var cleared time.Time
	for s.err == nil {
		want <- struct{}{}
		var l line
		select {
		case <-ctx.Done():
			s.say("")
			return s.err
		case l = <-next:
		}
		switch {
		case errors.Is(l.err, errCleared) && time.Since(cleared) > again:
			cleared = time.Now()
			s.say(s.dim(s.words.PressMore))
		case l.err != nil:
			return s.err
		default:
			if errors.Is(s.take(l.text), errQuit) {
				return s.err
			}
			lines.remember(l.text)
		}
	}
	return s.err
}

// take does what one line asks.
func (s *session) take(text string) error {
	text = strings.TrimSpace(text)
	name, rest, isCommand := command(text)
	switch {
	case text == "":
		return nil
	case !isCommand:
		s.ask(desk.Asker, text)
		return nil
	}
	for _, c := range commands {
		if c.name == name {
			return c.run(s, rest)
		}
	}
	s.say(s.red(fill(s.words.Unknown, "name", "/"+clean(name))))
	return nil
}

// ask puts words to the desk and shows what becomes of them.
func (s *session) ask(from desk.Speaker, text string) {
	start := time.Now()
	s.thread, s.reply = s.Desk.Handle(s.thread, desk.Message{From: from, Text: text})
	s.took, s.question, s.asked = time.Since(start), text, true
	s.showReply()
	s.showJudgement(false)
}

// speak chooses the language of the screen.
func (s *session) speak(lang string) {
	s.Lang, s.words, s.why = lang, desk.Repl(lang), desk.In(lang).Why
}

func (s *session) greet() {
	s.say(s.bold(fill(s.words.Opening, "articles", fmt.Sprint(len(s.Library.IDs())), "intents", fmt.Sprint(s.answerable()))))
	s.say(s.dim(s.why.Stated(s.Engine.Statement())))
}

func (s *session) answerable() int {
	n := 0
	for _, c := range s.Engine.Catalogue().Classes {
		if c.Kind == intents.Answerable {
			n++
		}
	}
	return n
}

// article is the one that was answered last.
func (s *session) article() (*knowledge.Article, bool) {
	class, ok := s.Engine.Catalogue().Class(s.thread.Intent)
	if !ok {
		return nil, false
	}
	return s.Library.Article(class.Article, s.Lang)
}

// fill puts values, given as name, value, name, value…, into a template's "{name}".
func fill(template string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
