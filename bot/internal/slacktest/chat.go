package slacktest

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Ephemeral is a message that one person saw.
type Ephemeral struct {
	Channel  string          `json:"channel"`
	User     string          `json:"user"`
	ThreadTS string          `json:"thread_ts,omitempty"`
	Text     string          `json:"text"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`
}

const maxText = 40_000

// postable finds a channel that the bot may post to.
func (s *Server) postable(id string) (*channel, answer) {
	c := s.channels[id]
	if c == nil {
		if _, ok := s.users[id]; ok && strings.HasPrefix(id, "U") && id != BotUser {
			return s.dm(id), nil
		}
		return nil, refuse("channel_not_found")
	}
	switch {
	case !c.has(BotUser) && c.kind != "channel":
		return nil, refuse("channel_not_found") // a private channel hides from outsiders
	case c.archived:
		return nil, refuse("is_archived")
	case !c.has(BotUser):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// body checks text, blocks and metadata of a message.
func body(a args) (text string, blocks json.RawMessage, meta *Metadata, bad answer) {
	text, blocks = a.str("text"), a.raw("blocks")
	if text == "" && len(blocks) == 0 && a.raw("attachments") == nil {
		return "", nil, nil, refuse("no_text")
	}
	if utf8.RuneCountInString(text) > maxText {
		return "", nil, nil, refuse("msg_too_long")
	}
	if len(blocks) > 0 {
		if faults := CheckBlocks(blocks, 50); len(faults) > 0 {
			return "", nil, nil, refuse("invalid_blocks", faults...)
		}
	}
	if raw := a.raw("metadata"); raw != nil {
		meta = &Metadata{}
		if json.Unmarshal(raw, meta) != nil || meta.EventType == "" || meta.EventPayload == nil {
			return "", nil, nil, refuse("invalid_metadata_format")
		}
	}
	return text, blocks, meta, nil
}

func (s *Server) postMessage(a args) answer {
	c, bad := s.postable(a.str("channel"))
	if bad != nil {
		return bad
	}
	text, blocks, meta, bad := body(a)
	if bad != nil {
		return bad
	}
	if wait := s.throttle(c); wait > 0 {
		return answer{"retry_after": strconv.Itoa(int(math.Ceil(wait.Seconds()))), "error": "ratelimited"}
	}
	m := &Message{
		Type: "message", User: BotUser, BotID: BotID, AppID: AppID, Team: TeamID, Text: text,
		TS: s.ts(), ThreadTS: a.str("thread_ts"), Blocks: blocks, Metadata: meta,
	}
	c.append(m)
	s.emitMessage(c, m)
	return answer{"channel": c.id, "ts": m.TS, "message": *m}
}

// throttle takes one token of the channel's posting limit, or says how long to wait.
func (s *Server) throttle(c *channel) time.Duration {
	if s.limit <= 0 {
		return 0
	}
	now := time.Now()
	if c.refilled.IsZero() {
		c.tokens = float64(s.burst)
	} else {
		c.tokens = min(float64(s.burst), c.tokens+now.Sub(c.refilled).Seconds()*s.limit)
	}
	c.refilled = now
	if c.tokens < 1 {
		return time.Duration((1 - c.tokens) / s.limit * float64(time.Second))
	}
	c.tokens--
	return 0
}

func (s *Server) postEphemeral(a args) answer {
	c, bad := s.postable(a.str("channel"))
	if bad != nil {
		return bad
	}
	if !c.has(a.str("user")) {
		return refuse("user_not_in_channel")
	}
	text, blocks, _, bad := body(a)
	if bad != nil {
		return bad
	}
	s.ephemerals = append(s.ephemerals, Ephemeral{Channel: c.id, User: a.str("user"), ThreadTS: a.str("thread_ts"), Text: text, Blocks: blocks})
	return answer{"message_ts": s.ts()}
}

// own finds a message that the bot may change.
func (s *Server) own(a args, refusal string) (*channel, *Message, answer) {
	c, bad := s.postable(a.str("channel"))
	if bad != nil {
		return nil, nil, bad
	}
	m := c.find(a.str("ts"))
	if m == nil || m.Subtype == "tombstone" {
		return nil, nil, refuse("message_not_found")
	}
	if m.BotID != BotID {
		return nil, nil, refuse(refusal)
	}
	return c, m, nil
}

func (s *Server) updateMessage(a args) answer {
	c, m, bad := s.own(a, "cant_update_message")
	if bad != nil {
		return bad
	}
	text, blocks, meta, bad := body(a)
	if bad != nil {
		return bad
	}
	before := *m
	m.Text, m.Blocks, m.Edited = text, blocks, &Edited{User: BotUser, TS: s.ts()}
	if meta != nil {
		m.Metadata = meta
	}
	s.emitChanged(c, m, &before)
	return answer{"channel": c.id, "ts": m.TS, "text": m.Text, "message": *m}
}

func (s *Server) deleteMessage(a args) answer {
	c, m, bad := s.own(a, "cant_delete_message")
	if bad != nil {
		return bad
	}
	before := *m
	tombstone := c.remove(m)
	s.emitRemoved(c, &before, tombstone)
	return answer{"channel": c.id, "ts": before.TS}
}

func (s *Server) permalink(a args) answer {
	c := s.channels[a.str("channel")]
	if c == nil {
		return refuse("channel_not_found")
	}
	ts := a.str("message_ts")
	m := c.find(ts)
	if m == nil {
		return refuse("message_not_found")
	}
	link := fmt.Sprintf("https://fake.slack.com/archives/%s/p%s", c.id, strings.ReplaceAll(ts, ".", ""))
	if m.ThreadTS != "" && m.ThreadTS != ts {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + c.id
	}
	return answer{"channel": c.id, "permalink": link}
}

// Ephemerals gives what single people saw, oldest first.
func (s *Server) Ephemerals() []Ephemeral {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Ephemeral(nil), s.ephemerals...)
}
