package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"haedap/bot/internal/console"
	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slackio"
	"haedap/bot/internal/store"
	"haedap/bot/internal/watch"
)

// daemon is everything that serve runs.
type daemon struct {
	log     *slog.Logger
	awaited *awaitedDesk
	db      *store.DB
	page    *console.Poster
	poster  *slackio.Poster // nil without Slack
	inbox   *inbox.Inbox
	watch   *watch.Watch
	console *console.Console
	doors   *slackio.Doors // nil without Slack
	content *content
	meaning *meaning           // nil without an endpoint for embeddings
	site    http.Handler       // the console
	slack   http.Handler       // Slack's HTTP door: 404 without a signing secret
	cancel  context.CancelFunc // ends what runs
	running sync.WaitGroup
}

// slackDoor is the name under which the inbox knows Slack.
const slackDoor = "slack"

// openInbox makes the inbox and the posters that it needs.
func (d *daemon) openInbox(ctx context.Context, env environment, registry registry) (err error) {
	d.page = console.NewPoster()
	posters := map[string]inbox.Poster{console.Door: d.page}
	if env.slack.Enabled() {
		if d.poster, err = slackio.NewPoster(env.slack); err != nil {
			return usageError{err}
		}
		posters[slackDoor] = d.poster
	}
	d.inbox, err = inbox.New(ctx, d.db, d.awaited, posters, inbox.Config{
		Log: d.log, DeskChannel: env.slack.DeskChannel, UserLimit: env.userLimit, ChannelLimit: env.channelLimit,
		Pace: map[string]inbox.Pace{slackDoor: inbox.SlackPace}, Metrics: registry,
	})
	if err != nil {
		return fmt.Errorf("open inbox: %w", err)
	}
	return nil
}

// openDoors makes what people come in by.
func (d *daemon) openDoors(c *content, registry registry) (err error) {
	d.content = c
	if d.watch, err = watch.New(d.db, c.engine, watch.Config{Log: d.log, Metrics: registry}); err != nil {
		return fmt.Errorf("watch the answers: %w", err)
	}
	d.console, err = console.New(
		console.Deps{Inbox: d.inbox, Poster: d.page, Store: d.db, Library: c.library, Engine: c.engine, Watch: d.watch},
		console.Config{Log: d.log, Link: slackLink})
	if err != nil {
		return fmt.Errorf("open console: %w", err)
	}
	d.site, d.slack = d.console.Handler(), http.NotFoundHandler()
	if d.poster == nil {
		return nil
	}
	events := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "haedap", Name: "slack_requests_total", Help: "What Slack sent, by what became of it.",
	}, []string{"outcome"})
	if err := registry.Register(events); err != nil {
		return fmt.Errorf("register metrics: %w", err)
	}
	suggest := func(_ context.Context, text string) (desk.Suggestion, error) { return c.desk.Suggest(text), nil }
	d.doors = slackio.New(d.poster, d.inbox, suggest, c.whole, slackio.Options{
		Log: d.log, Count: func(what string) { events.WithLabelValues(what).Inc() },
		Known: d.known, Since: d.lastHeard, Threads: d.recentThreads, Claims: d.inbox,
	})
	d.slack = d.doors.Handler()
	return nil
}

// whole gives an article as Markdown.
func (c *content) whole(article, lang string) (title, markdown string, ok bool) {
	a, ok := c.library.Article(article, lang)
	if !ok {
		return "", "", false
	}
	return a.Title, a.Markdown(), true
}

// slackLink is where a thread opens in Slack.
func slackLink(a inbox.Address) string {
	if a.Door != slackDoor {
		return ""
	}
	return "https://app.slack.com/client/" + a.Team + "/" + a.Channel + "/thread/" + a.Channel + "-" + a.Thread
}

// known tells whether a thread is ours.
func (d *daemon) known(ctx context.Context, a inbox.Address) (bool, error) {
	_, err := d.db.Find(ctx, store.Address(a))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// lastHeard is when Slack's last message came.
func (d *daemon) lastHeard(ctx context.Context) (time.Time, error) {
	return d.db.LastHeard(ctx, slackDoor)
}

// recent is how many threads are looked at to learn which may have gone on in Slack before this start.
const recent = 1000

// recentThreads are the Slack threads that were touched last.
func (d *daemon) recentThreads(ctx context.Context) ([]inbox.Address, error) {
	threads, err := d.db.Threads(ctx, recent)
	if err != nil {
		return nil, err
	}
	var out []inbox.Address
	for _, t := range threads {
		if t.Address.Door == slackDoor && time.Since(t.Updated) < 24*time.Hour {
			out = append(out, inbox.Address(t.Address))
		}
	}
	return out, nil
}

// awaitedDesk is a desk that is still being trained: who asks it waits. Later it may know more.
type awaitedDesk struct {
	ready   chan struct{} // closed when there is content
	once    sync.Once
	content atomic.Pointer[content]
}

func newAwaitedDesk() *awaitedDesk { return &awaitedDesk{ready: make(chan struct{})} }

// set gives the content to answer from, from now on.
func (a *awaitedDesk) set(c *content) {
	a.content.Store(c)
	a.once.Do(func() { close(a.ready) })
}

// Handle implements [inbox.Answerer].
func (a *awaitedDesk) Handle(thread desk.Thread, m desk.Message) (desk.Thread, desk.Reply) {
	<-a.ready
	return a.content.Load().Handle(thread, m)
}
