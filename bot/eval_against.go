package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"haedap/intents"
	"haedap/intents/evaluate"
)

// other is the desk to compare with: another content, asked now, or outcomes that were saved earlier. It is nil where none is named.
func (e evalCommand) other(ctx context.Context, t terminal, questions []intents.Question) (*measured, error) {
	if e.Against == "" {
		return nil, nil
	}
	info, err := os.Stat(e.Against)
	if err != nil {
		return nil, usageError{fmt.Errorf("--against: %w: name a content folder or a file written with --save", err)}
	}
	if !info.IsDir() {
		outcomes, err := readOutcomes(e.Against)
		return &measured{outcomes: outcomes}, err
	}
	c, err := contentFlags{Content: e.Against, Budget: e.Budget}.understand(ctx, t)
	if err != nil {
		return nil, err
	}
	return measure(ctx, c, questions)
}

// saveOutcomes writes outcomes as JSON, one a line.
func saveOutcomes(file string, outcomes []evaluate.Outcome) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return usageError{fmt.Errorf("--save: %w: name a file that can be written", err)}
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	encoder := json.NewEncoder(w)
	for i := range outcomes {
		if err := encoder.Encode(outcomes[i]); err != nil {
			return fmt.Errorf("save outcomes: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("save outcomes: %w", err)
	}
	return nil
}

// readOutcomes reads what saveOutcomes wrote.
func readOutcomes(file string) ([]evaluate.Outcome, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("--against: %w: name a content folder or a file written with --save", err)}
	}
	defer f.Close() //nolint:errcheck // read only: nothing can be lost
	decoder := json.NewDecoder(bufio.NewReader(f))
	decoder.DisallowUnknownFields()
	var out []evaluate.Outcome
	for {
		var o evaluate.Outcome
		switch err := decoder.Decode(&o); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, usageError{fmt.Errorf("%s:%d: no outcome: %w: name a file written with eval --save", file, len(out)+1, err)}
		}
		out = append(out, o)
	}
}
