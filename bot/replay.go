package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"haedap/bot/internal/desk"
)

type replayCommand struct {
	contentFlags `embed:""`
	File         string `arg:"" help:"Conversations, one JSON object a line: id and turns with from, text and what is expected."`
}

// conversation is one line of a replay file.
type conversation struct {
	ID    string `json:"id"`
	Turns []turn `json:"turns"`
}

// turn is one message and what should become of it. The decision "none" stands for silence or a line without an article.
type turn struct {
	From   desk.Speaker `json:"from"`
	Text   string       `json:"text"`
	Expect struct {
		Decision string    `json:"decision"`
		Intent   oneOrMany `json:"intent"`
	} `json:"expect"`
}

// oneOrMany is a string or a list of strings.
type oneOrMany []string

// UnmarshalJSON implements [json.Unmarshaler].
func (o *oneOrMany) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(o))
}

// Run replays every conversation and lists the turns that went otherwise.
func (r replayCommand) Run(ctx context.Context, t terminal) error {
	conversations, err := readConversations(r.File)
	if err != nil {
		return err
	}
	c, err := r.understand(ctx, t)
	if err != nil {
		return err
	}
	turns, right := 0, 0
	for _, conversation := range conversations {
		var thread desk.Thread
		for i, turn := range conversation.Turns {
			var reply desk.Reply
			thread, reply = c.Handle(thread, desk.Message{From: turn.From, Text: turn.Text})
			turns++
			if turn.met(reply) {
				right++
				continue
			}
			if _, err := fmt.Fprintf(t.out, "%s turn %d: %s %s, expected %s %s: %s\n", conversation.ID, i+1, reply.Decision, strings.Join(named(reply), "+"),
				turn.Expect.Decision, strings.Join(turn.Expect.Intent, "|"), strings.ReplaceAll(turn.Text, "\n", " / ")); err != nil {
				return fmt.Errorf("write the difference: %w", err)
			}
		}
	}
	_, err = fmt.Fprintf(t.out, "%d of %d turns as expected (%.1f %%)\n", right, turns, 100*float64(right)/float64(max(1, turns)))
	return err
}

func readConversations(file string) ([]conversation, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("open the conversations: %w: name a file with one JSON object a line", err)}
	}
	defer f.Close() //nolint:errcheck // read only: nothing can be lost
	var out []conversation
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var c conversation
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			return nil, usageError{fmt.Errorf("%s:%d: %w: see README for the form", file, n, err)}
		}
		out = append(out, c)
	}
	if err := in.Err(); err != nil {
		return nil, usageError{fmt.Errorf("read %s: %w", file, err)}
	}
	if len(out) == 0 {
		return nil, usageError{errors.New(file + " holds no conversation")}
	}
	return out, nil
}

// named are the intents that a reply answers or offers.
func named(r desk.Reply) []string {
	var out []string
	for _, p := range r.Parts {
		out = append(out, p.Intent)
	}
	for _, c := range r.Offered {
		out = append(out, c.Intent)
	}
	return out
}

// met tells whether a reply is what the turn expects: for a clarification at least one acceptable intent is offered.
func (t turn) met(r desk.Reply) bool {
	switch t.Expect.Decision {
	case "none":
		return r.Decision == desk.Ignore || r.Decision == desk.Chat
	case string(desk.Answer):
		return r.Decision == desk.Answer && strings.Join(slices.Sorted(slices.Values(named(r))), "+") == sortedLabel(strings.Join(t.Expect.Intent, "+"))
	case string(desk.Clarify):
		return r.Decision == desk.Clarify && slices.ContainsFunc(named(r), func(i string) bool { return slices.Contains(t.Expect.Intent, i) })
	}
	return string(r.Decision) == t.Expect.Decision
}

func sortedLabel(label string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Split(label, "+"))), "+")
}
