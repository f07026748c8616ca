package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with calls of a method. It acts on the next Times calls that
// match (0: on every one), with Probability when that is set; the first fault that matches acts.
type Fault struct {
	Method      string        `json:"method"`                // "" matches every method
	Channel     string        `json:"channel,omitempty"`     // "" matches every channel
	Times       int           `json:"times,omitempty"`       // acts so often, then is spent
	Probability float64       `json:"probability,omitempty"` // 0 means always
	Kind        FaultKind     `json:"kind"`
	Delay       time.Duration `json:"delay,omitempty"`       // before anything else, in ns
	RetryAfter  int           `json:"retry_after,omitempty"` // seconds, for RateLimit; 0 leaves the header out
	Status      int           `json:"status,omitempty"`      // for ServerError*; default 503
	Code        string        `json:"code,omitempty"`        // for Refuse
	spent       bool
}

// FaultKind is a way to go wrong.
type FaultKind string

// The ways to go wrong. "Commit" is the moment at which the call has its effect.
const (
	Slow             FaultKind = "slow"               // Delay, then all is well
	SlowAnswer       FaultKind = "slow_answer"        // commit, then Delay, then the answer
	DropBefore       FaultKind = "drop_before"        // the connection breaks before the commit
	DropAfter        FaultKind = "drop_after"         // … after the commit: was it posted?
	HangBefore       FaultKind = "hang_before"        // half-open: no commit, no answer, no close
	HangAfter        FaultKind = "hang_after"         // half-open after the commit
	RateLimit        FaultKind = "rate_limit"         // 429
	RateLimitedIn200 FaultKind = "rate_limited_200"   // 200 with {"error":"ratelimited"}
	ServerError      FaultKind = "server_error"       // 5xx without a commit
	ServerErrorAfter FaultKind = "server_error_after" // 5xx although it committed
	Refuse           FaultKind = "refuse"             // 200 with Code as its error
	Garbage          FaultKind = "garbage"            // 200 with HTML instead of JSON, committed
)

// Inject adds a fault.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// meet records the call and finds the fault that it meets.
func (s *Server) meet(name string, a args) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := Call{Method: name, Args: a, At: time.Now()}
	var met *Fault
	for _, f := range s.faults {
		if f.spent || f.Method != "" && f.Method != name || f.Channel != "" && f.Channel != a.str("channel") {
			continue
		}
		if f.Probability > 0 && s.rand.Float64() >= f.Probability {
			continue
		}
		if f.Times > 0 {
			f.Times--
			f.spent = f.Times == 0
		}
		met = f
		call.Fault = string(f.Kind)
		break
	}
	s.calls = append(s.calls, call)
	s.touch()
	return met
}

// before acts ahead of the commit; it reports whether the call ends there.
func (f *Fault) before(s *Server, w http.ResponseWriter, r *http.Request) bool {
	if f.Kind != SlowAnswer {
		s.sleep(r, f.Delay)
	}
	switch f.Kind {
	case DropBefore:
		drop(w)
	case HangBefore:
		s.hang(r)
	case RateLimit:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
		}
		w.WriteHeader(http.StatusTooManyRequests)
	case RateLimitedIn200:
		writeJSON(w, refuse("ratelimited"))
	case ServerError:
		w.WriteHeader(f.status())
	case Refuse:
		writeJSON(w, refuse(f.Code))
	default:
		return false
	}
	return true
}

// after acts behind the commit; it reports whether it answered (or not) itself.
func (f *Fault) after(s *Server, w http.ResponseWriter, r *http.Request) bool {
	switch f.Kind {
	case SlowAnswer:
		s.sleep(r, f.Delay)
		return false
	case DropAfter:
		drop(w)
	case HangAfter:
		s.hang(r)
	case ServerErrorAfter:
		w.WriteHeader(f.status())
	case Garbage:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Something went wrong</body></html>"))
	default:
		return false
	}
	return true
}

func (f *Fault) status() int {
	if f.Status == 0 {
		return http.StatusServiceUnavailable
	}
	return f.Status
}

func (s *Server) sleep(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
}

// hang keeps the connection open and silent until the client leaves.
func (s *Server) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
}

// drop breaks the connection without an answer.
func drop(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
		}
	}
}
