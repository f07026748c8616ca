package main

import (
	"fmt"
	"strings"

	"haedap/knowledge/text"
)

type searchCommand struct {
	Content string   `placeholder:"DIR" help:"Folder with intents/ and knowledge/ (default: what is built in)."`
	Lang    string   `enum:"ko,en," default:"" help:"Language: ko or en (default: that of the words)."`
	Limit   int      `default:"10" help:"Most results to show."`
	Words   []string `arg:"" help:"What to look for."`
}

// Run lists the articles that match, as a help centre does.
func (s searchCommand) Run(t terminal) error {
	if s.Limit < 1 {
		return usageError{fmt.Errorf("--limit %d: it must be 1 or more", s.Limit)}
	}
	c, err := contentFlags{Content: s.Content}.read()
	if err != nil {
		return err
	}
	query := strings.Join(s.Words, " ")
	lang := s.Lang
	if lang == "" {
		lang = text.Lang(query)
	}
	_, err = fmt.Fprintln(t.out, c.library.Search(query, lang, s.Limit).List())
	return err
}
