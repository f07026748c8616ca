package evaluate

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Write shows the report for people.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...) //nolint:errcheck // the writer's error comes with Flush
	}
	line("questions", "%d (%d in scope, %d ask two things, %d out of scope)", r.Questions, r.InScope, r.Double, r.OutOfScope)
	line("best candidate right", "%s of in scope; among the best three %s", percent(r.Accuracy), percent(r.TopThree))
	line("answered right", "%s of in scope; both halves of %s of those that ask two things", percent(r.Right), percent(r.DoubleRight))
	if r.Vague > 0 {
		line("asked back", "%s of %d that may mean several things", percent(r.VagueAsked), r.Vague)
	}
	line("clarified / escalated", "%s (right one offered in %s) / %s of in scope", percent(r.Clarified), percent(r.ClarifiedOK), percent(r.Escalated))
	line("wrong among answered", "%d of %d = %s; at most %s with 95 %% confidence", r.Wrong, r.Answered, percent(r.WrongShare), percent(r.WrongBound))
	line("out of scope", "%s answered by mistake; AUROC %s", percent(r.FalseAnswers), percent(r.AUROC))
	line("coverage at budget", "%s answered right at %s wrong, threshold picked on these rows (an upper limit)", percent(r.Coverage), percent(r.Budget))
	line("time", "%.0f µs a question", r.Micros)
	table(t, "intent", r.ByIntent)
	table(t, "tag", r.ByTag)
	if len(r.Confusions) > 0 {
		fmt.Fprintf(t, "\nconfusions\t\t\n") //nolint:errcheck // as above
	}
	for _, c := range r.Confusions {
		line(c.Label, "→ %s\t%d\t%s", c.Taken, len(c.Questions), strings.Join(c.Questions[:min(8, len(c.Questions))], " "))
		for _, x := range c.Examples {
			line("", "  like “%s” of %s", shorten(x.Text), x.Class)
		}
	}
	drawCurve(t, r.RiskCoverage)
	drawReliability(t, r.Reliability)
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func table(t io.Writer, name string, rows []Row) {
	fmt.Fprintf(t, "\n%s\tquestions\tbest right\tanswered right\tanswered\twrong\tAUROC\n", name) //nolint:errcheck // the writer's error comes with Flush
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%d\t%d\t%s\n", r.Name, r.Questions, percent(r.Accuracy), percent(r.Right), r.Answered, r.Wrong, percent(r.AUROC)) //nolint:errcheck // as above
	}
}

// percent shows a share; "–" stands for none.
func percent(share float64) string {
	if share < 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// longest is how many characters of an example or a question a line shows.
const longest = 60

func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return text
}

// shown is how many changed questions a comparison for people lists.
const shown = 40

// Write shows the comparison for people.
func (c Comparison) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "\nagainst the other (%d questions)\tbefore\tafter\tdifference, 95 %%\tgained / lost\tp\t\n", c.Questions) //nolint:errcheck // the writer's error comes with Flush
	row := func(name string, d Change, moreIsBetter bool) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%+.1f … %+.1f points\t%d / %d\t%.3f\t%s\n", //nolint:errcheck // as above
			name, percent(d.Before), percent(d.After), 100*d.Low, 100*d.High, d.Gained, d.Lost, d.P, d.verdict(moreIsBetter))
	}
	row("best candidate right", c.Accuracy, true)
	row("answered right", c.Right, true)
	row("wrong among answered", c.Wrong, false)
	fmt.Fprintf(t, "\nchanged (%d): + is better, − worse\n", len(c.Changed)) //nolint:errcheck // as above
	for _, q := range c.Changed[:min(shown, len(c.Changed))] {
		fmt.Fprintf(t, "%s %s %s: %s → %s\n      %s\n", string([]rune("−=+")[q.Better+1]), q.ID, q.Label, q.Before, q.After, shorten(q.Text)) //nolint:errcheck // as above
	}
	if more := len(c.Changed) - shown; more > 0 {
		fmt.Fprintf(t, "… and %d more: --json lists them\n", more) //nolint:errcheck // as above
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}
