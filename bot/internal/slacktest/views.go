package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// View is a modal that the app opened.
type View struct {
	ID    string          `json:"id"`
	Title string          `json:"title"`
	Raw   json.RawMessage `json:"view"`
}

const (
	triggerLife  = 3 * time.Second
	responseLife = 30 * time.Minute
	responseUses = 5
)

type responseURL struct {
	channel, user, thread string
	made                  time.Time
	used                  int
}

// trigger makes a trigger_id. The caller holds s.mu.
func (s *Server) trigger() string {
	id := s.id("trigger.")
	s.triggers[id] = time.Now()
	return id
}

// response makes a response_url. The caller holds s.mu.
func (s *Server) response(channel, user, thread string) string {
	id := s.id("R")
	s.responses[id] = &responseURL{channel: channel, user: user, thread: thread, made: time.Now()}
	return s.base + "/response/" + id
}

func (s *Server) openView(a args) answer {
	id := a.str("trigger_id")
	made, ok := s.triggers[id]
	switch {
	case !ok:
		return refuse("invalid_trigger_id")
	case made.IsZero():
		return refuse("exchanged_trigger_id")
	case time.Since(made) > triggerLife:
		return refuse("expired_trigger_id")
	}
	raw := a.raw("view")
	var v struct {
		Type  string `json:"type"`
		Title struct {
			Text string `json:"text"`
		} `json:"title"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &v); err != nil || v.Type != "modal" {
		return refuse("invalid_arguments")
	}
	faults := CheckBlocks(v.Blocks, 100)
	if n := utf8.RuneCountInString(v.Title.Text); n == 0 || n > 24 {
		faults = append(faults, "[ERROR] must be 1 to 24 characters [json-pointer:/view/title/text]")
	}
	if len(faults) > 0 {
		return refuse("invalid_arguments", faults...)
	}
	s.triggers[id] = time.Time{}
	view := View{ID: s.id("V"), Title: v.Title.Text, Raw: raw}
	s.views = append(s.views, view)
	var out map[string]any
	_ = json.Unmarshal(raw, &out) // it unmarshalled above
	out["id"] = view.ID
	return answer{"view": out}
}

// Views gives the modals that the app opened, oldest first.
func (s *Server) Views() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]View(nil), s.views...)
}

// serveResponse takes an answer at a response_url.
func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	if f := s.meet("response_url", args{}); f != nil && f.before(s, w, r) {
		return
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.responses[r.PathValue("id")]
	switch {
	case u == nil, time.Since(u.made) > responseLife:
		http.Error(w, "expired_url", http.StatusNotFound)
		return
	case u.used >= responseUses:
		http.Error(w, "used_url", http.StatusNotFound)
		return
	}
	u.used++
	if code := s.answerPrivately(u, raw); code != "" {
		http.Error(w, code, http.StatusBadRequest)
		return
	}
	s.touch()
	_, _ = w.Write([]byte("ok"))
}

// answerPrivately stores what an app answered to a click, a shortcut or a command.
func (s *Server) answerPrivately(u *responseURL, raw []byte) (refusal string) {
	var m struct {
		ResponseType string          `json:"response_type"`
		Text         string          `json:"text"`
		Blocks       json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		if strings.TrimSpace(string(raw)) == "" {
			return ""
		}
		m.Text = string(raw) // a command may be answered in plain text
	}
	if string(m.Blocks) == "null" {
		m.Blocks = nil
	}
	if m.Text == "" && m.Blocks == nil {
		return "no_text"
	}
	if m.Blocks != nil && len(CheckBlocks(m.Blocks, 50)) > 0 {
		return "invalid_blocks"
	}
	if m.ResponseType == "in_channel" {
		if c := s.channels[u.channel]; c != nil {
			c.append(&Message{Type: "message", User: BotUser, BotID: BotID, AppID: AppID, Text: m.Text, TS: s.ts(), Blocks: m.Blocks})
		}
		return ""
	}
	s.ephemerals = append(s.ephemerals, Ephemeral{Channel: u.channel, User: u.user, ThreadTS: u.thread, Text: m.Text, Blocks: m.Blocks})
	return ""
}
