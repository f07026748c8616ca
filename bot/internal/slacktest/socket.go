package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one Socket Mode connection.
type socket struct {
	n    int // counts the connections that were opened, from 1
	conn *websocket.Conn
	out  chan any // envelopes and pings, written by one goroutine
	done chan struct{}
	end  func()
	mute bool // half-open: nothing is written any more, and acks are not heard

	waiting map[string]chan []byte // envelope → where its ack goes; guarded by Server.mu
}

func (k *socket) closed() bool {
	select {
	case <-k.done:
		return true
	default:
		return false
	}
}

// ping asks the writer for a WebSocket ping.
type ping struct{}

const (
	socketBuffer  = 1024
	maxSocketBody = 20 << 10
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 32 << 10}

func (s *Server) openConnection(args) answer {
	id := s.id("link")
	s.triggers[id] = time.Now()
	return answer{"url": "ws" + strings.TrimPrefix(s.base, "http") + "/socket?ticket=" + id}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := s.meet("socket", args{}); f != nil && f.before(s, w, r) {
		return
	}
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	_, ok := s.triggers[ticket]
	delete(s.triggers, ticket)
	s.mu.Unlock()
	if !ok {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	k := &socket{conn: conn, out: make(chan any, socketBuffer), done: make(chan struct{}), waiting: map[string]chan []byte{}}
	k.end = sync.OnceFunc(func() {
		close(k.done)
		_ = conn.Close()
	})
	s.mu.Lock()
	s.opened++
	k.n = s.opened
	s.sockets = append(s.sockets, k)
	k.out <- map[string]any{
		"type": "hello", "num_connections": len(s.sockets),
		"connection_info": map[string]any{"app_id": AppID},
		"debug_info":      map[string]any{"host": "fake", "build_number": 1, "approximate_connection_time": 18060},
	}
	s.touch()
	s.mu.Unlock()
	s.work.Go(func() { s.write(k) })
	s.read(k)
	s.forget(k)
}

func (s *Server) write(k *socket) {
	tick := time.NewTicker(s.cfg.Ping)
	defer tick.Stop()
	for {
		var v any
		select {
		case <-k.done:
			return
		case <-s.ctx.Done():
			k.end()
			return
		case <-tick.C:
			v = ping{}
		case v = <-k.out:
		}
		s.mu.Lock()
		mute := k.mute
		s.mu.Unlock()
		if mute {
			continue
		}
		var err error
		if _, ok := v.(ping); ok {
			err = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
		} else {
			err = k.conn.WriteJSON(v)
		}
		if err != nil {
			k.end()
			return
		}
	}
}

// read takes acknowledgements until the connection ends.
func (s *Server) read(k *socket) {
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if len(raw) >= maxSocketBody || json.Unmarshal(raw, &ack) != nil {
			continue
		}
		s.mu.Lock()
		s.acks = append(s.acks, Ack{Envelope: ack.EnvelopeID, Sent: s.carried[ack.EnvelopeID], Came: k.n})
		if got := k.waiting[ack.EnvelopeID]; got != nil && !k.mute {
			delete(k.waiting, ack.EnvelopeID)
			got <- ack.Payload
		}
		s.touch()
		s.mu.Unlock()
	}
}

func (s *Server) forget(k *socket) {
	k.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(x *socket) bool { return x == k })
	s.touch()
}

// sent is an envelope whose acknowledgement is awaited.
type sent struct {
	k   *socket
	got chan []byte
}

// toSocket writes o to one of the open connections. The caller holds s.mu.
func (s *Server) toSocket(o *outgoing, n int, reason string) *sent {
	open := slices.DeleteFunc(slices.Clone(s.sockets), (*socket).closed)
	if len(open) == 0 {
		return nil
	}
	s.turn++
	k := open[s.turn%len(open)]
	id := s.id("envelope-")
	out := &sent{k: k, got: make(chan []byte, 1)}
	envelope := map[string]any{
		"type": o.kind, "envelope_id": id, "payload": o.payload,
		"accepts_response_payload": o.kind != "events_api",
	}
	if o.kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = n, reason
	}
	select {
	case k.out <- envelope:
		k.waiting[id] = out.got
		s.carried[id] = k.n
		return out
	default:
		return nil // the client does not read
	}
}

func (s *Server) awaitAck(e *sent) (body []byte, failure string) {
	t := time.NewTimer(s.cfg.AckTimeout)
	defer t.Stop()
	if e == nil {
		// No connection is open: Slack counts that as a failed attempt, too.
		return nil, "no_connection"
	}
	select {
	case body = <-e.got:
		return body, ""
	case <-e.k.done:
		return nil, "connection_failed"
	case <-t.C:
		return nil, "timeout"
	case <-s.ctx.Done():
		return nil, noRetry
	}
}

// Ack is a message from the app on a Socket Mode connection. Only one that comes on the connection of its envelope counts.
type Ack struct {
	Envelope string // "" when it names none
	Sent     int    // connection that the envelope went out on; 0: there was no such envelope
	Came     int    // connection that the acknowledgement came in on
}

// Acks gives what the app sent on Socket Mode connections, oldest first.
func (s *Server) Acks() []Ack {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acks)
}

// Opened counts the Socket Mode connections that were opened so far.
func (s *Server) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

// Sockets counts the open Socket Mode connections.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// DropSockets breaks every connection without a word.
func (s *Server) DropSockets() { s.eachSocket(func(k *socket) { k.end() }) }

// Disconnect asks clients to leave, the oldest n connections (n ≤ 0: all). reason is Slack's:
// "warning", "refresh_requested" or "link_disabled".
func (s *Server) Disconnect(n int, reason string) {
	i := 0
	s.eachSocket(func(k *socket) {
		if i++; n > 0 && i > n {
			return
		}
		select {
		case k.out <- map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "fake"}}:
		case <-k.done:
		}
	})
}

// MuteSockets makes every open connection half-open: nothing passes either way, not even pings.
func (s *Server) MuteSockets() {
	s.eachSocket(func(k *socket) {
		s.mu.Lock()
		k.mute = true
		s.mu.Unlock()
	})
}

// SendRaw writes raw JSON to every connection, as a faulty or newer Slack might.
func (s *Server) SendRaw(v json.RawMessage) {
	s.eachSocket(func(k *socket) {
		select {
		case k.out <- v:
		case <-k.done:
		}
	})
}

func (s *Server) eachSocket(f func(*socket)) {
	s.mu.Lock()
	open := slices.Clone(s.sockets)
	s.mu.Unlock()
	for _, k := range open {
		f(k)
	}
}
