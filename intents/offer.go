package intents

import (
	"math"
	"slices"
)

// offered is how often the right article is among those that a clarification offers, where it asks about a question in scope.
const offered = 0.95

// offerMass is the share of the intents' probability that a clarification's candidates must hold so that the right one is among
// them as often as offered says: split conformal prediction (Vovk et al. 2005), on the calibration questions in scope
// that are not answered. It gives the number of those questions too; with too few of them the mass is 1, and only certainty will do.
func offerMass(outcomes []outcome, intents int, g *gate) (mass float64, questions int) {
	var before []float64 // probability of the intents ranked above the right one
	for i := range outcomes {
		o := &outcomes[i]
		if o.label < 0 || o.asTwo || o.score >= g.threshold {
			continue
		}
		p := softmax(o.margins[:intents], g.sharpness)
		var above float64
		for _, other := range p {
			if other > p[o.label] {
				above += other
			}
		}
		before = append(before, above)
	}
	slices.Sort(before)
	at := int(math.Ceil(float64(len(before)+1) * offered))
	if at > len(before) {
		return 1, len(before)
	}
	return math.Nextafter(before[at-1], 1), len(before)
}
