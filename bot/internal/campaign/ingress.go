package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ingress stands between Slack and the replicas, as a load balancer does: each request goes to the next replica that
// was ready a moment ago. It may be told to misbehave.
type ingress struct {
	url    string
	server *http.Server
	client *http.Client
	turn   atomic.Uint64

	mu       sync.Mutex
	backends []string
	rand     *rand.Rand
	trouble  trouble
}

// trouble is what goes wrong on the way in, each with its probability.
type trouble struct {
	lost    float64       // the request never arrives
	unheard float64       // its answer never arrives
	twice   float64       // it arrives twice, at once, at two replicas where there are two
	late    time.Duration // it arrives so much later
}

func newIngress(seed uint64) (*ingress, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the ingress: %w", err)
	}
	in := &ingress{
		url:    "http://" + listener.Addr().String(),
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		rand:   rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // the same faults for the same seed
	}
	in.server = &http.Server{Handler: in, ReadHeaderTimeout: 10 * time.Second}
	go in.server.Serve(listener) //nolint:errcheck // ends with close
	return in, nil
}

func (in *ingress) close() { _ = in.server.Close() }

func (in *ingress) misbehave(t trouble) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.trouble = t
}

// open sets the replicas that take requests.
func (in *ingress) open(backends []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.backends = backends
}

// ServeHTTP passes one request on.
func (in *ingress) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender left
	}
	in.mu.Lock()
	t, backends := in.trouble, in.backends
	lost, unheard, twice := in.rand.Float64() < t.lost, in.rand.Float64() < t.unheard, in.rand.Float64() < t.twice
	in.mu.Unlock()
	if lost || len(backends) == 0 {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	if t.late > 0 && !sleep(r.Context(), t.late) {
		return
	}
	// What was sent arrives, also when the sender has stopped waiting for the answer.
	ctx := context.WithoutCancel(r.Context())
	first := in.turn.Add(1)
	if twice {
		go in.pass(ctx, backends[(first+1)%uint64(len(backends))], r, body) //nolint:errcheck // the copy's answer goes nowhere
	}
	resp, err := in.pass(ctx, backends[first%uint64(len(backends))], r, body)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if unheard {
		panic(http.ErrAbortHandler)
	}
	if resp.noRetry {
		w.Header().Set("X-Slack-No-Retry", "1")
	}
	w.WriteHeader(resp.status)
	_, _ = w.Write(resp.body) // the sender may have left
}

type passed struct {
	status  int
	noRetry bool
	body    []byte
}

func (in *ingress) pass(ctx context.Context, backend string, r *http.Request, body []byte) (passed, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, "http://"+backend+r.URL.Path, bytes.NewReader(body)) //nolint:gosec // to the bot that this process started
	if err != nil {
		return passed{}, err
	}
	req.Header = r.Header.Clone()
	resp, err := in.client.Do(req) //nolint:gosec // as above
	if err != nil {
		return passed{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // it is read
	answer, err := io.ReadAll(resp.Body)
	return passed{resp.StatusCode, resp.Header.Get("X-Slack-No-Retry") == "1", answer}, err
}
