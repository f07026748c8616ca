package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/intents/evaluate"
)

type evalCommand struct {
	contentFlags `embed:""`
	JSON         bool   `help:"Write the report as JSON."`
	File         string `arg:"" help:"Questions: id, text, label and tags, separated by tabs under that header."`
}

// Run measures the desk on a file of labelled questions.
func (e evalCommand) Run(ctx context.Context, t terminal) error {
	questions, err := readQuestions(e.File)
	if err != nil {
		return err
	}
	c, err := e.load()
	if err != nil {
		return err
	}
	start := time.Now()
	outcomes := make([]evaluate.Outcome, 0, len(questions))
	for _, q := range questions {
		if ctx.Err() != nil {
			return fmt.Errorf("measure: %w", ctx.Err())
		}
		outcomes = append(outcomes, outcome(c.desk, q))
	}
	report := evaluate.Measure(outcomes, e.Budget, time.Since(start))
	if e.JSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	if _, err := fmt.Fprintln(t.out, c.engine.Statement()); err != nil {
		return fmt.Errorf("write the statement: %w", err)
	}
	return report.Write(t.out)
}

func readQuestions(file string) ([]intents.Question, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("open the questions: %w: name a file with the columns id, text, label, tags", err)}
	}
	defer f.Close() //nolint:errcheck // read only: nothing can be lost
	questions, err := intents.ReadQuestions(f, file)
	if err != nil {
		return nil, usageError{err}
	}
	return questions, nil
}

// outcome puts one question to the desk as the first message of a thread.
func outcome(d *desk.Desk, q intents.Question) evaluate.Outcome {
	_, reply := d.Handle(desk.Thread{}, desk.Message{From: desk.Asker, Text: q.Text, Addressed: true})
	o := evaluate.Outcome{Question: q, Confidence: reply.Confidence, Decision: string(reply.Decision)}
	for _, c := range reply.Candidates {
		o.Ranked = append(o.Ranked, intents.Score{Intent: c.Intent, P: c.Score})
	}
	for _, p := range reply.Parts {
		o.Answered = append(o.Answered, p.Intent)
	}
	for _, c := range reply.Offered {
		o.Offered = append(o.Offered, c.Intent)
	}
	return o
}
