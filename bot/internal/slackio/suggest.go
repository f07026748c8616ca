package slackio

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

// renderSuggestion makes what an agent sees: the articles, how sure the desk is, and the reply to copy.
func renderSuggestion(s desk.Suggestion) post {
	w := desk.In(s.Lang)
	p := post{text: escape(w.SuggestTitle)}
	sure := strings.ReplaceAll(w.SuggestConfidence, "{}", fmt.Sprintf("%.0f", 100*s.Confidence))
	p.blocks = append(p.blocks, sections(bold(w.SuggestTitle)+"  "+escape(sure))...)
	switch {
	case s.Text == "":
		p.blocks = append(p.blocks, sections(escape(w.SuggestNone))...)
	case !s.Sure:
		p.blocks = append(p.blocks, sections(escape(w.SuggestUnsure))...)
	}
	if s.Topic != "" {
		p.blocks = append(p.blocks, contextLine(escape(strings.ReplaceAll(w.SuggestTopic, "{}", s.Topic)))...)
	}
	for i, part := range s.Parts {
		p.blocks = append(p.blocks, article(part, s.Lang, i)...)
	}
	if s.Text != "" {
		p.blocks = append(p.blocks, sections(bold(w.SuggestReply))...)
		p.blocks = append(p.blocks, fenced(s.Text)...)
	}
	if others := alternatives(s); others != "" {
		p.blocks = append(p.blocks, contextLine(others)...)
	}
	return p.fit()
}

// fenced shows text as it is to be copied; nothing in a fence is live.
func fenced(text string) []slack.Block {
	const fence = "```"
	var out []slack.Block
	for _, piece := range split(escape(strings.ReplaceAll(text, fence, "'''")), sectionLimit-2*len(fence)-2) {
		out = append(out, slack.NewSectionBlock(live(fence+"\n"+piece+"\n"+fence), nil, nil))
	}
	return out
}

// alternatives lists the other articles that may be meant, or is "".
func alternatives(s desk.Suggestion) string {
	lines := likely(s.Alternatives)
	if len(lines) == 0 {
		return ""
	}
	return bold(desk.In(s.Lang).SuggestAlternatives) + "\n" + strings.Join(lines, "\n")
}

// renderAnswer makes what the user of the slash command sees: the article, or what may be meant.
func renderAnswer(s desk.Suggestion) post {
	w := desk.In(s.Lang)
	if !s.Sure || len(s.Parts) == 0 {
		return post{text: escape(w.SuggestNone), blocks: sections(escape(w.SuggestNone) + "\n" + alternatives(s))}
	}
	p := post{text: spokenReply(desk.Reply{Decision: desk.Answer, Lang: s.Lang, Parts: s.Parts})}
	for i, part := range s.Parts {
		p.blocks = append(p.blocks, article(part, s.Lang, i)...)
	}
	return p.fit()
}

// suggestion asks the desk and renders what it says, or says that it failed.
func (d *Doors) suggestion(ctx context.Context, text string) (post, error) {
	r, err := d.suggest(ctx, text)
	if err != nil {
		return post{}, fmt.Errorf("suggest a reply: %w", err)
	}
	return renderSuggestion(r), nil
}

// answerShortcut shows a suggestion to the agent who used the message shortcut, and to nobody else.
func (d *Doors) answerShortcut(ctx context.Context, req suggestRequest) {
	var p post
	if req.text == "" {
		p = post{text: escape(desk.In("").FilesHint)}
	} else {
		var err error
		if p, err = d.suggestion(ctx, req.text); err != nil {
			d.log.Error("suggestion failed", "err", err)
			p = post{text: escape(desk.In("").Failure)}
		}
	}
	d.respond(ctx, req.responseURL, p)
}

// respond answers at a response_url, to its user alone.
func (d *Doors) respond(ctx context.Context, address string, p post) {
	if err := d.poster.checkResponseURL(address); err != nil {
		d.log.Error("answer not shown", "err", err)
		return
	}
	options := append(p.options(), slack.MsgOptionResponseURL(address, slack.ResponseTypeEphemeral))
	if _, _, err := d.poster.api.PostMessageContext(ctx, "", options...); err != nil {
		d.log.Error("answer not shown", "err", err)
	}
}

// flight lets one forwarded message be answered once, however often Slack sends it meanwhile.
type flight struct {
	mu    sync.Mutex
	calls map[string]*flightCall
}

type flightCall struct {
	done chan struct{}
	err  error
}

// join starts do under key, or joins the one under way, and waits for it or for ctx.
func (f *flight) join(ctx context.Context, key string, start func(func()), do func() error) error {
	f.mu.Lock()
	if f.calls == nil {
		f.calls = map[string]*flightCall{}
	}
	call := f.calls[key]
	if call == nil {
		call = &flightCall{done: make(chan struct{})}
		f.calls[key] = call
		f.mu.Unlock()
		start(func() {
			call.err = do()
			f.mu.Lock()
			delete(f.calls, key)
			f.mu.Unlock()
			close(call.done)
		})
	} else {
		f.mu.Unlock()
	}
	select {
	case <-call.done:
		return call.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answerForward answers a customer's message that an agent passed on, in the thread of their direct
// conversation with us. It is acknowledged once it is answered: until then Slack sends it again, and
// an answer that is there already is found by its key.
func (d *Doors) answerForward(ctx context.Context, f forward) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	key := "suggest:" + f.address.Channel + ":" + f.ts
	start := func(do func()) { d.later(func(context.Context) { do() }) }
	return d.forwards.join(ctx, key, start, func() error {
		call, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		return d.answerOnce(call, f, key)
	})
}

// errClaimed says that another replica is answering.
var errClaimed = errors.New("another replica has it")

// answerOnce answers f unless it is answered or another replica is at it: then Slack is to send it again, later.
func (d *Doors) answerOnce(ctx context.Context, f forward, key string) error {
	if d.opt.Claims != nil {
		mine, err := d.opt.Claims.Claim(ctx, key)
		if err == nil && !mine {
			err = errClaimed
		}
		if err != nil {
			return fmt.Errorf("claim a forwarded message: %w", err)
		}
	}
	err := d.answerHere(ctx, f, key)
	var ended *inbox.PostError
	if d.opt.Claims != nil && errors.As(err, &ended) && ended.Outcome == inbox.NotSent { // nothing is on its way: anybody may try at once
		err = errors.Join(err, d.opt.Claims.Release(ctx, key))
	}
	if errors.As(err, &ended) && ended.Outcome == inbox.Refused {
		d.log.Warn("suggestion refused by Slack", "code", ended.Code)
		return nil // trying again would change nothing
	}
	return err
}

// answerHere answers f unless it finds the answer.
func (d *Doors) answerHere(ctx context.Context, f forward, key string) error {
	found := inbox.Delivery{Key: key, Address: f.address, Kind: inbox.Reply}
	if _, there, err := d.poster.Find(ctx, found); err != nil || there {
		return err
	}
	p, err := d.suggestion(ctx, f.text)
	if err != nil {
		return err
	}
	_, err = d.poster.create(ctx, f.address.Channel, f.address.Thread, key, p)
	return err
}

// commandAnswer is the body that answers a slash command.
type commandAnswer struct {
	ResponseType string        `json:"response_type"`
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
}

// runCommand answers "/haedap question" to its user alone, within the time that Slack waits.
func (d *Doors) runCommand(ctx context.Context, c command) commandAnswer {
	d.opt.Count("command")
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	text, _ := plain(c.Text, d.poster.self.Load().user)
	if text == "" {
		return commandAnswer{ResponseType: slack.ResponseTypeEphemeral, Text: escape(desk.In("").Empty)}
	}
	r, err := d.suggest(ctx, text)
	if err != nil {
		d.log.Error("command not answered", "err", err)
		return commandAnswer{ResponseType: slack.ResponseTypeEphemeral, Text: escape(desk.In("").Failure)}
	}
	p := renderAnswer(r)
	return commandAnswer{ResponseType: slack.ResponseTypeEphemeral, Text: p.text, Blocks: p.blocks}
}
