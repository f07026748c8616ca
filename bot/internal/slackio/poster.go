package slackio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/slack-go/slack"

	"haedap/bot/internal/inbox"
)

// metadataType marks our posts; the reply key is in the payload beside it.
const (
	metadataType = "haedap_reply"
	metadataKey  = "key"
)

// Poster makes replies and tickets visible in Slack. It implements [inbox.Poster] and is
// safe for concurrent use. One call of Post makes at most one message: nothing is sent
// again unless Slack refused it outright.
type Poster struct {
	cfg  Config
	api  *slack.Client
	self atomic.Pointer[identity]
	gone atomic.Pointer[string] // why this workspace is over: tokens_revoked, app_uninstalled
}

// identity is who we are in the workspace.
type identity struct{ team, user, bot string }

// NewPoster makes a poster; it sends nothing yet. The error is that of Config.Validate.
func NewPoster(cfg Config) (*Poster, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	return &Poster{
		cfg: cfg,
		api: slack.New(cfg.BotToken, slack.OptionAPIURL(cfg.APIURL), slack.OptionAppLevelToken(cfg.AppToken),
			slack.OptionHTTPClient(&http.Client{Timeout: callTimeout, Transport: transport}),
			slack.OptionLog(log.New(io.Discard, "", 0))),
	}, nil
}

// Post makes d visible, within 10 s. Its error is a [*inbox.PostError].
func (p *Poster) Post(ctx context.Context, d inbox.Delivery) (string, error) {
	if why := p.gone.Load(); why != nil {
		return "", &inbox.PostError{Outcome: inbox.Refused, Code: *why, Err: errors.New("the app is no longer installed")}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	switch d.Kind {
	case inbox.Ticket:
		if d.Link == "" {
			d.Link = p.permalink(ctx, d.Origin)
		}
		return p.create(ctx, d.Address.Channel, "", d.Key, renderTicket(d))
	case inbox.Revise:
		return d.TS, repeatable(p.update(ctx, d))
	case inbox.Withdraw:
		return d.TS, repeatable(p.remove(ctx, d.Address.Channel, d.TS))
	default:
		return p.create(ctx, d.Address.Channel, d.Address.Thread, d.Key, render(d.Reply, false))
	}
}

// create posts a new message. A message that Slack finds malformed goes out once more in plain words: it was surely not made.
func (p *Poster) create(ctx context.Context, channel, thread, key string, what post) (string, error) {
	options := append(what.options(), metadata(key))
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	ts, err := p.try(ctx, channel, thread, options)
	if malformed(err) {
		options[0] = slack.MsgOptionText(what.text, false)
		options[1] = slack.MsgOptionDisableMarkdown()
		ts, err = p.try(ctx, channel, thread, options)
	}
	return ts, err
}

func malformed(err error) bool {
	var refused *inbox.PostError
	return errors.As(err, &refused) && (refused.Code == "invalid_blocks" || refused.Code == "msg_too_long" || refused.Code == "invalid_blocks_format")
}

// try makes one chat.postMessage request.
func (p *Poster) try(ctx context.Context, channel, thread string, options []slack.MsgOption) (string, error) {
	ctx, reached := traced(ctx)
	_, ts, message, err := p.api.PostMessageWithResponseContext(ctx, channel, options...)
	switch {
	case err != nil:
		return "", postError(err, reached())
	case ts == "":
		return "", &inbox.PostError{Outcome: inbox.Ambiguous, Code: "bad_answer", Err: errors.New("the answer names no message")}
	case thread != "" && message.Timestamp != "" && message.ThreadTimestamp == "":
		// The question was deleted meanwhile, so that Slack put the reply into the channel.
		return "", p.takeBack(ctx, channel, ts)
	}
	return ts, nil
}

func (p *Poster) takeBack(ctx context.Context, channel, ts string) error {
	if err := p.remove(ctx, channel, ts); err != nil {
		return &inbox.PostError{Outcome: inbox.Refused, Code: "thread_not_found", Err: fmt.Errorf("take back a reply without its question: %w", err)}
	}
	return &inbox.PostError{Outcome: inbox.Refused, Code: "thread_not_found", Err: errors.New("the question was deleted")}
}

func (p *Poster) update(ctx context.Context, d inbox.Delivery) error {
	ctx, reached := traced(ctx)
	options := append(render(d.Reply, true).options(), metadata(d.Key))
	if _, _, _, err := p.api.UpdateMessageContext(ctx, d.Address.Channel, d.TS, options...); err != nil {
		return postError(err, reached())
	}
	return nil
}

func (p *Poster) remove(ctx context.Context, channel, ts string) error {
	ctx, reached := traced(ctx)
	_, _, err := p.api.DeleteMessageContext(ctx, channel, ts)
	var refusal slack.SlackErrorResponse
	if err == nil || errors.As(err, &refusal) && refusal.Err == "message_not_found" {
		return nil // gone is what was wanted
	}
	return postError(err, reached())
}

// repeatable says of a change in place that it may be made again whatever became of it,
// once an earlier request cannot arrive any more.
func repeatable(err error) error {
	if unsure := (*inbox.PostError)(nil); errors.As(err, &unsure) && unsure.Outcome == inbox.Ambiguous {
		unsure.Outcome, unsure.After = inbox.NotSent, settleWait
	}
	return err
}

// permalink gives the address of a thread's question, or "" when Slack does not tell in time.
func (p *Poster) permalink(ctx context.Context, a inbox.Address) string {
	if a.Door != "slack" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout/4)
	defer cancel()
	address, err := p.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: a.Channel, Ts: a.Thread})
	if err != nil {
		return "" // a ticket without a link is better than none
	}
	return address
}

// traced gives a context whose request is watched, and a function that tells whether it got a connection.
func traced(ctx context.Context) (context.Context, func() bool) {
	var got atomic.Bool
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { got.Store(true) }}), got.Load
}

func metadata(key string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataKey: key}})
}

// Find looks in d's thread (a ticket: in the desk channel, from its question on) for what an earlier Post of d
// made. A withdrawal is found when its message is gone. Its error is a [*inbox.PostError].
func (p *Poster) Find(ctx context.Context, d inbox.Delivery) (ts string, found bool, err error) {
	oldest := d.Address.Thread
	if d.Kind == inbox.Ticket {
		oldest = d.Origin.Thread
	}
	there := false
	for m, err := range p.messages(ctx, d.Address.Channel, d.Address.Thread, oldest) {
		if err != nil {
			return "", false, err
		}
		there = there || m.Timestamp == d.TS
		if m.Metadata.EventType == metadataType && m.Metadata.EventPayload[metadataKey] == d.Key {
			return m.Timestamp, true, nil
		}
	}
	if d.Kind == inbox.Withdraw && !there {
		return d.TS, true, nil
	}
	return "", false, nil
}

var _ inbox.Poster = (*Poster)(nil)
