package intents

import (
	"fmt"

	"haedap/knowledge/text"
)

// Lint finds what loads but is probably a mistake: the same example under two classes, and an example that is also a
// calibration question, which would make the measured limit on wrong answers too good.
func Lint(c *Catalogue) []string {
	var out []string
	owner := map[string]*Class{}
	for i := range c.Classes {
		class := &c.Classes[i]
		for _, e := range class.Examples {
			t := text.Normalize(e.Text)
			if other := owner[t]; other != nil && other != class {
				out = append(out, fmt.Sprintf("%s:1: %q is also an example of %s: keep it in one of them", class.File, e.Text, other.ID))
			}
			owner[t] = class
		}
	}
	for _, q := range c.Calibration {
		if class := owner[text.Normalize(q.Text)]; class != nil && len(q.Text) > shortest {
			out = append(out, fmt.Sprintf("intents/calibration/%s.tsv:1: %s is also an example of %s: take one away", q.By, q.ID, class.ID))
		}
	}
	return out
}

// shortest is the most bytes of a text ("네", "hi") that different people write alike by chance.
const shortest = 12
