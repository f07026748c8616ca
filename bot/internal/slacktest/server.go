package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Config describes the workspace. The zero value is a usable one.
type Config struct {
	Listen        string          // address to listen on; "" means a free port on 127.0.0.1
	BotToken      string          // default "xoxb-fake-token"
	AppToken      string          // default "xapp-fake-token"
	SigningSecret string          // default "fake-signing-secret"
	Scopes        []string        // bot scopes; nil means DefaultScopes
	Endpoint      string          // base URL of the app; set, events go there by HTTP
	Both          bool            // with Endpoint: every event goes through both doors
	AckTimeout    time.Duration   // how long an app may take to acknowledge; default 3 s
	RetryDelays   []time.Duration // waits before the retries; nil means at once, 1 min, 5 min
	Ping          time.Duration   // between WebSocket pings; default 5 s
	PostLimit     float64         // posts a second and channel; 0 means no limit
	PostBurst     int             // posts that may come at once under PostLimit; default 1
	Seed          uint64          // of faults with a probability
	Log           *slog.Logger    // nil discards
}

// DefaultScopes are the bot scopes of deploy/slack-manifest.yaml.
var DefaultScopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands",
	"groups:history", "groups:read", "im:history", "im:read", "mpim:history", "mpim:read",
}

// The identities of the fake workspace.
const (
	TeamID  = "T0FAKE"
	AppID   = "A0FAKE"
	BotUser = "U0BOT"
	BotID   = "B0BOT"
)

// Server is a fake workspace with one app installed. It is safe for concurrent use.
type Server struct {
	cfg    Config
	log    *slog.Logger
	base   string
	http   *http.Server
	client *http.Client
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu         sync.Mutex
	rand       *rand.Rand
	changed    chan struct{} // closed and replaced whenever anything below changes
	lastTS     int64
	nextID     int
	endpoint   string
	revoked    bool
	channels   map[string]*channel
	users      map[string]User
	ephemerals []Ephemeral
	views      []View
	calls      []Call
	deliveries []Delivery
	acked      map[string]bool      // ts of messages of which the app acknowledged an event
	underWay   int                  // attempts at deliveries that have not ended, by door
	triggers   map[string]time.Time // trigger_id → when it was made; zero once used
	responses  map[string]*responseURL
	sockets    []*socket
	opened     int            // connections so far
	carried    map[string]int // envelope → connection that it went out on
	acks       []Ack
	turn       int // whose turn it is to carry an envelope
	faults     []*Fault
	limit      float64
	burst      int
}

// New starts a workspace; Close ends it.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		stop()
		return nil, fmt.Errorf("listen for the fake Slack: %w", err)
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, base: "http://" + ln.Addr().String(),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		ctx:    ctx, stop: stop,
		rand:     rand.New(rand.NewPCG(cfg.Seed, cfg.Seed^0x5eed)), //nolint:gosec // faults are to be the same for the same seed
		changed:  make(chan struct{}),
		endpoint: strings.TrimSuffix(cfg.Endpoint, "/"),
		channels: map[string]*channel{}, users: map[string]User{},
		triggers: map[string]time.Time{}, responses: map[string]*responseURL{}, acked: map[string]bool{}, carried: map[string]int{},
		limit: cfg.PostLimit, burst: cfg.PostBurst,
	}
	s.users[BotUser] = User{ID: BotUser, Name: "haedap", Bot: true}
	s.http = &http.Server{Handler: s.mux(), ReadHeaderTimeout: 10 * time.Second}
	s.work.Go(func() {
		if err := s.http.Serve(ln); err != nil && ctx.Err() == nil {
			s.log.Error("fake Slack stopped", "err", err)
		}
	})
	return s, nil
}

func (c Config) withDefaults() Config {
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&c.Listen, "127.0.0.1:0")
	def(&c.BotToken, "xoxb-fake-token")
	def(&c.AppToken, "xapp-fake-token")
	def(&c.SigningSecret, "fake-signing-secret")
	if c.Scopes == nil {
		c.Scopes = DefaultScopes
	}
	if c.AckTimeout == 0 {
		c.AckTimeout = 3 * time.Second
	}
	if c.RetryDelays == nil {
		c.RetryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if c.Ping == 0 {
		c.Ping = 5 * time.Second
	}
	if c.PostBurst == 0 {
		c.PostBurst = 1
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Start starts a workspace that ends with the test.
func Start(t testing.TB, cfg Config) *Server {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Close drops every connection and waits for the server's own goroutines.
func (s *Server) Close() {
	s.stop()
	s.DropSockets()
	_ = s.http.Close()
	s.client.CloseIdleConnections()
	s.work.Wait()
}

// API is the address for SLACK_API_URL.
func (s *Server) API() string { return s.base + "/api/" }

// URL is the server's root; the admin API stands under URL()+"/admin/".
func (s *Server) URL() string { return s.base }

// Config gives the configuration with its defaults filled in.
func (s *Server) Config() Config { return s.cfg }

// SetEndpoint sets the app's base URL for the HTTP door; "" leaves Socket Mode alone.
func (s *Server) SetEndpoint(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = strings.TrimSuffix(base, "/")
}

// SetPostLimit changes the posts a second that a channel takes; 0 lifts the limit.
func (s *Server) SetPostLimit(perSecond float64, burst int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit, s.burst = perSecond, max(burst, 1)
}

func (s *Server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /response/{id}", s.serveResponse)
	mux.HandleFunc("GET /socket", s.serveSocket)
	mux.Handle("/admin/", s.Admin())
	return mux
}

// Await returns when ok holds, asking again whenever anything in the workspace changes.
func (s *Server) Await(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the fake Slack: %w", ctx.Err())
		}
	}
}

// touch tells waiters that something changed. The caller holds s.mu.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id makes an identifier. The caller holds s.mu.
func (s *Server) id(prefix string) string {
	s.nextID++
	return fmt.Sprintf("%s%08d", prefix, s.nextID)
}

// ts makes the next timestamp. The caller holds s.mu.
func (s *Server) ts() string {
	s.lastTS = max(s.lastTS+1, time.Now().UnixMicro())
	return stamp(s.lastTS)
}

// stamp writes microseconds since 1970 as a ts.
func stamp(us int64) string { return fmt.Sprintf("%d.%06d", us/1e6, us%1e6) }

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the client is gone: nobody is left to tell
}
