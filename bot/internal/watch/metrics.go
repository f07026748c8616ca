package watch

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics show the last report.
type metrics struct {
	answers  *prometheus.GaugeVec
	bounds   *prometheus.GaugeVec
	drift    *prometheus.GaugeVec
	warnings *prometheus.GaugeVec
}

func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "haedap", Name: name, Help: help}, labels)
	}
	m := &metrics{
		answers:  gauge("live_answers", "The last answers, at most 1,000 of 90 days, and what became of them.", "what"),
		bounds:   gauge("live_share", "95 % bounds: complaints among the last answers at most, answers corrected by agents at least.", "bound"),
		drift:    gauge("drift", "Kolmogorov-Smirnov distance between questions asked and calibration questions, less what chance explains.", "lang", "signal"),
		warnings: gauge("quality_warning", "1 while the page warns: of corrections over the budget, or of drift.", "what"),
	}
	if registry == nil {
		return m, nil
	}
	var errs error
	for _, c := range []prometheus.Collector{m.answers, m.bounds, m.drift, m.warnings} {
		errs = errors.Join(errs, registry.Register(c))
	}
	return m, errs
}

// show gives the gauges the figures of a report.
func (m *metrics) show(r Report) {
	for what, n := range map[string]int{
		"all": r.Live.Answered, "unhelpful": r.Live.Unhelpful, "handed_over": r.Live.HandedOver, "corrected": r.Live.Corrected,
	} {
		m.answers.WithLabelValues(what).Set(float64(n))
	}
	m.bounds.WithLabelValues("complaints_at_most").Set(r.Live.AtMost)
	m.bounds.WithLabelValues("corrected_at_least").Set(r.Live.AtLeast)
	m.warnings.WithLabelValues("corrections").Set(float64(one(r.OverBudget())))
	m.drift.Reset() // a language in which nobody asked any more
	drifts := false
	for _, d := range r.Drift {
		m.drift.WithLabelValues(d.Lang, "confidence").Set(d.Confidence.Sure)
		m.drift.WithLabelValues(d.Lang, "familiarity").Set(d.Familiarity.Sure)
		drifts = drifts || d.Warns()
	}
	m.warnings.WithLabelValues("drift").Set(float64(one(drifts)))
}
