package slackio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	sockets  = 2
	lanes    = 8
	laneSize = 32
	maxFrame = 4 << 20
	// Slack takes an acknowledgement only in one frame: the buffer must hold the largest, 20 kB.
	writeBuffer = 32 << 10
)

// envelope is what Socket Mode wraps around everything.
type envelope struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	due     time.Time       // until then it can be acknowledged
}

// openSockets starts two connections. Slack closes each after some hours, and slack-go opens the next one only
// after it dropped the old: with two, at different ages, one is always open. The second starts once
// the first is there.
func (d *Doors) openSockets(ctx context.Context, doors *sync.WaitGroup, fatal chan<- error) {
	first := make(chan struct{})
	hello := sync.OnceFunc(func() { close(first) })
	for n := range sockets {
		doors.Go(func() {
			if n > 0 {
				select {
				case <-first:
				case <-ctx.Done():
					return
				}
			}
			if err := d.keepSocket(ctx, n, hello); err != nil {
				select {
				case fatal <- err:
				default:
				}
			}
		})
	}
}

// keepSocket holds one connection open, again and again, until ctx ends or Slack refuses the token.
func (d *Doors) keepSocket(ctx context.Context, n int, hello func()) error {
	wait := time.Second
	for ctx.Err() == nil {
		began := time.Now()
		err := d.life(ctx, n, hello)
		d.lost(n)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // whatever ended it, we were to stop
		}
		var refusal slack.SlackErrorResponse
		if errors.As(err, &refusal) && fatalAuth[refusal.Err] {
			return fmt.Errorf("SLACK_APP_TOKEN is refused by Slack (%s): make a new App-Level Token with connections:write", refusal.Err)
		}
		if time.Since(began) > time.Minute || errors.Is(err, errRenewed) {
			wait = time.Second
		}
		pause := wait
		var limit *slack.RateLimitedError
		switch {
		case errors.Is(err, errRenewed):
			pause = 0
		case errors.As(err, &limit):
			pause = max(pause, limit.RetryAfter)
		}
		if err != nil && !errors.Is(err, errRenewed) {
			d.log.Warn("Slack connection lost", "connection", n, "err", err, "retry_in", pause)
		}
		sleep(ctx, pause)
		wait = min(2*wait, 15*time.Second)
	}
	return nil
}

// errRenewed ends a connection that we renew ourselves, to keep the two apart in age.
var errRenewed = errors.New("renewed")

// life is one slack-go client from its first connection to its last. slack-go reconnects on its own after a
// disconnect; after a failure we start afresh, since its waits grow to minutes.
func (d *Doors) life(ctx context.Context, n int, hello func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dialer := &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout, WriteBufferSize: writeBuffer}
	client := socketmode.New(d.poster.api, socketmode.OptionDialer(dialer), socketmode.OptionPingInterval(d.pingWithin), socketmode.OptionReadLimit(maxFrame),
		socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }() // ends with ctx; we wait for it below
	lane := d.startLanes(ctx, client)
	defer lane.stop()
	stop := func(err error) error {
		cancel()
		if late := <-ended; !errors.Is(late, context.Canceled) {
			err = errors.Join(err, late)
		}
		return err
	}
	renew := make(<-chan time.Time)
	for {
		select {
		case err := <-ended:
			return err
		case <-renew:
			return stop(errRenewed)
		case e := <-client.Events:
			switch e.Type {
			case socketmode.EventTypeHello:
				if wait, alike := d.opened(n, e.Request); alike {
					renew = time.After(wait)
				}
				hello()
			case socketmode.EventTypeConnecting:
				d.lost(n) // before the first connection there is nothing to lose
			case socketmode.EventTypeConnectionError:
				if failure, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
					return stop(failure.ErrorObj)
				}
			default:
				if in, ok := unwrap(e); ok {
					in.due = time.Now().Add(ackTimeout)
					lane.put(ctx, in)
				}
			}
		}
	}
}

// unwrap finds the envelope of an event, also of one that slack-go could not parse, such as an
// event type that it does not know.
func unwrap(e socketmode.Event) (envelope, bool) {
	switch e.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		return envelope{Type: e.Request.Type, ID: e.Request.EnvelopeID, Payload: e.Request.Payload}, true
	case socketmode.EventTypeErrorBadMessage:
		bad, ok := e.Data.(*socketmode.ErrorBadMessage)
		if !ok {
			return envelope{}, false
		}
		var in envelope
		if json.Unmarshal(bad.Message, &in) != nil || in.ID == "" {
			return envelope{}, false
		}
		return in, true
	}
	return envelope{}, false
}

// opened notes a hello. A connection that is as old as another is to be renewed half a life later. After a loss
// we look for what was missed, also when the other connection seemed open: it may be as dead as this one was,
// and not have noticed.
func (d *Doors) opened(n int, hello *socketmode.Request) (renewIn time.Duration, alike bool) {
	now := time.Now()
	lifetime := time.Duration(hello.DebugInfo.ApproximateConnectionTime) * time.Second
	d.mu.Lock()
	defer d.mu.Unlock()
	if lost, was := d.shut[n]; was {
		d.gap(lost)
		delete(d.shut, n)
	}
	for other, at := range d.open {
		alike = alike || other < n && now.Sub(at) < lifetime/4
	}
	d.open[n] = now
	d.log.Info("Slack connection open", "connection", n)
	return lifetime / 2, alike && lifetime > 0
}

// lost notes that a connection is gone.
func (d *Doors) lost(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, was := d.open[n]; was {
		delete(d.open, n)
		d.shut[n] = time.Now()
	}
}

// laneSet works through envelopes: those of one channel in order, those of others beside them. Each lane
// is bounded; a full one holds up the reading, and Slack redelivers what stays unacknowledged.
type laneSet struct {
	in   [lanes]chan envelope
	work sync.WaitGroup
}

func (d *Doors) startLanes(ctx context.Context, client *socketmode.Client) *laneSet {
	l := &laneSet{}
	for i := range l.in {
		l.in[i] = make(chan envelope, laneSize)
		l.work.Go(func() {
			for e := range l.in[i] {
				d.takeEnvelope(ctx, client, e)
			}
		})
	}
	return l
}

func (l *laneSet) put(ctx context.Context, e envelope) {
	var at struct {
		Event struct {
			Channel json.RawMessage `json:"channel"`
		} `json:"event"`
		Channel   json.RawMessage `json:"channel"`
		ChannelID string          `json:"channel_id"`
	}
	_ = json.Unmarshal(e.Payload, &at) // without a channel any lane will do
	h := fnv.New32a()
	_, _ = h.Write(at.Event.Channel)
	_, _ = h.Write(at.Channel)
	_, _ = io.WriteString(h, at.ChannelID)
	select {
	case l.in[h.Sum32()%lanes] <- e:
	case <-ctx.Done():
	}
}

func (l *laneSet) stop() {
	for _, in := range l.in {
		close(in)
	}
	l.work.Wait()
}

// takeEnvelope does what an envelope asks and acknowledges it, if it was taken.
func (d *Doors) takeEnvelope(ctx context.Context, client *socketmode.Client, e envelope) {
	ctx, cancel := context.WithDeadline(ctx, e.due)
	defer cancel()
	if ctx.Err() != nil { // it waited too long, or the connection is gone: Slack sends it again
		d.opt.Count(failed)
		return
	}
	var err error
	var answer any
	switch e.Type {
	case socketmode.RequestTypeEventsAPI:
		err = d.takeEvent(ctx, e.Payload)
	case socketmode.RequestTypeInteractive:
		err = d.takeInteraction(ctx, e.Payload)
	case socketmode.RequestTypeSlashCommands:
		var c command
		if err = json.Unmarshal(e.Payload, &c); err == nil {
			answer = d.runCommand(ctx, c)
		} else {
			err = fmt.Errorf("%w: decode command: %w", errUnreadable, err)
		}
	default:
		d.opt.Count(unknown)
	}
	if errors.Is(err, errUnreadable) {
		d.log.Warn("Slack envelope not understood", "type", e.Type, "err", err)
		err = nil // sent again it would be no clearer
	}
	if err = inTime(ctx, err); err != nil {
		d.log.Error("Slack envelope not taken; Slack will send it again", "type", e.Type, "err", err)
		return
	}
	if err := client.AckCtx(ctx, e.ID, answer); err != nil && ctx.Err() == nil {
		d.log.Error("envelope not acknowledged", "err", err)
	}
}
