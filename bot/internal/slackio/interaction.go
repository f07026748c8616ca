package slackio

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

// suggestCallback is the id of the message shortcut in deploy/slack-manifest.yaml.
const suggestCallback = "haedap_suggest"

// interaction is a pressed button or a used message shortcut.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	ActionTS    string `json:"action_ts"`
	User        struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message   message `json:"message"`
	Container struct {
		ChannelID string `json:"channel_id"`
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Actions []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
		ActionTS string `json:"action_ts"`
	} `json:"actions"`
}

// interactionItem is what an interaction asks for; at most one of its parts is set.
type interactionItem struct {
	what    string
	event   *inbox.Event
	whole   *wholeRequest
	suggest *suggestRequest
}

// wholeRequest asks for the whole of an article.
type wholeRequest struct{ article, lang, trigger, responseURL string }

// suggestRequest asks, by shortcut, for a suggestion that only its user sees.
type suggestRequest struct{ text, responseURL string }

// interaction decodes the payload of an interaction.
func (d decoder) interaction(raw []byte) (interactionItem, error) {
	var in interaction
	if err := json.Unmarshal(raw, &in); err != nil {
		return interactionItem{}, fmt.Errorf("decode interaction: %w", err)
	}
	switch {
	case in.Type == "message_action" && in.CallbackID == suggestCallback:
		text, _ := plain(in.Message.Text, d.self.user)
		if shared := in.Message.shared(); text == "" {
			text = shared
		}
		return interactionItem{what: suggested, suggest: &suggestRequest{text: text, responseURL: in.ResponseURL}}, nil
	case in.Type == "block_actions" && len(in.Actions) > 0:
		return d.click(in)
	case in.Type == "":
		return interactionItem{}, errMalformed
	}
	return interactionItem{what: unknown}, nil
}

// click is a pressed button of ours.
func (d decoder) click(in interaction) (interactionItem, error) {
	a := in.Actions[0]
	name, ours := strings.CutPrefix(a.ActionID, actionPrefix)
	if !ours {
		return interactionItem{what: unknown}, nil
	}
	name, _, _ = strings.Cut(name, ":")
	if name == wholeAction {
		article, lang, _ := strings.Cut(a.Value, "|")
		return interactionItem{whole: &wholeRequest{article: article, lang: lang, trigger: in.TriggerID, responseURL: in.ResponseURL}}, nil
	}
	action := desk.Action(name)
	switch action {
	case desk.Choose, desk.OtherThan, desk.Human, desk.Helpful, desk.Unhelpful:
	default:
		return interactionItem{what: unknown}, nil
	}
	m := in.Message
	m.Channel = first(in.Container.ChannelID, in.Channel.ID)
	m.TS = first(in.Container.MessageTS, m.TS)
	m.ThreadTS = first(in.Container.ThreadTS, m.ThreadTS)
	m.User = in.User.ID
	ts := first(a.ActionTS, in.ActionTS)
	at, err := moment(ts)
	if err != nil {
		at, ts = time.Now(), fmt.Sprintf("%.6f", float64(time.Now().UnixMicro())/1e6)
	}
	if m.Channel == "" || m.TS == "" {
		return interactionItem{}, errMalformed
	}
	event := d.newEvent(inbox.Said, m, "", ts, at)
	key := "click:" + name + ":" + a.Value
	if action == desk.Helpful || action == desk.Unhelpful {
		key += ":" + in.User.ID // each person has a say, once
	}
	event.Keys = []string{d.key(m.Channel, m.TS, key)}
	event.Message = desk.Message{Addressed: true, Action: action}
	if action == desk.Choose {
		event.Message.Intent = a.Value
	}
	return interactionItem{event: event}, nil
}

// command is a slash command, as a form or as JSON.
type command struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
