package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"haedap/bot/internal/slackio"
	"haedap/bot/internal/store"
	"haedap/bot/internal/watch"
)

type jobsCorrectionsCommand struct {
	storeFlags `embed:""`
}

// correctionsMost is how many corrections are listed.
const correctionsMost = 10_000

// Run lists the masked questions that agents corrected, the newest first, for an editor to pick calibration questions and
// examples from.
func (j jobsCorrectionsCommand) Run(ctx context.Context, t terminal) error {
	db, err := j.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing was written that could be lost
	all, err := db.Corrections(ctx, correctionsMost)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("id\ttext\tlabel\ttags\n")
	for _, c := range all {
		fmt.Fprintf(&b, "live-%d\t%s\t%s\t%s\n", c.ID, oneCell(c.Question), c.Intent, correctionTag(c))
	}
	if _, err := fmt.Fprint(t.out, b.String()); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// correctionTag says what the correction was of.
func correctionTag(c store.Correction) string {
	switch c.Shown {
	case "":
		return "live,unanswered"
	case c.Intent:
		return "live,confirmed"
	default:
		return "live,corrected"
	}
}

// oneCell writes a text as a cell of a question file has it.
func oneCell(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.ReplaceAll(strings.Join(lines, " / "), "\t", " ")
}

// checkAnswers looks at what became of the answers so far. Content and database have checks of their own: without them there
// is nothing to look at, and ok is false.
func (d doctorCommand) checkAnswers(ctx context.Context) (check slackio.Check, ok bool) {
	c, err := d.load()
	if err != nil {
		return check, false
	}
	db, err := d.open(ctx)
	if err != nil {
		return check, false
	}
	defer db.Close() //nolint:errcheck // nothing was written that could be lost
	w, err := watch.New(db, c.engine, watch.Config{})
	if err != nil {
		return slackio.Check{Name: "answers", Err: err}, true
	}
	r, err := w.Look(ctx, time.Now())
	switch {
	case err != nil:
		return slackio.Check{Name: "answers", Err: err, Mend: "look at the database's own log"}, true
	case r.OverBudget():
		return slackio.Check{Name: "answers", Err: errors.New(r.Live.String() + ", over the budget"), Mend: "`bot jobs corrections` lists them: add examples and calibration questions like them"}, true
	case r.Warns():
		return slackio.Check{Name: "answers", Err: errors.New("questions are unlike the calibration set"), Mend: "open /quality on the page and write calibration questions like those listed"}, true
	}
	return slackio.Check{Name: "answers (" + r.Live.String() + ")"}, true
}
