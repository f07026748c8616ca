package slacktest

import (
	"slices"
	"strconv"
	"strings"
)

func (c *channel) describe() map[string]any {
	out := map[string]any{
		"id": c.id, "name": c.name, "is_channel": c.kind == "channel", "is_group": c.kind == "group",
		"is_im": c.kind == "im", "is_mpim": c.kind == "mpim", "is_private": c.kind != "channel",
		"is_archived": c.archived, "is_member": c.has(BotUser), "num_members": len(c.members),
	}
	if c.kind == "im" {
		delete(out, "name")
		out["user"] = c.members[0]
	}
	return out
}

// readable finds a channel whose messages the bot may read.
func (s *Server) readable(id string) (*channel, answer) {
	c := s.channels[id]
	switch {
	case c == nil, c.kind != "channel" && !c.has(BotUser):
		return nil, refuse("channel_not_found")
	case !c.has(BotUser):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

func (s *Server) info(a args) answer {
	c := s.channels[a.str("channel")]
	if c == nil || c.kind != "channel" && !c.has(BotUser) {
		return refuse("channel_not_found")
	}
	return answer{"channel": c.describe()}
}

func (s *Server) membersOf(a args) answer {
	c, bad := s.readable(a.str("channel"))
	if bad != nil {
		return bad
	}
	return answer{"members": c.members}
}

func (s *Server) openDM(a args) answer {
	user := a.str("users")
	if _, ok := s.users[user]; !ok {
		return refuse("user_not_found")
	}
	return answer{"channel": s.dm(user).describe()}
}

func (s *Server) join(a args) answer {
	c := s.channels[a.str("channel")]
	switch {
	case c == nil || c.kind != "channel":
		return refuse("channel_not_found")
	case c.archived:
		return refuse("is_archived")
	case !c.has(BotUser):
		c.members = append(c.members, BotUser)
	}
	return answer{"channel": c.describe()}
}

func (s *Server) conversationsOf(a args) answer {
	types := a.str("types")
	if types == "" {
		types = "public_channel"
	}
	names := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
	list := []map[string]any{}
	for _, c := range s.channels {
		if c.has(BotUser) && slices.Contains(strings.Split(types, ","), names[c.kind]) && (!c.archived || !a.flag("exclude_archived")) {
			list = append(list, c.describe())
		}
	}
	slices.SortFunc(list, func(x, y map[string]any) int { return strings.Compare(x["id"].(string), y["id"].(string)) })
	page, next := paginate(list, a)
	return answer{"channels": page, "response_metadata": map[string]any{"next_cursor": next}}
}

func (s *Server) history(a args) answer {
	c, bad := s.readable(a.str("channel"))
	if bad != nil {
		return bad
	}
	var list []Message
	for _, m := range slices.Backward(c.messages) {
		inThread := m.ThreadTS != "" && m.ThreadTS != m.TS && m.Subtype != "thread_broadcast"
		if !inThread && within(m.TS, a) {
			list = append(list, shown(m, a))
		}
	}
	page, next := paginate(list, a)
	return answer{"messages": page, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}
}

func (s *Server) threadReplies(a args) answer {
	c, bad := s.readable(a.str("channel"))
	if bad != nil {
		return bad
	}
	root := c.find(a.str("ts"))
	if root == nil {
		return refuse("thread_not_found")
	}
	if root.ThreadTS != "" && root.ThreadTS != root.TS {
		root = c.find(root.ThreadTS)
	}
	var list []Message
	for _, m := range c.thread(root.TS) {
		if m == root || within(m.TS, a) { // the root comes whatever the range
			list = append(list, shown(m, a))
		}
	}
	page, next := paginate(list, a)
	return answer{"messages": page, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}
}

// within tells whether ts lies in the asked range. All ts have the same shape, so they
// compare as strings once the caller's are padded.
func within(ts string, a args) bool {
	oldest, latest, inclusive := normalTS(a.str("oldest")), normalTS(a.str("latest")), a.flag("inclusive")
	if oldest != "" && (ts < oldest || ts == oldest && !inclusive) {
		return false
	}
	return latest == "" || ts < latest || ts == latest && inclusive
}

func normalTS(ts string) string {
	if ts == "" || ts == "0" {
		return ""
	}
	sec, frac, _ := strings.Cut(ts, ".")
	if len(sec) < 10 {
		sec = strings.Repeat("0", 10-len(sec)) + sec
	}
	return sec + "." + (frac + "000000")[:6]
}

func shown(m *Message, a args) Message {
	out := *m
	if !a.flag("include_all_metadata") {
		out.Metadata = nil
	}
	return out
}

// paginate cuts a list by limit (default 100, at most 1,000) and cursor.
func paginate[T any](list []T, a args) (page []T, next string) {
	limit := 100
	switch v := a["limit"].(type) {
	case string:
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			limit = min(n, 1000)
		}
	case float64:
		limit = min(int(v), 1000)
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(a.str("cursor"), "at:"))
	from = min(max(from, 0), len(list))
	to := min(from+limit, len(list))
	if to < len(list) {
		next = "at:" + strconv.Itoa(to)
	}
	page = list[from:to]
	if page == nil {
		page = []T{}
	}
	return page, next
}
