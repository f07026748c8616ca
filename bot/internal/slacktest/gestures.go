package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Post is what a person writes.
type Post struct {
	Channel     string          `json:"channel"`
	User        string          `json:"user"`
	Text        string          `json:"text"` // Slack markup, as stored
	Thread      string          `json:"thread,omitempty"`
	Broadcast   bool            `json:"broadcast,omitempty"` // a reply that is sent to the channel too
	Files       []File          `json:"files,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	BotID       string          `json:"bot_id,omitempty"` // another app posts it
	Subtype     string          `json:"subtype,omitempty"`
	Silent      bool            `json:"silent,omitempty"` // no event: it happened while Slack could not reach the app
	At          time.Time       `json:"at,omitzero"`      // when it was written; zero: now
}

// Say stores what a person wrote and tells the app; it returns the message.
func (s *Server) Say(p Post) (Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[p.Channel]
	if c == nil {
		return Message{}, fmt.Errorf("say: no channel %q", p.Channel)
	}
	ts := s.ts()
	if !p.At.IsZero() {
		ts = stamp(p.At.UnixMicro())
		if c.find(ts) != nil {
			return Message{}, fmt.Errorf("say: there is a message %s already", ts)
		}
	}
	m := &Message{
		Type: "message", Subtype: p.Subtype, User: p.User, BotID: p.BotID, Text: p.Text, TS: ts, ThreadTS: p.Thread,
		Files: p.Files, Attachments: p.Attachments, Team: TeamID, ClientMsgID: s.id("client-"),
	}
	if len(p.Files) > 0 && m.Subtype == "" {
		m.Subtype = "file_share"
	}
	if p.Broadcast {
		m.Subtype = "thread_broadcast"
	}
	c.append(m)
	if !p.Silent {
		s.emitMessage(c, m)
	}
	s.touch()
	return *m, nil
}

// Mention writes to a channel, addressing the bot.
func (s *Server) Mention(channelID, user, text string) (Message, error) {
	return s.Say(Post{Channel: channelID, User: user, Text: "<@" + BotUser + "> " + text})
}

// DM writes to the bot directly.
func (s *Server) DM(user, text string) (Message, error) {
	return s.Say(Post{Channel: s.DMChannel(user), User: user, Text: text})
}

// DMChannel is the id of a person's direct conversation with the bot.
func (s *Server) DMChannel(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user).id
}

// Share forwards a customer's message to the bot in a direct conversation.
func (s *Server) Share(user, author, text, comment string) (Message, error) {
	att, err := json.Marshal([]map[string]any{{
		"id": 1, "is_share": true, "is_msg_unfurl": true, "author_id": author, "author_name": author,
		"channel_id": "C0ELSEWHERE", "ts": "1700000000.000100", "from_url": "https://fake.slack.com/archives/C0ELSEWHERE/p1700000000000100",
		"text": text, "fallback": text,
	}})
	if err != nil {
		return Message{}, fmt.Errorf("share: %w", err)
	}
	return s.Say(Post{Channel: s.DMChannel(user), User: user, Text: comment, Attachments: att})
}

// Edit changes the text of a message.
func (s *Server) Edit(channelID, ts, text string) error {
	return s.change(channelID, ts, func(c *channel, m *Message) {
		before := *m
		m.Text, m.Edited = text, &Edited{User: m.User, TS: s.ts()}
		s.emitChanged(c, m, &before)
	})
}

// Unfurl lets Slack add a link preview to a message.
func (s *Server) Unfurl(channelID, ts string) error {
	return s.change(channelID, ts, func(c *channel, m *Message) {
		before := *m
		m.Attachments = json.RawMessage(`[{"id":1,"title":"a page","from_url":"https://example.com"}]`)
		s.emitChanged(c, m, &before)
	})
}

// Delete removes a message.
func (s *Server) Delete(channelID, ts string) error {
	return s.change(channelID, ts, func(c *channel, m *Message) {
		before := *m
		s.emitRemoved(c, &before, c.remove(m))
	})
}

func (s *Server) change(channelID, ts string, do func(*channel, *Message)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		return fmt.Errorf("no channel %q", channelID)
	}
	m := c.find(ts)
	if m == nil {
		return fmt.Errorf("no message %s in %s", ts, channelID)
	}
	do(c, m)
	s.touch()
	return nil
}

// Button is one button in a message's blocks.
type Button struct {
	ActionID string
	BlockID  string
	Value    string
	Label    string
}

// Buttons lists the buttons of a message.
func (m Message) Buttons() []Button {
	var blocks []struct {
		BlockID   string            `json:"block_id"`
		Elements  []json.RawMessage `json:"elements"`
		Accessory json.RawMessage   `json:"accessory"`
	}
	if json.Unmarshal(m.Blocks, &blocks) != nil {
		return nil
	}
	var out []Button
	for i, b := range blocks {
		id := b.BlockID
		if id == "" {
			id = fmt.Sprintf("b%d", i)
		}
		for _, raw := range append(b.Elements, b.Accessory) {
			var e struct {
				Type     string `json:"type"`
				ActionID string `json:"action_id"`
				Value    string `json:"value"`
				Text     struct {
					Text string `json:"text"`
				} `json:"text"`
			}
			if json.Unmarshal(raw, &e) == nil && e.Type == "button" {
				out = append(out, Button{ActionID: e.ActionID, BlockID: id, Value: e.Value, Label: e.Text.Text})
			}
		}
	}
	return out
}

// Click presses the button whose action_id or label is (or starts with) name.
func (s *Server) Click(user, channelID, ts, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		return fmt.Errorf("click: no channel %q", channelID)
	}
	m := c.find(ts)
	if m == nil {
		return fmt.Errorf("click: no message %s in %s", ts, channelID)
	}
	for _, b := range m.Buttons() {
		if b.ActionID == name || strings.HasPrefix(b.Label, name) || strings.HasPrefix(b.ActionID, name) {
			s.click(c, m, user, b)
			return nil
		}
	}
	return fmt.Errorf("click: no button %q in message %s", name, ts)
}

func (s *Server) click(c *channel, m *Message, user string, b Button) {
	thread := m.ThreadTS
	url := s.response(c.id, user, thread)
	s.interact(&outgoing{reply: s.responses[url[strings.LastIndex(url, "/")+1:]]}, map[string]any{
		"type": "block_actions", "user": person(user), "trigger_id": s.trigger(), "response_url": url,
		"container": map[string]any{"type": "message", "message_ts": m.TS, "channel_id": c.id, "thread_ts": thread, "is_ephemeral": false},
		"channel":   map[string]any{"id": c.id, "name": c.name}, "message": fields(m),
		"actions": []map[string]any{{
			"type": "button", "action_id": b.ActionID, "block_id": b.BlockID, "value": b.Value,
			"text": map[string]any{"type": "plain_text", "text": b.Label}, "action_ts": s.ts(),
		}},
	})
}

// Shortcut uses a message shortcut on a message.
func (s *Server) Shortcut(user, callbackID, channelID, ts string) error {
	return s.change(channelID, ts, func(c *channel, m *Message) {
		url := s.response(c.id, user, m.ThreadTS)
		s.interact(&outgoing{}, map[string]any{
			"type": "message_action", "callback_id": callbackID, "user": person(user), "trigger_id": s.trigger(),
			"response_url": url, "message_ts": m.TS, "channel": map[string]any{"id": c.id, "name": c.name},
			"message": fields(m), "action_ts": s.ts(),
		})
	})
}

// Command uses a slash command.
func (s *Server) Command(user, channelID, command, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	url := s.response(channelID, user, "")
	s.send(&outgoing{
		id: s.id("Cmd"), kind: "slash_commands", once: true, reply: s.responses[url[strings.LastIndex(url, "/")+1:]],
		payload: map[string]any{
			"token": "verification", "team_id": TeamID, "team_domain": "fake", "channel_id": channelID,
			"channel_name": channelID, "user_id": user, "user_name": user, "command": command, "text": text,
			"api_app_id": AppID, "is_enterprise_install": "false", "response_url": url, "trigger_id": s.trigger(),
		},
	})
}

func (s *Server) interact(o *outgoing, payload map[string]any) {
	payload["team"] = map[string]any{"id": TeamID, "domain": "fake"}
	payload["api_app_id"], payload["token"], payload["is_enterprise_install"] = AppID, "verification", false
	o.id, o.kind, o.once, o.payload = s.id("Act"), "interactive", true, payload
	o.reply = nil
	s.send(o)
}

func person(id string) map[string]any {
	return map[string]any{"id": id, "username": id, "name": id, "team_id": TeamID}
}

// Revoke takes the app's tokens away and says so, as an uninstallation does.
func (s *Server) Revoke(event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	inner := map[string]any{"type": event}
	if event == "tokens_revoked" {
		inner["tokens"] = map[string]any{"oauth": []string{}, "bot": []string{BotUser}}
	}
	s.emit(inner)
}
