package main

import (
	"fmt"
	"strings"

	"haedap/knowledge"
)

type articleCommand struct {
	Content string `placeholder:"DIR" help:"Folder with intents/ and knowledge/ (default: what is built in)."`
	ID      string `arg:"" help:"Id of the article."`
	Lang    string `default:"ko" enum:"ko,en" help:"Language: ko or en."`
}

// Run prints the whole article as people see it.
func (a articleCommand) Run(t terminal) error {
	c, err := contentFlags{Content: a.Content}.read()
	if err != nil {
		return err
	}
	article, ok := c.library.Article(a.ID, a.Lang)
	if !ok {
		return usageError{fmt.Errorf("article %q does not exist: one of %s", a.ID, strings.Join(c.library.IDs(), ", "))}
	}
	_, err = fmt.Fprintln(t.out, knowledge.Plain(article.Markdown()))
	return err
}
