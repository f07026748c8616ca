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
	library *knowledge.Library
	intents fs.FS
	engine  *intents.Engine
	desk    *desk.Desk
	meaning *meaning // nil when it has learnt no embeddings
}

// load reads, trains and checks the content. What is wrong with it is a usage error.
func (f contentFlags) load() (*content, error) {
	c, err := f.read()
	if err != nil {
		return nil, err
	}
	return c, f.train(c)
}

// train makes a desk of what was read. It takes seconds for content that is new to this machine, and a fraction of one
// for content that was trained before.
func (f contentFlags) train(c *content) (err error) {
	cfg := intents.Defaults()
	cfg.Budget, cfg.Articles = f.Budget, passages(c.library)
	if c.engine, err = intents.Open(c.intents, cfg, intents.KeepDir()); err != nil {
		return usageError{err}
	}
	if c.desk, err = desk.New(c.engine, c.library, deskConfig()); err != nil {
		return usageError{err}
	}
	return nil
}

// deskConfig is what this desk says differently from others: HAEDAP_DESK_HOURS tells askers when humans answer.
func deskConfig() desk.Config { return desk.Config{Hours: os.Getenv("HAEDAP_DESK_HOURS")} }

// passages are what articles say in all languages, for intents that are learnt from them alone.
func passages(l *knowledge.Library) map[string][]intents.Example {
	out := map[string][]intents.Example{}
	for _, id := range l.IDs() {
		for _, lang := range knowledge.Langs {
			if a, ok := l.Article(id, lang); ok {
				for _, p := range a.Passages() {
					out[id] = append(out[id], intents.Example{Text: p.Text, By: "article", Section: p.Section})
				}
			}
		}
	}
	return out
}

// read loads the articles alone.
func (f contentFlags) read() (*content, error) {
	catalogueFiles, articleFiles, err := f.files()
	if err != nil {
		return nil, err
	}
	library, err := knowledge.Load(articleFiles)
	if err != nil {
		return nil, usageError{err}
	}
	return &content{library: library, intents: catalogueFiles}, nil
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
