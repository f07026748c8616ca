package repl

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/knowledge"
)

// commandOf is one command of the session.
type commandOf struct {
	name     string
	argument func(desk.ReplWords) string // as the help shows it
	complete func(*session) []string     // what may stand after it
	run      func(s *session, rest string) error
}

var commands []commandOf

func init() { //nolint:gochecknoinits // /help is one of the commands that it lists
	id := func(w desk.ReplWords) string { return w.ArgID }
	commands = []commandOf{
		{name: "why", run: (*session).explain},
		{name: "intents", argument: id, complete: (*session).classIDs, run: (*session).listIntents},
		{name: "article", argument: id, complete: func(s *session) []string { return s.Library.IDs() }, run: (*session).showArticle},
		{name: "section", argument: id, complete: (*session).sectionIDs, run: (*session).showSection},
		{name: "new", run: (*session).restart},
		{name: "agent", argument: func(w desk.ReplWords) string { return w.ArgText }, run: (*session).asAgent},
		{name: "reload", run: (*session).reload},
		{name: "lang", argument: func(desk.ReplWords) string { return strings.Join(knowledge.Langs, "|") }, complete: func(*session) []string { return knowledge.Langs }, run: (*session).setLang},
		{name: "help", run: (*session).help},
		{name: "quit", run: func(*session, string) error { return errQuit }},
	}
}

// form is the command as it is typed, up to its argument.
func (c commandOf) form() string {
	if c.argument == nil {
		return "/" + c.name
	}
	return "/" + c.name + " "
}

// command splits "/name rest". A slash before anything but small letters is part of a question.
func command(text string) (name, rest string, ok bool) {
	name, rest, _ = strings.Cut(text, " ")
	name, ok = strings.CutPrefix(name, "/")
	if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return "", text, false
	}
	return name, strings.TrimSpace(rest), true
}

// complete offers names of commands, and what may stand after them.
func (s *session) complete(text string, pos int) (head string, completions []string, tail string) {
	runes := []rune(text)
	pos = min(pos, len(runes))
	before, tail := string(runes[:pos]), string(runes[pos:])
	name, start, hasArgument := strings.Cut(before, " ")
	var from []string
	for _, c := range commands {
		switch {
		case !hasArgument:
			from = append(from, c.form())
		case "/"+c.name == name && c.complete != nil:
			from = c.complete(s)
		}
	}
	if hasArgument {
		head = name + " "
	} else {
		start = name
	}
	if start != "" || hasArgument {
		for _, f := range from {
			if strings.HasPrefix(f, start) {
				completions = append(completions, f)
			}
		}
	}
	return head, completions, tail
}

func (s *session) classIDs() []string {
	var ids []string
	for _, c := range s.Engine.Catalogue().Classes {
		ids = append(ids, c.ID)
	}
	return ids
}

func (s *session) sectionIDs() []string {
	a, ok := s.article()
	if !ok {
		return nil
	}
	var ids []string
	for _, section := range a.Sections {
		ids = append(ids, section.ID)
	}
	return ids
}

func (s *session) explain(string) error {
	if !s.asked {
		s.say(s.red(s.words.NothingYet))
		return nil
	}
	s.say(s.bold(prompt + clip(s.question)))
	s.showJudgement(true)
	return nil
}

// listIntents shows all intents, or the examples of one class.
func (s *session) listIntents(id string) error {
	catalogue := s.Engine.Catalogue()
	if id != "" {
		class, ok := catalogue.Class(id)
		if !ok {
			s.say(s.red(fill(s.words.NoIntent, "id", clean(id))))
			return nil
		}
		s.showClass(class)
		return nil
	}
	count := map[intents.Kind]int{}
	for _, c := range catalogue.Classes {
		count[c.Kind]++
		if c.Kind == intents.Answerable {
			s.say(s.bold(c.ID) + "  " + clean(c.Label.In(s.Lang)) + "  " + s.dim(s.words.Article+" "+c.Article+" · "+fill(s.words.Examples, "n", fmt.Sprint(len(c.Examples)))))
		}
	}
	var others []string
	for _, kind := range []intents.Kind{intents.Neighbour, intents.Background, intents.Act} {
		others = append(others, fmt.Sprintf("%s %d", s.words.Kinds[string(kind)], count[kind]))
	}
	s.say(s.dim("+ " + strings.Join(others, " · ")))
	return nil
}

// shownExamples is how many examples of a class are listed.
const shownExamples = 12

func (s *session) showClass(c *intents.Class) {
	s.say(s.bold(c.ID) + "  " + clean(c.Label.In(s.Lang)) + "  " + s.dim(s.words.Kinds[string(c.Kind)]+" · "+fill(s.words.Examples, "n", fmt.Sprint(len(c.Examples)))))
	step := max(1, len(c.Examples)/shownExamples) // over the whole list: its writers stand one after another
	for i := 0; i < len(c.Examples) && i < step*shownExamples; i += step {
		s.say("  " + clip(c.Examples[i].Text))
	}
}

func (s *session) showArticle(id string) error {
	a, ok := s.Library.Article(id, s.Lang)
	if id == "" {
		a, ok = s.article()
	}
	switch {
	case ok:
		s.say(knowledge.Plain(a.Markdown()))
	case id == "":
		s.say(s.red(s.words.NothingYet))
	default:
		s.say(s.red(fill(s.words.NoArticle, "id", clean(id))))
	}
	return nil
}

// showSection shows a section of the article answered last, or the list of them.
func (s *session) showSection(id string) error {
	a, ok := s.article()
	if !ok {
		s.say(s.red(s.words.NothingYet))
		return nil
	}
	if id == "" {
		for _, section := range a.Sections {
			name := section.ID
			if name == s.thread.Section {
				name = s.green(name)
			}
			s.say("  " + name + "  " + clean(section.Heading))
		}
		return nil
	}
	section, ok := a.Section(id)
	if !ok {
		s.say(s.red(fill(s.words.NoSection, "id", clean(id), "ids", strings.Join(s.sectionIDs(), ", "))))
		return nil
	}
	s.say(knowledge.Plain(section.Markdown()))
	return nil
}

func (s *session) restart(string) error {
	s.thread, s.reply, s.asked = desk.Thread{}, desk.Reply{}, false
	s.say(s.dim(s.words.NewThread))
	return nil
}

func (s *session) asAgent(text string) error {
	if text == "" {
		s.say(s.red(s.words.NeedsText))
		return nil
	}
	s.ask(desk.Agent, text)
	return nil
}

// shownProblems is how many of the problems of a reload are shown.
const shownProblems = 20

func (s *session) reload(string) error {
	if s.Reload == nil {
		s.say(s.red(s.words.BuiltIn))
		return nil
	}
	s.say(s.dim(s.words.Reloading))
	fresh, problems := s.Reload()
	if len(problems) > 0 {
		for _, p := range problems[:min(len(problems), shownProblems)] {
			s.say(s.red(clean(p)))
		}
		if more := len(problems) - shownProblems; more > 0 {
			s.say(s.red(fill(s.words.MoreProblems, "n", fmt.Sprint(more))))
		}
		s.say(s.red(fill(s.words.Kept, "n", fmt.Sprint(len(problems)))))
		return nil
	}
	s.Content = fresh
	s.say(s.green(fill(s.words.Reloaded, "articles", fmt.Sprint(len(fresh.Library.IDs())), "intents", fmt.Sprint(s.answerable()))))
	s.say(s.dim(s.why.Stated(s.Engine.Statement())))
	return nil
}

func (s *session) setLang(lang string) error {
	if !slices.Contains(knowledge.Langs, lang) {
		s.say(s.red(s.words.NeedsLang))
		return nil
	}
	s.speak(lang)
	return s.help("")
}

func (s *session) help(string) error {
	for _, c := range commands {
		form := c.form()
		if c.argument != nil {
			form += c.argument(s.words)
		}
		s.say("  " + s.bold(form) + strings.Repeat(" ", max(1, 16-width(form))) + s.words.Commands[c.name])
	}
	s.say(s.dim("  " + s.words.Keys))
	return nil
}

// clip shortens what somebody wrote to one line on the screen.
func clip(text string) string {
	const most = 100
	text = clean(text[:min(len(text), 8*most)])
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
