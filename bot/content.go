package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/knowledge"
)

// contentFlags choose what the desk knows and how careful it is; every command that understands has them.
type contentFlags struct {
	Content string  `placeholder:"DIR" help:"Folder with intents/ and knowledge/ (default: what is built in)."`
	Budget  float64 `default:"0.02" help:"Largest share of wrong answers among answers."`
}

// content is what a desk knows.
type content struct {
	library   *knowledge.Library
	catalogue *intents.Catalogue
	engine    *intents.Engine
	desk      *desk.Desk
}

// load reads, trains and checks the content. What is wrong with it is a usage error.
func (f contentFlags) load() (*content, error) {
	c, err := f.read()
	if err != nil {
		return nil, err
	}
	return c, f.train(c)
}

// train makes a desk of what was read. It takes about a second.
func (f contentFlags) train(c *content) (err error) {
	cfg := intents.Defaults()
	cfg.Budget = f.Budget
	if c.engine, err = intents.Train(c.catalogue, cfg); err != nil {
		return usageError{err}
	}
	if c.desk, err = desk.New(c.engine, c.library, desk.Config{}); err != nil {
		return usageError{err}
	}
	return nil
}

// read loads the files alone.
func (f contentFlags) read() (*content, error) {
	catalogueFiles, articleFiles, err := f.files()
	if err != nil {
		return nil, err
	}
	var c content
	var problems, more error
	c.library, problems = knowledge.Load(articleFiles)
	c.catalogue, more = intents.Load(catalogueFiles)
	if problems != nil || more != nil {
		return nil, usageError{firstOf(problems, more)}
	}
	return &c, nil
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// files are the roots of the intents and of the articles.
func (f contentFlags) files() (catalogue, articles fs.FS, err error) {
	if f.Content == "" {
		return intents.Embedded(), knowledge.Embedded(), nil
	}
	for _, part := range []string{"", "intents", "knowledge"} {
		place := filepath.Join(f.Content, part)
		if _, err := os.ReadDir(place); err != nil {
			return nil, nil, usageError{fmt.Errorf("--content %s: %w: name a folder that holds intents/ and knowledge/", f.Content, errors.Unwrap(err))}
		}
	}
	return os.DirFS(filepath.Join(f.Content, "intents")), os.DirFS(filepath.Join(f.Content, "knowledge")), nil
}
