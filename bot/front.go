package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// registry takes metrics.
type registry = prometheus.Registerer

// front is what serve answers over HTTP: from the first moment whether it lives and is ready, later everything.
type front struct {
	registry *prometheus.Registry
	daemon   atomic.Pointer[daemon] // nil before it works
	closing  atomic.Bool
}

func newFront() *front {
	f := &front{registry: prometheus.NewRegistry()}
	f.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// open lets requests through to d.
func (f *front) open(d *daemon) { f.daemon.Store(d) }

// close makes /readyz say that no more requests should come.
func (f *front) close() { f.closing.Store(true) }

func (f *front) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", f.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/slack/", f.whenUp(func(d *daemon) http.Handler { return d.slack }))
	mux.HandleFunc("/", f.whenUp(func(d *daemon) http.Handler { return d.site }))
	return mux
}

// readyz says what is missing, or that nothing is.
func (f *front) readyz(w http.ResponseWriter, r *http.Request) {
	if missing := f.missing(r.Context()); len(missing) > 0 {
		say(w, http.StatusServiceUnavailable, strings.Join(missing, "\n"))
		return
	}
	say(w, http.StatusOK, "ready")
}

// missing is what keeps the process from its work.
func (f *front) missing(ctx context.Context) []string {
	d := f.daemon.Load()
	switch {
	case f.closing.Load():
		return []string{"stopping"}
	case d == nil:
		return []string{"content and database: not ready yet"}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var out []string
	if err := d.inbox.Ready(ctx); err != nil {
		out = append(out, fmt.Sprintf("database: %v", err))
	}
	if d.doors != nil {
		if err := d.doors.Health(); err != nil {
			out = append(out, fmt.Sprintf("slack: %v", err))
		}
	}
	return out
}

// whenUp passes requests to a part of the daemon once that works.
func (f *front) whenUp(part func(*daemon) http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d := f.daemon.Load()
		if d == nil {
			w.Header().Set("Retry-After", "1")
			say(w, http.StatusServiceUnavailable, "starting")
			return
		}
		part(d).ServeHTTP(w, r)
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // whoever asked may be gone
}
