package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// place names a message, a channel or a person for the admin API.
type place struct {
	Channel string `json:"channel"`
	User    string `json:"user"`
	TS      string `json:"ts"`
	Text    string `json:"text"`
	Name    string `json:"name"`
	Author  string `json:"author"`
}

// Admin steers the server over HTTP, for tests in other processes. Every POST takes a
// JSON object and answers 200 with JSON, or 400 with a line of text:
//
//	POST /admin/channel     {"id","kind","members"}           AddChannel
//	POST /admin/say         Post                              → Message
//	POST /admin/mention     {"channel","user","text"}         → Message
//	POST /admin/dm          {"user","text"}                   → Message
//	POST /admin/share       {"user","author","text","name"}   → Message (name: the comment)
//	POST /admin/edit        {"channel","ts","text"}
//	POST /admin/delete      {"channel","ts"}
//	POST /admin/unfurl      {"channel","ts"}
//	POST /admin/click       {"user","channel","ts","name"}    name: action id or label
//	POST /admin/shortcut    {"user","name","channel","ts"}    name: callback id
//	POST /admin/command     {"user","channel","name","text"}  name: "/haedap"
//	POST /admin/kick        {"channel","user"}
//	POST /admin/archive     {"channel"}
//	POST /admin/revoke      {"name"}                          tokens_revoked or app_uninstalled
//	POST /admin/emit        any inner event                   → {"event_id"}
//	POST /admin/endpoint    {"url"}                           SetEndpoint
//	POST /admin/post-limit  {"per_second","burst"}            SetPostLimit
//	POST /admin/fault       Fault                             Inject
//	POST /admin/clear-faults
//	POST /admin/sockets     {"do":"drop"|"mute"|"disconnect","n","reason"}
//	GET  /admin/state                     → {"sockets","quiet","calls","deliveries"} (counts)
//	GET  /admin/messages?channel=         → [Message]
//	GET  /admin/thread?channel=&ts=       → [Message]
//	GET  /admin/ephemerals, /admin/views, /admin/deliveries, /admin/calls?method=
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	s.adminGestures(mux)
	s.adminControls(mux)
	s.adminReads(mux)
	return mux
}

func (s *Server) adminGestures(mux *http.ServeMux) {
	mux.Handle("POST /admin/say", admin(func(p Post) (any, error) { return s.Say(p) }))
	mux.Handle("POST /admin/mention", admin(func(p place) (any, error) { return s.Mention(p.Channel, p.User, p.Text) }))
	mux.Handle("POST /admin/dm", admin(func(p place) (any, error) { return s.DM(p.User, p.Text) }))
	mux.Handle("POST /admin/share", admin(func(p place) (any, error) { return s.Share(p.User, p.Author, p.Text, p.Name) }))
	mux.Handle("POST /admin/edit", admin(func(p place) (any, error) { return nil, s.Edit(p.Channel, p.TS, p.Text) }))
	mux.Handle("POST /admin/delete", admin(func(p place) (any, error) { return nil, s.Delete(p.Channel, p.TS) }))
	mux.Handle("POST /admin/unfurl", admin(func(p place) (any, error) { return nil, s.Unfurl(p.Channel, p.TS) }))
	mux.Handle("POST /admin/click", admin(func(p place) (any, error) { return nil, s.Click(p.User, p.Channel, p.TS, p.Name) }))
	mux.Handle("POST /admin/shortcut", admin(func(p place) (any, error) { return nil, s.Shortcut(p.User, p.Name, p.Channel, p.TS) }))
	mux.Handle("POST /admin/command", admin(func(p place) (any, error) {
		s.Command(p.User, p.Channel, p.Name, p.Text)
		return nil, nil
	}))
	mux.Handle("POST /admin/emit", admin(func(e map[string]any) (any, error) {
		return map[string]string{"event_id": s.Emit(e)}, nil
	}))
}

func (s *Server) adminControls(mux *http.ServeMux) {
	handle := func(verb string, do func(c control)) {
		mux.Handle("POST /admin/"+verb, admin(func(c control) (any, error) {
			do(c)
			return nil, nil
		}))
	}
	handle("channel", func(c control) { s.AddChannel(c.ID, c.Kind, c.Members...) })
	handle("kick", func(c control) { s.Kick(c.Channel, c.User) })
	handle("archive", func(c control) { s.Archive(c.Channel) })
	handle("revoke", func(c control) { s.Revoke(c.Name) })
	handle("endpoint", func(c control) { s.SetEndpoint(c.URL) })
	handle("post-limit", func(c control) { s.SetPostLimit(c.PerSecond, c.Burst) })
	handle("clear-faults", func(control) { s.ClearFaults() })
	mux.Handle("POST /admin/fault", admin(func(f Fault) (any, error) {
		s.Inject(f)
		return nil, nil
	}))
	mux.Handle("POST /admin/sockets", admin(func(c control) (any, error) {
		switch c.Do {
		case "drop":
			s.DropSockets()
		case "mute":
			s.MuteSockets()
		case "disconnect":
			s.Disconnect(c.N, c.Reason)
		default:
			return nil, fmt.Errorf("sockets: do must be drop, mute or disconnect, not %q", c.Do)
		}
		return nil, nil
	}))
}

// control is what the controls of the admin API take.
type control struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Members   []string `json:"members"`
	Channel   string   `json:"channel"`
	User      string   `json:"user"`
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	PerSecond float64  `json:"per_second"`
	Burst     int      `json:"burst"`
	Do        string   `json:"do"`
	N         int      `json:"n"`
	Reason    string   `json:"reason"`
}

func (s *Server) adminReads(mux *http.ServeMux) {
	read := func(name string, get func(r *http.Request) any) {
		mux.HandleFunc("GET /admin/"+name, func(w http.ResponseWriter, r *http.Request) { writeJSON(w, get(r)) })
	}
	read("state", func(*http.Request) any {
		return map[string]any{"sockets": s.Sockets(), "quiet": s.Quiet(), "calls": len(s.Calls("")), "deliveries": len(s.Deliveries())}
	})
	read("messages", func(r *http.Request) any { return s.Messages(r.FormValue("channel")) })
	read("thread", func(r *http.Request) any { return s.Thread(r.FormValue("channel"), r.FormValue("ts")) })
	read("ephemerals", func(*http.Request) any { return s.Ephemerals() })
	read("views", func(*http.Request) any { return s.Views() })
	read("deliveries", func(*http.Request) any { return s.Deliveries() })
	read("calls", func(r *http.Request) any { return s.Calls(r.FormValue("method")) })
}

// admin makes a handler of a function from a JSON object to a JSON answer.
func admin[T any](do func(T) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in T
		if r.ContentLength != 0 {
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(&in); err != nil {
				http.Error(w, "bad JSON: "+err.Error(), http.StatusBadRequest)
				return
			}
		}
		out, err := do(in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if out == nil {
			out = map[string]bool{"ok": true}
		}
		writeJSON(w, out)
	})
}
