package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// User is a person (or a bot) of the workspace.
type User struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Bot  bool   `json:"is_bot"`
}

// Metadata is what an app attaches to its message.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
}

// Edited says who changed a message and when.
type Edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// File is an uploaded file, as far as messages name it.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Message is one message as Slack stores it.
type Message struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype,omitempty"`
	User        string          `json:"user,omitempty"`
	BotID       string          `json:"bot_id,omitempty"`
	AppID       string          `json:"app_id,omitempty"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	ParentUser  string          `json:"parent_user_id,omitempty"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Files       []File          `json:"files,omitempty"`
	Metadata    *Metadata       `json:"metadata,omitempty"`
	Edited      *Edited         `json:"edited,omitempty"`
	ReplyCount  int             `json:"reply_count,omitempty"`
	LatestReply string          `json:"latest_reply,omitempty"`
	Hidden      bool            `json:"hidden,omitempty"`
	Team        string          `json:"team,omitempty"`
	ClientMsgID string          `json:"client_msg_id,omitempty"`
}

type channel struct {
	id       string
	name     string
	kind     string // "channel", "group", "im", "mpim"
	archived bool
	members  []string
	messages []*Message // by ts
	index    map[string]*Message
	replies  map[string][]*Message // by the root's ts
	tokens   float64               // of the posting limit
	refilled time.Time
}

func newChannel(id, kind string, members []string) *channel {
	return &channel{
		id: id, name: id, kind: kind, members: members,
		index: map[string]*Message{}, replies: map[string][]*Message{},
	}
}

func (c *channel) find(ts string) *Message { return c.index[ts] }

func (c *channel) has(user string) bool { return slices.Contains(c.members, user) }

// thread gives the root of a thread and its replies.
func (c *channel) thread(ts string) []*Message {
	root := c.find(ts)
	if root == nil {
		return nil
	}
	return append([]*Message{root}, c.replies[ts]...)
}

// append stores m, joining the thread that it replies to. A reply to a deleted or
// unknown root lands outside of any thread.
func (c *channel) append(m *Message) {
	if m.ThreadTS != "" {
		root := c.find(m.ThreadTS)
		if root != nil && root.ThreadTS != "" && root.ThreadTS != root.TS {
			root = c.find(root.ThreadTS)
		}
		if root == nil || root.Subtype == "tombstone" {
			m.ThreadTS = ""
		} else {
			root.ThreadTS, m.ThreadTS = root.TS, root.TS
			m.ParentUser = root.User
			root.ReplyCount++
			root.LatestReply = m.TS
			c.replies[root.TS] = append(c.replies[root.TS], m)
		}
	}
	at, _ := slices.BinarySearchFunc(c.messages, m.TS, func(x *Message, ts string) int { return strings.Compare(x.TS, ts) })
	c.messages = slices.Insert(c.messages, at, m)
	c.index[m.TS] = m
}

// remove deletes m; it reports the tombstone that stays when m has replies.
func (c *channel) remove(m *Message) (tombstone *Message) {
	if m.ReplyCount > 0 {
		*m = Message{
			Type: "message", Subtype: "tombstone", User: "USLACKBOT", Hidden: true,
			Text: "This message was deleted.", TS: m.TS, ThreadTS: m.TS, ParentUser: "USLACKBOT",
			ReplyCount: m.ReplyCount, LatestReply: m.LatestReply,
		}
		return m
	}
	gone := func(x *Message) bool { return x == m }
	c.messages = slices.DeleteFunc(c.messages, gone)
	delete(c.index, m.TS)
	if root := c.find(m.ThreadTS); root != nil {
		root.ReplyCount--
		c.replies[root.TS] = slices.DeleteFunc(c.replies[root.TS], gone)
	}
	return nil
}

// AddChannel makes a public channel ("group": a private one; "mpim": a group message)
// with these members. List BotUser to invite the bot.
func (s *Server) AddChannel(id, kind string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind == "" {
		kind = "channel"
	}
	s.channels[id] = newChannel(id, kind, members)
	for _, m := range members {
		if _, ok := s.users[m]; !ok {
			s.users[m] = User{ID: m, Name: m}
		}
	}
	s.touch()
}

// Kick takes a member (BotUser too) out of a channel.
func (s *Server) Kick(channelID, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channelID]; c != nil {
		c.members = slices.DeleteFunc(c.members, func(m string) bool { return m == user })
	}
	s.touch()
}

// Archive closes a channel to posts.
func (s *Server) Archive(channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channelID]; c != nil {
		c.archived = true
	}
	s.touch()
}

// Messages gives copies of a channel's messages in order of ts.
func (s *Server) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		return nil
	}
	return copies(c.messages)
}

// Thread gives copies of a thread's messages, its root first.
func (s *Server) Thread(channelID, ts string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		return nil
	}
	return copies(c.thread(ts))
}

// BotPosts gives the messages that the app posted to a channel.
func (s *Server) BotPosts(channelID string) []Message {
	return slices.DeleteFunc(s.Messages(channelID), func(m Message) bool { return m.BotID != BotID })
}

func copies(in []*Message) []Message {
	out := make([]Message, len(in))
	for i, m := range in {
		out[i] = *m
	}
	return out
}

// dm finds or opens the direct conversation of a user with the bot. The caller holds s.mu.
func (s *Server) dm(user string) *channel {
	id := "D" + user
	if c := s.channels[id]; c != nil {
		return c
	}
	if _, ok := s.users[user]; !ok {
		s.users[user] = User{ID: user, Name: user}
	}
	c := newChannel(id, "im", []string{user, BotUser})
	s.channels[id] = c
	return c
}
