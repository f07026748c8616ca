// Package console is the web page at "/": a thread with the desk as a customer or an agent sees it, why it decided so,
// the open tickets, the articles, and how good the answers are.
//
// It runs on the real pipeline: what is typed goes through the inbox as door "console", and what is
// shown is what stands in the database, so that it outlives the process and is the same on every replica. There is no
// login: a thread is open to whoever knows its address, which cannot be guessed, and the tickets are open to whoever
// reaches the page, which is why it is meant to listen on loopback. A page of another site can neither
// post here nor read from here. All text of people is shown as text; no page needs anything from another host.
package console

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
	"haedap/bot/internal/watch"
	"haedap/intents"
	"haedap/knowledge"
)

// Door is the name under which the inbox knows this page.
const Door = "console"

// Inbox takes what is said on the page; an [inbox.Inbox] is one.
type Inbox interface {
	Accept(ctx context.Context, ev inbox.Event) (accepted bool, err error)
}

// Engine tells how sure an answer must be and what classes are called; an [intents.Engine] is one.
type Engine interface {
	Statement() intents.Statement
	Catalogue() *intents.Catalogue
}

// Deps are the parts that the page stands on; all are needed.
type Deps struct {
	Inbox   Inbox
	Poster  *Poster // the one that the inbox has for [Door]
	Store   *store.DB
	Library *knowledge.Library
	Engine  Engine
	Watch   *watch.Watch
}

// Config is what differs from one page to another. Its zero value works.
type Config struct {
	Log       *slog.Logger               // default: slog.Default
	Link      func(inbox.Address) string // address of a thread of another door, for tickets; default: none
	PerMinute int                        // messages a minute from one network address; default 60
}

const (
	perMinute = 60
	burst     = 30  // messages at once after a rest
	waitMost  = 256 // pages that wait for news at once; more are told to ask again
)

// Console is the web page. It is safe for concurrent use.
type Console struct {
	Deps
	cfg       Config
	log       *slog.Logger
	started   time.Time
	templates map[string]*template.Template
	assets    map[string]asset
	posts     *limiter
	reads     *limiter
	waiting   chan struct{} // holds a token for each page that waits
	stopped   chan struct{}
	stop      sync.Once
}

// New makes the page. It fails only when its own embedded files are broken.
func New(deps Deps, cfg Config) (*Console, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Link == nil {
		cfg.Link = func(inbox.Address) string { return "" }
	}
	if cfg.PerMinute <= 0 {
		cfg.PerMinute = perMinute
	}
	c := &Console{
		Deps: deps, cfg: cfg, log: cfg.Log, started: time.Now(),
		posts: newLimiter(float64(cfg.PerMinute)/60, min(burst, cfg.PerMinute)), reads: newLimiter(20, 200),
		waiting: make(chan struct{}, waitMost), stopped: make(chan struct{}),
	}
	var err error
	if c.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("read the page's files: %w", err)
	}
	if c.templates, err = readTemplates(c.assets); err != nil {
		return nil, fmt.Errorf("read the page's templates: %w", err)
	}
	return c, nil
}

// Stop lets the pages go that wait for news, so that the server can shut down; see [http.Server.RegisterOnShutdown].
func (c *Console) Stop() { c.stop.Do(func() { close(c.stopped) }) }

// Handler serves the page and its API at "/".
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.showStart)
	mux.HandleFunc("GET /t/{thread}", c.showThread)
	mux.HandleFunc("GET /tickets", c.showTickets)
	mux.HandleFunc("POST /tickets/{ticket}/correction", c.correct)
	mux.HandleFunc("GET /quality", c.showQuality)
	mux.HandleFunc("GET /articles", c.showArticles)
	mux.HandleFunc("GET /articles/{lang}/{id}", c.showArticle)
	mux.HandleFunc("GET /static/{file}", c.serveAsset)
	mux.HandleFunc("GET /api/threads/{thread}", c.news)
	mux.HandleFunc("POST /api/threads/{thread}/messages", c.say)
	mux.HandleFunc("/", c.notFound)
	return c.guard(mux)
}
