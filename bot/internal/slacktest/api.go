package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Call is one request to the Web API.
type Call struct {
	Method string         `json:"method"`
	Args   map[string]any `json:"args"`
	At     time.Time      `json:"at"`
	Fault  string         `json:"fault,omitempty"` // the fault that it met, if any
}

// args are a call's arguments, whether they came as a form, a query or JSON.
type args map[string]any

func (a args) str(name string) string {
	v, _ := a[name].(string)
	return v
}

func (a args) flag(name string) bool {
	switch v := a[name].(type) {
	case bool:
		return v
	case string:
		return v == "1" || v == "true"
	}
	return false
}

// raw gives an argument that holds JSON, which a form carries as a string.
func (a args) raw(name string) json.RawMessage {
	switch v := a[name].(type) {
	case nil:
		return nil
	case string:
		return json.RawMessage(v)
	default:
		b, _ := json.Marshal(v) // it came out of JSON
		return b
	}
}

// answer is what a method returns; its "error" entry makes it a refusal.
type answer map[string]any

func refuse(code string, more ...string) answer {
	a := answer{"ok": false, "error": code}
	if len(more) > 0 {
		a["response_metadata"] = map[string]any{"messages": more}
	}
	return a
}

// method is one Web API method. Its run holds s.mu.
type method struct {
	scope string // needed bot scope; "" for none, "app" for the app-level token
	run   func(*Server, args) answer
}

var methods = map[string]method{
	"auth.test":             {"", (*Server).authTest},
	"apps.connections.open": {"app", (*Server).openConnection},
	"chat.postMessage":      {"chat:write", (*Server).postMessage},
	"chat.postEphemeral":    {"chat:write", (*Server).postEphemeral},
	"chat.update":           {"chat:write", (*Server).updateMessage},
	"chat.delete":           {"chat:write", (*Server).deleteMessage},
	"chat.getPermalink":     {"", (*Server).permalink},
	"conversations.history": {"channels:history", (*Server).history},
	"conversations.replies": {"channels:history", (*Server).threadReplies},
	"conversations.info":    {"channels:read", (*Server).info},
	"conversations.members": {"channels:read", (*Server).membersOf},
	"conversations.open":    {"im:write", (*Server).openDM},
	"conversations.join":    {"channels:join", (*Server).join},
	"users.conversations":   {"channels:read", (*Server).conversationsOf},
	"users.info":            {"users:read", (*Server).userInfo},
	"views.open":            {"", (*Server).openView},
}

const maxRequest = 4 << 20

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	token, a, err := parseArgs(r)
	if err != nil {
		writeJSON(w, refuse("invalid_form_data"))
		return
	}
	fault := s.meet(name, a)
	if fault != nil && fault.before(s, w, r) {
		return
	}
	w.Header().Set("X-OAuth-Scopes", strings.Join(s.cfg.Scopes, ","))
	out := s.call(name, token, a)
	if wait, ok := out["retry_after"].(string); ok {
		w.Header().Set("Retry-After", wait)
		w.WriteHeader(http.StatusTooManyRequests)
		writeJSON(w, refuse("ratelimited"))
		return
	}
	if fault != nil && fault.after(s, w, r) {
		return
	}
	writeJSON(w, out)
}

// call checks the token and the scope and runs the method.
func (s *Server) call(name, token string, a args) answer {
	if name == "api.test" { // needs no token
		return answer{"ok": true}
	}
	m, ok := methods[name]
	if !ok {
		return refuse("unknown_method")
	}
	want := s.cfg.BotToken
	if m.scope == "app" {
		want = s.cfg.AppToken
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case token == "":
		return refuse("not_authed")
	case token != want:
		return refuse("invalid_auth")
	case s.revoked:
		return refuse("token_revoked")
	case m.scope != "" && m.scope != "app" && !slices.Contains(s.cfg.Scopes, m.scope):
		out := refuse("missing_scope")
		out["needed"], out["provided"] = m.scope, strings.Join(s.cfg.Scopes, ",")
		return out
	}
	out := m.run(s, a)
	if _, refused := out["error"]; !refused {
		out["ok"] = true
	}
	s.touch()
	return out
}

// parseArgs reads a call's token and arguments.
func parseArgs(r *http.Request) (token string, a args, err error) {
	a = args{}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return "", nil, err
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if len(body) > 0 {
			if err := json.Unmarshal(body, &a); err != nil {
				return "", nil, err
			}
		}
	} else {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if err := r.ParseForm(); err != nil {
			return "", nil, err
		}
		for k := range r.Form {
			a[k] = r.Form.Get(k)
		}
	}
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		token = a.str("token")
	}
	delete(a, "token")
	return token, a, nil
}

// Calls gives the calls of a method so far, oldest first; "" gives all.
func (s *Server) Calls(name string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if name == "" || c.Method == name {
			out = append(out, c)
		}
	}
	return out
}

func (s *Server) authTest(args) answer {
	return answer{"url": s.base + "/", "team": "Fake", "user": "haedap", "team_id": TeamID, "user_id": BotUser, "bot_id": BotID}
}

func (s *Server) userInfo(a args) answer {
	u, ok := s.users[a.str("user")]
	if !ok {
		return refuse("user_not_found")
	}
	return answer{"user": map[string]any{"id": u.ID, "team_id": TeamID, "name": u.Name, "real_name": u.Name, "is_bot": u.Bot, "profile": map[string]any{"display_name": u.Name}}}
}
