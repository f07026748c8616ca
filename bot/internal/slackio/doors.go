package slackio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

// Ingress takes events durably. Accept answers false for a known event; after an error the
// event is not acknowledged, so that Slack sends it again.
type Ingress interface {
	Accept(ctx context.Context, e inbox.Event) (fresh bool, err error)
}

// Suggester words a reply to a customer's message for an agent, within the context's time.
type Suggester func(ctx context.Context, text string) (desk.Suggestion, error)

// Whole gives an article as Markdown; ok is false when there is none such.
type Whole func(article, lang string) (title, markdown string, ok bool)

// Options are what the doors can do without, each for the worse.
type Options struct {
	Log     *slog.Logger
	Count   func(what string)                                             // counts what came in, by what became of it: see decode.go
	Known   func(ctx context.Context, a inbox.Address) (bool, error)      // is it a thread of ours? without it replies in all threads pass
	Since   func(ctx context.Context) (time.Time, error)                  // when we last heard from Slack before this start; zero: never
	Threads func(ctx context.Context) (recent []inbox.Address, err error) // threads that may have gone on while we were away
	Claims  Claims                                                        // without it this is the only replica
}

// Claims lets one of several replicas do what is not to be done twice.
type Claims interface {
	// Claim reports whether key is the caller's, for some seconds longer than a request to Slack may take.
	Claim(ctx context.Context, key string) (mine bool, err error)
	// Release gives it up early.
	Release(ctx context.Context, key string) error
}

// Doors are the ways in from Slack. Make them with New, mount Handler, and Run them.
type Doors struct {
	poster  *Poster
	cfg     Config
	ingress Ingress
	suggest Suggester
	whole   Whole
	opt     Options
	log     *slog.Logger

	work     sync.WaitGroup // what an acknowledgement does not wait for
	slots    chan struct{}  // bounds it
	requests chan struct{}  // bounds the HTTP requests under way
	forwards flight
	gaps     chan time.Time // begin of a gap that is to be caught up on

	pingWithin time.Duration // a socket without a ping for so long is dead

	mu    sync.Mutex
	open  map[int]time.Time // sockets that said hello, and when
	shut  map[int]time.Time // sockets that were lost, and when
	fail  error             // why no door opens
	over  chan struct{}     // closed when the app is no longer installed
	ended sync.Once
	known chan struct{} // closed when we know who we are
}

// New makes the doors of the workspace that poster posts to.
func New(poster *Poster, ingress Ingress, suggest Suggester, whole Whole, opt Options) *Doors {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Count == nil {
		opt.Count = func(string) {}
	}
	return &Doors{
		poster: poster, cfg: poster.cfg, ingress: ingress, suggest: suggest, whole: whole, opt: opt, log: opt.Log,
		slots: make(chan struct{}, 16), requests: make(chan struct{}, 256), gaps: make(chan time.Time, 1),
		open: map[int]time.Time{}, shut: map[int]time.Time{},
		over: make(chan struct{}), known: make(chan struct{}), pingWithin: 30 * time.Second,
	}
}

// Run opens the doors and keeps them open until ctx ends; then it waits for what is under
// way, at most 10 s. It fails when Slack refuses the tokens.
func (d *Doors) Run(ctx context.Context) error {
	if err := d.identify(ctx); err != nil {
		d.setFailure(err)
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	var doors sync.WaitGroup
	fatal := make(chan error, 2)
	if d.cfg.AppToken != "" {
		d.openSockets(run, &doors, fatal)
	}
	doors.Go(func() { d.keepUp(run) })
	var err error
	select {
	case <-ctx.Done():
	case <-d.over:
		d.log.Warn("the Slack app is no longer installed; its doors are closed", "event", *d.poster.gone.Load())
		cancel()
		<-ctx.Done()
	case err = <-fatal:
		d.setFailure(err)
	}
	cancel()
	doors.Wait()
	d.work.Wait()
	return err
}

// refusals of a token; trying again would change nothing.
var fatalAuth = map[string]bool{
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true, "not_allowed_token_type": true,
}

// identify asks Slack who we are, until it answers.
func (d *Doors) identify(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		who, err := d.poster.api.AuthTestContext(call)
		cancel()
		if err == nil && who.UserID == "" {
			err = errors.New("the answer names nobody")
		}
		if err == nil {
			d.poster.self.Store(&identity{team: who.TeamID, user: who.UserID, bot: who.BotID})
			close(d.known)
			d.setFailure(nil)
			return nil
		}
		var refusal slack.SlackErrorResponse
		if errors.As(err, &refusal) && fatalAuth[refusal.Err] {
			return fmt.Errorf("SLACK_BOT_TOKEN is refused by Slack (%s): install the app again and copy its new token", refusal.Err)
		}
		d.setFailure(fmt.Errorf("ask Slack who we are: %w", err))
		d.log.Warn("Slack cannot be reached yet", "err", err, "retry_in", wait)
		if !sleep(ctx, wait) {
			return nil // stopped before Slack answered
		}
	}
}

// ready tells whether we know who we are.
func (d *Doors) ready() bool {
	select {
	case <-d.known:
		return true
	default:
		return false
	}
}

func (d *Doors) setFailure(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = err
}

// Health is nil while at least one door is open.
func (d *Doors) Health() error {
	if why := d.poster.gone.Load(); why != nil {
		return fmt.Errorf("the Slack app is no longer installed (%s)", *why)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.fail != nil:
		return d.fail
	case !d.ready():
		return errors.New("no answer from Slack yet to who we are")
	case d.cfg.SigningSecret == "" && len(d.open) == 0:
		return errors.New("no Socket Mode connection is open")
	}
	return nil
}

func (d *Doors) decoder() decoder {
	return decoder{self: *d.poster.self.Load(), listen: d.cfg.ListenChannels}
}

// takeEvent decodes an event and does what it asks. With an error it must not be acknowledged, unless
// the error is that it cannot be read (errors.Is errUnreadable).
func (d *Doors) takeEvent(ctx context.Context, raw []byte) error {
	it, err := d.decoder().event(raw)
	if err != nil {
		d.opt.Count(badEvent)
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	switch {
	case it.stop != "":
		d.end(it.stop)
	case !it.missed.IsZero():
		d.gap(it.missed)
	case it.forward != nil:
		d.opt.Count(it.what)
		return d.answerForward(ctx, *it.forward)
	case it.event != nil:
		if err := d.acceptOurs(ctx, it, d.ours); err != nil {
			return err
		}
		if d.late(*it.event) { // asked only now: whoever was told that the thread is not ours looked before
			d.rejoin(*it.event)
		}
		return nil
	}
	d.opt.Count(it.what)
	return nil
}

// acceptOurs accepts an event, if need be after asking whether its thread is ours.
func (d *Doors) acceptOurs(ctx context.Context, it item, known func(context.Context, inbox.Address) (bool, error)) error {
	if it.ifKnown && d.opt.Known != nil {
		is, err := known(ctx, it.event.Address)
		if err != nil {
			d.opt.Count(failed)
			return fmt.Errorf("look up thread: %w", err)
		}
		if !is {
			d.opt.Count(elsewhere)
			return nil
		}
	}
	return d.accept(ctx, *it.event)
}

// lateAfter is the age at which a question that opens a thread comes late: what was said under it may have come before
// it, and was passed over then, because its thread was not ours yet.
const lateAfter = time.Second

// ours tells whether a thread is ours. A thread that just began may become so when its mention is accepted: it is asked about
// again at an age at which a mention that was not accepted yet comes late, by a margin for clocks that differ.
func (d *Doors) ours(ctx context.Context, a inbox.Address) (bool, error) {
	known, err := d.opt.Known(ctx, a)
	if known || err != nil {
		return known, err
	}
	began, err := moment(a.Thread)
	if err != nil {
		return false, nil //nolint:nilerr // no thread of Slack's
	}
	wait := lateAfter*3/2 - time.Since(began)
	if wait <= 0 || wait > lateAfter*3/2 {
		return false, nil
	}
	if !sleep(ctx, wait) {
		return false, context.Cause(ctx)
	}
	return d.opt.Known(ctx, a)
}

// late tells whether e is such a question. Where everything is for us nothing is passed over.
func (d *Doors) late(e inbox.Event) bool {
	return e.Kind == inbox.Said && e.TS == e.Address.Thread && time.Since(e.At) > lateAfter &&
		!strings.HasPrefix(e.Address.Channel, "D") && !slices.Contains(d.cfg.ListenChannels, e.Address.Channel)
}

// rejoin accepts what was said in the thread that e opens.
func (d *Doors) rejoin(e inbox.Event) {
	d.later(func(ctx context.Context) {
		if err := d.lookBack(e.At).thread(ctx, e.Address.Channel, e.Address.Thread); err != nil {
			d.log.Warn("what was said under a late question is not known", "err", err)
		}
	})
}

var errUnreadable = errors.New("unreadable")

// accept hands an event to the inbox, in the time that ctx leaves. A database that does not come back is not waited for:
// Slack sends the event again, and if it was stored after all it is known then.
func (d *Doors) accept(ctx context.Context, e inbox.Event) error {
	var fresh bool
	ended := make(chan error, 1)
	d.work.Go(func() {
		var err error
		fresh, err = d.ingress.Accept(ctx, e)
		ended <- err
	})
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	switch {
	case err != nil:
		d.opt.Count(failed)
		return fmt.Errorf("accept event: %w", err)
	case fresh:
		d.opt.Count(accepted)
	default:
		d.opt.Count(duplicate)
	}
	return nil
}

// takeInteraction does what a pressed button or a shortcut asks.
func (d *Doors) takeInteraction(ctx context.Context, raw []byte) error {
	it, err := d.decoder().interaction(raw)
	if err != nil {
		d.opt.Count(badEvent)
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	switch {
	case it.event != nil:
		return d.accept(ctx, *it.event)
	case it.whole != nil:
		d.later(func(ctx context.Context) { d.showWhole(ctx, *it.whole) })
	case it.suggest != nil:
		d.later(func(ctx context.Context) { d.answerShortcut(ctx, *it.suggest) })
	}
	d.opt.Count(first(it.what, accepted))
	return nil
}

// later does what an acknowledgement does not wait for. When too much of it is under way the
// caller does it itself: Slack then hears of us late rather than never.
func (d *Doors) later(do func(context.Context)) {
	d.work.Add(1)
	run := func() {
		defer d.work.Done()
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		do(ctx)
	}
	select {
	case d.slots <- struct{}{}:
		go func() {
			defer func() { <-d.slots }()
			run()
		}()
	default:
		run()
	}
}

// gap has what came since then looked for. A gap that waits already covers a later one.
func (d *Doors) gap(since time.Time) {
	select {
	case d.gaps <- since:
	default:
	}
}

// end stops the workspace: nothing is posted or accepted any more.
func (d *Doors) end(why string) {
	d.ended.Do(func() {
		d.poster.gone.Store(&why)
		close(d.over)
	})
}

// sleep waits; it is false when ctx ended first.
func sleep(ctx context.Context, wait time.Duration) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
