package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestBeforeTheStartIsOverOnlyHealthIsWell(t *testing.T) {
	handler := newFront().handler()
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/healthz":      {http.StatusOK, "ok"},
		"/metrics":      {http.StatusOK, "go_goroutines"},
		"/readyz":       {http.StatusServiceUnavailable, "content and database: not ready yet"},
		"/":             {http.StatusServiceUnavailable, "starting"},
		"/slack/events": {http.StatusServiceUnavailable, "starting"},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.body) {
			t.Errorf("%s: %d %.200q, want %d with %q", path, w.Code, w.Body, want.status, want.body)
		}
	}
}

func TestAStopDuringTheStartIsAGoodEnd(t *testing.T) {
	o := newOffice(t, byHTTP)
	o.stop()
	p := o.launch()
	o.poll("listening", func() (bool, string) {
		status, body, err := get("http://" + o.listen + "/healthz")
		return err == nil && status == http.StatusOK, body
	})
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
		if code := p.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("still running 10 s after SIGTERM")
	}
}
