package main

import (
	"errors"
	"fmt"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/knowledge"
)

type lintCommand struct {
	Content string `arg:"" optional:"" help:"Folder with intents/ and knowledge/ (default: what is built in)."`
}

// Run prints every problem of the content, one a line.
func (l lintCommand) Run(t terminal) error {
	catalogueFiles, articleFiles, err := contentFlags{Content: l.Content}.files()
	if err != nil {
		return err
	}
	library, articleErr := knowledge.Load(articleFiles)
	catalogue, catalogueErr := intents.Load(catalogueFiles)
	found := append(lines(articleErr), lines(catalogueErr)...)
	if library != nil && catalogue != nil {
		found = append(found, lines(desk.Check(catalogue, library))...)
		found = append(found, intents.Lint(catalogue)...)
	}
	for _, p := range found {
		if _, err := fmt.Fprintln(t.out, p); err != nil {
			return fmt.Errorf("write the problems: %w", err)
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%d problems", len(found))
	}
	_, err = fmt.Fprintf(t.out, "%d articles, %d classes, %d calibration questions: no problems\n", len(library.IDs()), len(catalogue.Classes), len(catalogue.Calibration))
	return err
}

// lines are all the problems in an error.
func lines(err error) []string {
	var ofIntents intents.Problems
	var ofArticles *knowledge.LoadError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ofIntents):
		return ofIntents
	case errors.As(err, &ofArticles):
		var out []string
		for _, p := range ofArticles.Problems {
			out = append(out, p.String())
		}
		return out
	}
	return []string{err.Error()}
}
