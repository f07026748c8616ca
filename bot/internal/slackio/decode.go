package slackio

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

// What became of something that Slack sent; the words are the labels of its count.
const (
	accepted   = "accepted"
	duplicate  = "duplicate"
	failed     = "failed"      // not accepted, not acknowledged: Slack sends it again
	badEvent   = "malformed"   // not JSON, or without what makes it an event
	unknown    = "unknown"     // an event or an interaction that we do not know
	ownPost    = "own"         // we wrote it
	botPost    = "bot"         // another bot wrote it
	elsewhere  = "elsewhere"   // neither addressed to us, nor in a channel or thread of ours
	notSaid    = "subtype"     // joins, topics, pins and the like
	unfurled   = "unfurl"      // a change that left the text alone
	otherTeam  = "other_team"  // for an installation whose token we do not have
	stopped    = "stopped"     // the app was uninstalled or its token revoked
	heldBack   = "held_back"   // Slack sent too many events and left some out
	suggested  = "suggestion"  // an agent asked for a suggestion
	answered   = "answered"    // catch-up: a human was there first
	badRequest = "bad_request" // refused at the HTTP door
)

// outer is what wraps an event. We decode the few fields that we need and leave the rest alone, so
// that a field of a new shape elsewhere in a payload cannot cost a question.
type outer struct {
	Type           string `json:"type"`
	TeamID         string `json:"team_id"`
	EventID        string `json:"event_id"`
	Challenge      string `json:"challenge"`
	RateLimited    int64  `json:"minute_rate_limited"` // of app_rate_limited, Unix seconds
	Authorizations []struct {
		TeamID string `json:"team_id"`
		UserID string `json:"user_id"`
	} `json:"authorizations"`
	Event json.RawMessage `json:"event"`
}

// message is an inner event of type message or app_mention.
type message struct {
	Type        string            `json:"type"`
	Subtype     string            `json:"subtype"`
	User        string            `json:"user"`
	BotID       string            `json:"bot_id"`
	Text        string            `json:"text"`
	TS          string            `json:"ts"`
	ThreadTS    string            `json:"thread_ts"`
	Channel     string            `json:"channel"`
	ChannelType string            `json:"channel_type"`
	DeletedTS   string            `json:"deleted_ts"`
	Files       []json.RawMessage `json:"files"`
	Attachments []attachment      `json:"attachments"`
	Edited      *struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Changed  *message `json:"message"`
	Previous *message `json:"previous_message"`
}

type attachment struct {
	IsShare  bool   `json:"is_share"`
	AuthorID string `json:"author_id"`
	FromURL  string `json:"from_url"`
	Text     string `json:"text"`
}

// item is what something from Slack asks us to do; of its parts at most one is set.
type item struct {
	what    string       // why there is nothing to do, for the count
	event   *inbox.Event // to accept
	ifKnown bool         // … only when its thread is one of ours
	forward *forward     // a customer's message that an agent passed on
	missed  time.Time    // Slack held events back since then
	stop    string       // the app is over: tokens_revoked or app_uninstalled
}

// forward is a customer's message in a direct conversation between an agent and us.
type forward struct {
	address inbox.Address
	ts      string
	text    string
}

// decoder turns Slack's JSON into items. It is immutable.
type decoder struct {
	self   identity
	listen []string
}

var errMalformed = errors.New("not a Slack event")

// event decodes the body of an Events API request, or the payload of an events_api envelope.
func (d decoder) event(raw []byte) (item, error) {
	var o outer
	if err := json.Unmarshal(raw, &o); err != nil {
		return item{}, fmt.Errorf("decode event: %w", err)
	}
	switch o.Type {
	case "event_callback":
	case "":
		return item{}, errMalformed
	case "app_rate_limited":
		return item{what: heldBack, missed: time.Unix(o.RateLimited, 0)}, nil
	default:
		return item{what: unknown}, nil
	}
	if !d.ours(o) {
		return item{what: otherTeam}, nil
	}
	var kind struct {
		Type   string `json:"type"`
		Tokens struct {
			Bot []string `json:"bot"`
		} `json:"tokens"`
	}
	if err := json.Unmarshal(o.Event, &kind); err != nil {
		return item{}, fmt.Errorf("decode inner event: %w", err)
	}
	switch kind.Type {
	case "message", "app_mention":
		var m message
		if err := json.Unmarshal(o.Event, &m); err != nil {
			return item{}, fmt.Errorf("decode message: %w", err)
		}
		return d.message(m, o.EventID)
	case "app_uninstalled":
		return item{what: stopped, stop: kind.Type}, nil
	case "tokens_revoked":
		if slices.Contains(kind.Tokens.Bot, d.self.user) {
			return item{what: stopped, stop: kind.Type}, nil
		}
	}
	return item{what: unknown}, nil
}

// ours tells whether an event was sent for our installation: in a channel shared between
// companies team_id may be the other one's, and the authorizations say whose token to take.
func (d decoder) ours(o outer) bool {
	for _, a := range o.Authorizations {
		if a.TeamID == d.self.team || a.UserID == d.self.user {
			return true
		}
	}
	return len(o.Authorizations) == 0 && (o.TeamID == "" || o.TeamID == d.self.team)
}

func (d decoder) message(m message, eventID string) (item, error) {
	if m.Channel == "" {
		return item{}, errMalformed
	}
	switch m.Subtype {
	case "message_changed":
		return d.changed(m, eventID)
	case "message_deleted":
		if m.Previous == nil {
			return item{what: unknown}, nil
		}
		return d.deleted(m, *m.Previous, m.DeletedTS, eventID)
	case "", "file_share", "thread_broadcast", "me_message", "bot_message":
		return d.said(m, eventID)
	}
	return item{what: notSaid}, nil
}

// bot tells whose post it is when no human wrote it.
func (d decoder) bot(m message) string {
	switch {
	case m.User == d.self.user, m.BotID != "" && m.BotID == d.self.bot:
		return ownPost
	case m.BotID != "", m.Subtype == "bot_message", m.User == "USLACKBOT", m.User == "":
		return botPost
	}
	return ""
}

func (d decoder) said(m message, eventID string) (item, error) {
	if what := d.bot(m); what != "" {
		return item{what: what}, nil
	}
	at, err := moment(m.TS)
	if err != nil {
		return item{}, err
	}
	direct := m.direct()
	text, mentioned := plain(m.Text, d.self.user)
	reply := m.ThreadTS != "" && m.ThreadTS != m.TS
	attentive := direct || mentioned || m.Type == "app_mention" || slices.Contains(d.listen, m.Channel)
	if !attentive && !reply {
		return item{what: elsewhere}, nil
	}
	shared := m.shared()
	if direct && !reply {
		if quoted := quotedCustomer(text, shared); quoted != "" {
			return item{what: suggested, forward: &forward{address: d.address(m), ts: m.TS, text: quoted}}, nil
		}
	}
	text = strings.TrimSpace(text + "\n" + shared)
	event := d.newEvent(inbox.Said, m, eventID, m.TS, at)
	event.Keys = append(event.Keys, d.key(m.Channel, m.TS, "said"))
	event.Message = desk.Message{Text: text, Addressed: direct || mentioned || m.Type == "app_mention", Files: len(m.Files) > 0}
	return item{event: event, ifKnown: !attentive}, nil
}

func (m message) direct() bool { return m.ChannelType == "im" || strings.HasPrefix(m.Channel, "D") }

// shared is the text of a message that was forwarded with this one.
func (m message) shared() string {
	var parts []string
	for _, a := range m.Attachments {
		if a.IsShare {
			if text, _ := plain(a.Text, ""); text != "" {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// changed is an edit, unless only a link preview came or the message went.
func (d decoder) changed(m message, eventID string) (item, error) {
	if m.Changed == nil {
		return item{what: unknown}, nil
	}
	now := *m.Changed
	now.Channel, now.ChannelType = m.Channel, m.ChannelType
	if now.Subtype == "tombstone" { // a deleted message that has replies
		before := now
		if m.Previous != nil {
			before = *m.Previous
		}
		return d.deleted(m, before, now.TS, eventID)
	}
	if what := d.bot(now); what != "" {
		return item{what: what}, nil
	}
	if m.Previous != nil && m.Previous.Text == now.Text {
		return item{what: unfurled}, nil
	}
	if now.Edited == nil {
		return item{what: unfurled}, nil
	}
	at, err := moment(now.Edited.TS)
	if err != nil {
		return item{}, err
	}
	text, mentioned := plain(now.Text, d.self.user)
	text = strings.TrimSpace(text + "\n" + now.shared())
	event := d.newEvent(inbox.Edited, now, eventID, now.TS, at)
	event.Keys = append(event.Keys, d.key(m.Channel, now.TS, "edited:"+now.Edited.TS))
	event.Message = desk.Message{Text: text, Addressed: now.direct() || mentioned, Files: len(now.Files) > 0}
	return item{event: event, ifKnown: !event.Message.Addressed && !slices.Contains(d.listen, m.Channel)}, nil
}

func (d decoder) deleted(m, before message, ts, eventID string) (item, error) {
	before.Channel, before.ChannelType, before.TS = m.Channel, m.ChannelType, ts
	if before.User != "USLACKBOT" { // after a tombstone nobody knows who wrote it
		if what := d.bot(before); what != "" {
			return item{what: what}, nil
		}
	}
	at, err := moment(m.TS)
	if err != nil {
		at, err = moment(ts)
	}
	if err != nil {
		return item{}, err
	}
	event := d.newEvent(inbox.Deleted, before, eventID, ts, at)
	event.Keys = append(event.Keys, d.key(m.Channel, ts, "deleted"))
	_, mentioned := plain(before.Text, d.self.user)
	return item{event: event, ifKnown: !before.direct() && !mentioned && !slices.Contains(d.listen, m.Channel)}, nil
}

func (d decoder) newEvent(kind inbox.Kind, m message, eventID, ts string, at time.Time) *inbox.Event {
	e := &inbox.Event{Kind: kind, Address: d.address(m), TS: ts, User: m.User, At: at}
	if eventID != "" {
		e.Keys = append(e.Keys, "slack:event:"+d.self.team+":"+eventID)
	}
	return e
}

func (d decoder) address(m message) inbox.Address {
	thread := m.ThreadTS
	if thread == "" {
		thread = m.TS
	}
	return inbox.Address{Door: "slack", Team: d.self.team, Channel: m.Channel, Thread: thread}
}

// key names one thing that happened to one message, however often and by whichever event Slack tells it.
func (d decoder) key(channel, ts, what string) string {
	return "slack:" + d.self.team + ":" + channel + ":" + ts + ":" + what
}

// moment reads a Slack ts, seconds with a fraction.
func moment(ts string) (time.Time, error) {
	sec, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(sec, 10, 64)
	if err != nil || s < 0 || s > 1<<40 {
		return time.Time{}, fmt.Errorf("%w: bad ts", errMalformed)
	}
	us, err := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	if err != nil || us < 0 {
		return time.Time{}, fmt.Errorf("%w: bad ts", errMalformed)
	}
	return time.Unix(s, us*1000), nil
}
