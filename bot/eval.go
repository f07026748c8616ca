package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/intents/evaluate"
)

type evalCommand struct {
	contentFlags `embed:""`
	Against      string `placeholder:"DIR|FILE" help:"Compare with another content folder, or with what another build saved, on the same questions."`
	Save         string `placeholder:"FILE" help:"Write what became of each question, for --against of another build."`
	SVG          string `name:"svg" placeholder:"DIR" help:"Draw the risk–coverage curve and the reliability diagram into this folder."`
	JSON         bool   `help:"Write the report as JSON."`
	File         string `arg:"" help:"Questions: id, text, label and tags, separated by tabs under that header."`
}

// Run measures the desk on a file of labelled questions.
func (e evalCommand) Run(ctx context.Context, t terminal) error {
	questions, err := readQuestions(e.File)
	if err != nil {
		return err
	}
	other, err := e.other(ctx, t, questions) // before the own content is trained: a wrong --against shall not cost the wait
	if err != nil {
		return err
	}
	c, err := e.understand(ctx, t)
	if err != nil {
		return err
	}
	own, err := measure(ctx, c, questions)
	if err != nil {
		return err
	}
	report := e.report(own)
	report.Blame(own.outcomes, c.nearest)
	result := evaluation{Report: report}
	if other != nil {
		comparison, err := evaluate.Compare(other.outcomes, own.outcomes)
		if err != nil {
			return usageError{fmt.Errorf("--against %s: %w", e.Against, err)}
		}
		result.Against = &comparison
	}
	if err := e.keep(own, other, report); err != nil {
		return err
	}
	if e.JSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(result)
	}
	if _, err := fmt.Fprintln(t.out, c.engine.StatementWith(c.meaning != nil)); err != nil {
		return fmt.Errorf("write the statement: %w", err)
	}
	return result.write(t)
}

// evaluation is what eval says: the report, and what differs from another desk.
type evaluation struct {
	evaluate.Report
	Against *evaluate.Comparison `json:"against,omitempty"`
}

func (r evaluation) write(t terminal) error {
	if err := r.Report.Write(t.out); err != nil {
		return err
	}
	if r.Against == nil {
		return nil
	}
	return r.Against.Write(t.out)
}

// measured are a desk's outcomes and the time that understanding took, added up over the questions.
type measured struct {
	outcomes []evaluate.Outcome
	took     time.Duration
}

// silent is an engine that gives no reasons: nobody reads them here, and they take a third of the time.
type silent struct{ *intents.Engine }

// Explain gives nothing.
func (silent) Explain(string, intents.Verdict) []intents.Evidence { return nil }

// measure puts the questions to the desk, on all cores, each with its embedding where the content has learnt them: a
// deadline would measure the endpoint's mood.
func measure(ctx context.Context, c *content, questions []intents.Question) (*measured, error) {
	embeddings, err := c.embed(ctx, questions)
	if err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	d, err := desk.New(silent{c.engine}, c.library, deskConfig())
	if err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	m := &measured{outcomes: make([]evaluate.Outcome, len(questions))}
	took := make([]time.Duration, runtime.GOMAXPROCS(0))
	var cores sync.WaitGroup
	for core := range took {
		cores.Go(func() {
			start := time.Now()
			for i := core; i < len(questions) && ctx.Err() == nil; i += len(took) {
				m.outcomes[i] = outcome(d, questions[i], embeddings[i])
			}
			took[core] = time.Since(start)
		})
	}
	cores.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("measure: %w", ctx.Err())
	}
	for _, t := range took {
		m.took += t
	}
	return m, nil
}

func (e evalCommand) report(m *measured) evaluate.Report {
	return evaluate.Measure(m.outcomes, e.Budget, m.took)
}

// keep writes the outcomes and the drawings that the flags ask for.
func (e evalCommand) keep(own, other *measured, report evaluate.Report) error {
	if e.Save != "" {
		if err := saveOutcomes(e.Save, own.outcomes); err != nil {
			return err
		}
	}
	if e.SVG == "" {
		return nil
	}
	reports := []evaluate.Named{{Name: "this", Report: report}}
	if other != nil {
		reports = append(reports, evaluate.Named{Name: "against", Report: e.report(other)})
	}
	if err := os.MkdirAll(e.SVG, 0o750); err != nil {
		return usageError{fmt.Errorf("--svg: %w: name a folder that can be written", err)}
	}
	for _, chart := range evaluate.Charts(reports...) {
		if err := os.WriteFile(filepath.Join(e.SVG, chart.File), []byte(chart.SVG), 0o600); err != nil {
			return usageError{fmt.Errorf("--svg: %w: name a folder that can be written", err)}
		}
	}
	return nil
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
func outcome(d *desk.Desk, q intents.Question, embedding []float32) evaluate.Outcome {
	_, reply := d.Handle(desk.Thread{}, desk.Message{From: desk.Asker, Text: q.Text, Addressed: true, Embedding: embedding})
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

// nearest gives the examples that read like a text.
func (c *content) nearest(text string) []evaluate.Example {
	var out []evaluate.Example
	for _, e := range c.engine.Explain(text, c.engine.Classify(text)) {
		if e.Kind == intents.Nearest {
			out = append(out, evaluate.Example{Text: e.Text, Class: e.Intent, Likeness: e.Weight})
		}
	}
	return out
}
