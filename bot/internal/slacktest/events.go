package slacktest

import (
	"encoding/json"
	"strings"
	"time"
)

// Delivery is the fate of one thing that was sent to the app.
type Delivery struct {
	ID       string   `json:"id"`   // event_id or, for interactions and commands, an id of our own
	Kind     string   `json:"kind"` // events_api, interactive, slash_commands
	Attempts []string `json:"attempts"`
	Acked    bool     `json:"acked"`
	Done     bool     `json:"done"` // acknowledged or given up
	TS       string   `json:"ts,omitempty"`
	Took     int64    `json:"took_ns"` // from the sending of the acknowledged attempt to its acknowledgement
	doors    int      // that still have it under way
}

// outgoing is something on its way to the app.
type outgoing struct {
	id      string
	kind    string
	ts      string
	payload map[string]any
	once    bool // interactions and commands are not retried
	reply   *responseURL
	slot    int // in s.deliveries
}

// emit wraps an inner event and sends it. The caller holds s.mu.
func (s *Server) emit(event map[string]any) *outgoing {
	id := s.id("Ev")
	ts, _ := event["ts"].(string)
	o := &outgoing{id: id, kind: "events_api", ts: ts, payload: map[string]any{
		"token": "verification", "team_id": TeamID, "context_team_id": TeamID, "api_app_id": AppID,
		"type": "event_callback", "event_id": id, "event_time": time.Now().Unix(), "event": event,
		"authorizations": []map[string]any{{
			"enterprise_id": nil, "team_id": TeamID, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false, "event_context": "4-" + id,
	}}
	s.send(o)
	return o
}

// Emit sends any inner event and returns its event_id.
func (s *Server) Emit(event map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emit(event).id
}

// fields gives a struct as a JSON object.
func fields(v any) map[string]any {
	raw, _ := json.Marshal(v) // Message marshals
	var out map[string]any
	_ = json.Unmarshal(raw, &out)
	return out
}

// emitMessage sends a new message, and the mention that it may be.
func (s *Server) emitMessage(c *channel, m *Message) {
	if !c.has(BotUser) {
		return
	}
	event := fields(m)
	delete(event, "reply_count")
	delete(event, "latest_reply")
	event["channel"], event["channel_type"], event["event_ts"] = c.id, c.kind, m.TS
	s.emit(event)
	if c.kind != "im" && m.BotID != BotID && strings.Contains(m.Text, "<@"+BotUser+">") {
		mention := fields(m)
		mention["type"], mention["channel"], mention["event_ts"] = "app_mention", c.id, m.TS
		delete(mention, "subtype")
		s.emit(mention)
	}
}

func (s *Server) emitChanged(c *channel, m, before *Message) {
	if !c.has(BotUser) {
		return
	}
	ts := s.ts()
	s.emit(map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.id, "channel_type": c.kind,
		"ts": ts, "event_ts": ts, "message": fields(m), "previous_message": fields(before),
	})
}

func (s *Server) emitRemoved(c *channel, before, tombstone *Message) {
	if tombstone != nil {
		s.emitChanged(c, tombstone, before)
		return
	}
	if !c.has(BotUser) {
		return
	}
	ts := s.ts()
	s.emit(map[string]any{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.id, "channel_type": c.kind,
		"ts": ts, "event_ts": ts, "deleted_ts": before.TS, "previous_message": fields(before),
	})
}

// send starts the delivery of o. The caller holds s.mu.
func (s *Server) send(o *outgoing) {
	o.slot = len(s.deliveries)
	s.deliveries = append(s.deliveries, Delivery{ID: o.id, Kind: o.kind, TS: o.ts})
	endpoint, both := s.endpoint, s.cfg.Both
	s.touch()
	if endpoint != "" {
		s.deliveries[o.slot].doors++
		s.underWay++
		s.work.Go(func() {
			s.deliver(o, func(n int, reason string) ([]byte, string) { return s.postToApp(endpoint, o, n, reason) })
		})
	}
	if endpoint == "" || both {
		s.deliveries[o.slot].doors++
		s.underWay++
		first := s.toSocket(o, 0, "") // in order: the first attempts leave under the lock
		s.work.Go(func() {
			s.deliver(o, func(n int, reason string) ([]byte, string) {
				if n > 0 {
					s.mu.Lock()
					first = s.toSocket(o, n, reason)
					s.mu.Unlock()
				}
				return s.awaitAck(first)
			})
		})
	}
}

// deliver tries until the app acknowledges or the retries are used up.
func (s *Server) deliver(o *outgoing, try func(n int, reason string) (body []byte, failure string)) {
	delays := s.cfg.RetryDelays
	if o.once {
		delays = nil
	}
	reason := ""
	for n := 0; ; n++ {
		start := time.Now()
		body, failure := try(n, reason)
		last := failure == "" || failure == noRetry || n >= len(delays)
		s.record(o, failure, last, body, time.Since(start))
		if last || s.ctx.Err() != nil {
			return
		}
		reason = failure
		t := time.NewTimer(delays[n])
		select {
		case <-t.C:
		case <-s.ctx.Done():
			t.Stop()
			return
		}
	}
}

func (s *Server) record(o *outgoing, failure string, last bool, body []byte, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &s.deliveries[o.slot]
	word := failure
	if word == "" {
		word = "ok"
		d.Acked = true
		s.acked[d.TS] = true
		d.Took = int64(took)
	}
	d.Attempts = append(d.Attempts, word)
	if last {
		d.doors--
		s.underWay--
	}
	d.Done = d.doors == 0
	if failure == "" && o.reply != nil && len(body) > 0 {
		if bad := s.answerPrivately(o.reply, body); bad != "" {
			s.log.Warn("answer to an interaction was refused", "error", bad)
			d.Attempts = append(d.Attempts, bad)
		}
	}
	s.touch()
}

// Deliveries gives the fate of everything that was sent to the app.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Delivery, len(s.deliveries))
	for i, d := range s.deliveries {
		d.Attempts = append([]string(nil), d.Attempts...)
		out[i] = d
	}
	return out
}

// Acked tells whether the app has acknowledged an event of the message at ts.
func (s *Server) Acked(ts string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acked[ts]
}

// Quiet tells whether nothing is on its way to the app.
func (s *Server) Quiet() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underWay == 0
}
