package inbox

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"haedap/bot/internal/store"
)

// String names the outcome in logs and metrics.
func (o Outcome) String() string {
	switch o {
	case NotSent:
		return "not_sent"
	case Ambiguous:
		return "ambiguous"
	default:
		return "refused"
	}
}

// metrics counts what passes through an inbox.
type metrics struct {
	accepted   *prometheus.CounterVec
	duplicates prometheus.Counter
	flooded    prometheus.Counter
	crowded    prometheus.Counter
	answered   *prometheus.CounterVec
	escalated  *prometheus.CounterVec
	delivered  *prometheus.CounterVec
	retries    *prometheus.CounterVec
	reconciled *prometheus.CounterVec
	failed     *prometheus.CounterVec
	queueAge   prometheus.Histogram
	replyTime  prometheus.Histogram
	waiting    *prometheus.GaugeVec
	oldest     *prometheus.GaugeVec
}

// seconds are the bounds of histograms: from what an idle machine needs to an outage.
var seconds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}

func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "haedap", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "haedap", Name: name, Help: help}, []string{"what"})
	}
	m := &metrics{
		accepted:   counter("events_accepted_total", "Events made durable, by kind.", "kind"),
		duplicates: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "haedap", Name: "events_duplicate_total", Help: "Events that were known already."}),
		flooded:    prometheus.NewCounter(prometheus.CounterOpts{Namespace: "haedap", Name: "messages_flooded_total", Help: "Messages over their author's limit."}),
		crowded:    prometheus.NewCounter(prometheus.CounterOpts{Namespace: "haedap", Name: "messages_delayed_total", Help: "Messages over their channel's limit, answered in their turn."}),
		answered:   counter("messages_answered_total", "Messages that the desk decided on, by decision.", "decision"),
		escalated:  counter("tickets_total", "Tickets opened, by reason.", "reason"),
		delivered:  counter("deliveries_total", "Posts made, by kind.", "kind"),
		retries:    counter("delivery_failures_total", "Posts that did not succeed at once, by outcome.", "outcome"),
		reconciled: counter("deliveries_reconciled_total", "Posts with an unknown end that were looked for, by what was found.", "result"),
		failed:     counter("deliveries_failed_total", "Posts that failed for good, by kind.", "kind"),
		queueAge: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "haedap", Name: "queue_age_seconds", Help: "Time from acceptance to the recorded answer.", Buckets: seconds,
		}),
		replyTime: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "haedap", Name: "reply_seconds", Help: "Time from acceptance to the visible reply.", Buckets: seconds,
		}),
		waiting: gauge("waiting", "Work that waits: messages, deliveries, failed deliveries, open tickets."),
		oldest:  gauge("oldest_seconds", "Age of the oldest message or delivery that waits."),
	}
	if registry == nil {
		return m, nil
	}
	var errs error
	for _, c := range []prometheus.Collector{
		m.accepted, m.duplicates, m.flooded, m.crowded, m.answered, m.escalated, m.delivered, m.retries, m.reconciled, m.failed,
		m.queueAge, m.replyTime, m.waiting, m.oldest,
	} {
		errs = errors.Join(errs, registry.Register(c))
	}
	return m, errs
}

// measure shows the backlog.
func (m *metrics) measure(b store.Backlog, now time.Time) {
	m.waiting.WithLabelValues("messages").Set(float64(b.Open))
	m.waiting.WithLabelValues("deliveries").Set(float64(b.Unsent))
	m.waiting.WithLabelValues("failed").Set(float64(b.Failed))
	m.waiting.WithLabelValues("tickets").Set(float64(b.Tickets))
	age := func(t time.Time) float64 {
		if t.IsZero() {
			return 0
		}
		return max(now.Sub(t).Seconds(), 0)
	}
	m.oldest.WithLabelValues("message").Set(age(b.OldestOpen))
	m.oldest.WithLabelValues("delivery").Set(age(b.OldestUnsent))
}
