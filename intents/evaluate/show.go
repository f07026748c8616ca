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
	}
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
