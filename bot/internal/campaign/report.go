package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// report is what came of a leg.
type report struct {
	name string

	mu       sync.Mutex
	byFault  map[string]*tally
	all      tally
	problems []string
	more     int // problems that are not told one by one
	notes    []string
	acks     []time.Duration // sorted
	retried  int             // events that Slack had to send again
	own      int             // ends of the bot that nobody asked for
	stops    int
	slowest  time.Duration // of the graceful stops
	took     time.Duration
}

// tally counts what befell questions.
type tally struct {
	times, questions, lost, twice, order, tickets int
}

// verdict is what is off in a thread.
type verdict struct {
	questions, lost, twice, extra int
	order, tickets                bool
}

func (v verdict) good() bool {
	return v.lost == 0 && v.twice == 0 && v.extra == 0 && !v.order && !v.tickets
}

func newReport(name string) *report { return &report{name: name, byFault: map[string]*tally{}} }

func (r *report) fault(name string) *tally {
	if r.byFault[name] == nil {
		r.byFault[name] = &tally{}
	}
	return r.byFault[name]
}

func (r *report) injected(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault(name).times++
}

const problemsMost = 12

func (r *report) problem(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.problems) >= problemsMost {
		r.more++
		return
	}
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *report) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

func (r *report) stop(took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stops++
	r.slowest = max(r.slowest, took)
}

// judged adds a thread to every fault that befell it.
func (r *report) judged(t *talk, v verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.add(v)
	for name := range t.faults {
		r.fault(name).add(v)
	}
}

func (t *tally) add(v verdict) {
	t.questions += v.questions
	t.lost += v.lost
	t.twice += v.twice + v.extra
	if v.order {
		t.order++
	}
	if v.tickets {
		t.tickets++
	}
}

func (r *report) good() bool { return len(r.problems) == 0 }

// String is the report for people.
func (r *report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s: %d questions in %v\n", r.name, r.all.questions, r.took.Round(time.Second))
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, t tally) {
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", t.times, t.questions, t.lost, t.twice, t.order, t.tickets, name) //nolint:errcheck // into memory
	}
	fmt.Fprintln(table, "times\tquestions\tlost\ttwice\torder\ttickets off\t  fault") //nolint:errcheck // into memory
	names := []string{}
	for name := range r.byFault {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		row(name, *r.byFault[name])
	}
	total := r.all
	for _, t := range r.byFault {
		total.times += t.times
	}
	row("in all", total)
	table.Flush() //nolint:errcheck // into memory
	if n := len(r.acks); n > 0 {
		fmt.Fprintf(&b, "acknowledged: p50 %v, p99 %v, slowest %v; %d events had to be sent again\n",
			r.acks[n/2].Round(time.Millisecond), r.acks[n*99/100].Round(time.Millisecond), r.acks[n-1].Round(time.Millisecond), r.retried)
	}
	fmt.Fprintf(&b, "graceful stops: %d, the slowest took %v; the bot ended by itself %d times\n", r.stops, r.slowest.Round(time.Millisecond), r.own)
	for _, note := range r.notes {
		fmt.Fprintln(&b, note)
	}
	for _, p := range r.problems {
		fmt.Fprintln(&b, "OFF:", p)
	}
	if r.more > 0 {
		fmt.Fprintf(&b, "OFF: and %d more\n", r.more)
	}
	return b.String()
}

// summary is the last line.
func summary(all []*report, took time.Duration) string {
	var t tally
	for _, r := range all {
		t.questions += r.all.questions
		t.lost += r.all.lost
		t.twice += r.all.twice
		t.order += r.all.order
		t.tickets += r.all.tickets
	}
	return fmt.Sprintf("\n%d questions in %v: %d lost, %d twice, %d threads out of order, %d with tickets off\n",
		t.questions, took.Round(time.Second), t.lost, t.twice, t.order, t.tickets)
}
