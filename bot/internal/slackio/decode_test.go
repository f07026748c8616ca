package slackio

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack/socketmode"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

var testDecoder = decoder{self: identity{team: "T1", user: "UBOT", bot: "BBOT"}, listen: []string{"CLISTEN"}}

func wrap(inner string) []byte {
	return []byte(`{"type":"event_callback","team_id":"T1","event_id":"Ev1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],"event":` + inner + `}`)
}

// attention says of what Slack may send whether it is for the bot.
var attention = []struct {
	name  string
	inner string
	what  string // why it is dropped, or "" when an event comes
	check func(inbox.Event) bool
}{
	{
		"mention", `{"type":"app_mention","user":"U1","text":"<@UBOT> 왜요","ts":"1.000001","channel":"C1"}`, "",
		func(e inbox.Event) bool {
			return e.Message.Addressed && e.Message.Text == "왜요" && e.Address.Thread == "1.000001"
		},
	},
	{
		"direct message", `{"type":"message","user":"U1","text":"왜요","ts":"1.000001","channel":"D1","channel_type":"im"}`, "",
		func(e inbox.Event) bool { return e.Message.Addressed },
	},
	{"group message without a mention", `{"type":"message","user":"U1","text":"왜요","ts":"1.000001","channel":"G1","channel_type":"mpim"}`, elsewhere, nil},
	{
		"listened channel", `{"type":"message","user":"U1","text":"왜요","ts":"1.000001","channel":"CLISTEN","channel_type":"channel"}`, "",
		func(e inbox.Event) bool { return !e.Message.Addressed },
	},
	{"other channel", `{"type":"message","user":"U1","text":"왜요","ts":"1.000001","channel":"C1","channel_type":"channel"}`, elsewhere, nil},
	{
		"reply in any thread", `{"type":"message","user":"U1","text":"그럼요","ts":"2.000001","thread_ts":"1.000001","channel":"C1","channel_type":"channel"}`, "",
		func(e inbox.Event) bool { return e.Address.Thread == "1.000001" && !e.Message.Addressed },
	},
	{"own post, which has no subtype", `{"type":"message","user":"UBOT","bot_id":"BBOT","text":"네","ts":"1.000001","channel":"CLISTEN"}`, ownPost, nil},
	{"own post by user id alone", `{"type":"message","user":"UBOT","text":"네","ts":"1.000001","channel":"CLISTEN"}`, ownPost, nil},
	{"another bot's post", `{"type":"message","user":"U9","bot_id":"B9","text":"<@UBOT> hi","ts":"1.000001","channel":"CLISTEN"}`, botPost, nil},
	{"another bot's mention", `{"type":"app_mention","user":"U9","bot_id":"B9","text":"<@UBOT> hi","ts":"1.000001","channel":"C1"}`, botPost, nil},
	{"old style bot_message", `{"type":"message","subtype":"bot_message","text":"hi","ts":"1.000001","channel":"CLISTEN"}`, botPost, nil},
	{"Slackbot", `{"type":"message","user":"USLACKBOT","text":"hi","ts":"1.000001","channel":"D1"}`, botPost, nil},
	{"join", `{"type":"message","subtype":"channel_join","user":"U1","text":"joined","ts":"1.000001","channel":"CLISTEN"}`, notSaid, nil},
	{
		"file_share is a question", `{"type":"message","subtype":"file_share","user":"U1","text":"","files":[{"id":"F1"}],"ts":"1.000001","channel":"CLISTEN"}`, "",
		func(e inbox.Event) bool { return e.Message.Files && e.Message.Text == "" },
	},
	{
		"thread_broadcast is a question", `{"type":"message","subtype":"thread_broadcast","user":"U1","text":"왜요","ts":"2.000001","thread_ts":"1.000001","channel":"CLISTEN","root":{"text":"x"}}`, "",
		func(e inbox.Event) bool { return e.Message.Text == "왜요" && e.Address.Thread == "1.000001" },
	},
	{
		"forwarded message in a channel", `{"type":"app_mention","user":"U1","text":"<@UBOT>","ts":"1.000001","channel":"C1","attachments":[{"is_share":true,"author_id":"U2","from_url":"https://x","text":"막혔대요"}]}`, "",
		func(e inbox.Event) bool { return e.Message.Text == "막혔대요" },
	},
	{
		"forwarded message with a comment", `{"type":"app_mention","user":"U1","text":"<@UBOT> 이건요?","ts":"1.000001","channel":"C1","attachments":[{"is_share":true,"text":"막혔대요"},{"title":"a preview","text":"x"}]}`, "",
		func(e inbox.Event) bool { return e.Message.Text == "이건요?\n막혔대요" },
	},
	{
		"edit carries the new text inside message", `{"type":"message","subtype":"message_changed","channel":"CLISTEN","ts":"3.000001","message":{"user":"U1","text":"새 글","ts":"1.000001","edited":{"user":"U1","ts":"3.000000"}},"previous_message":{"user":"U1","text":"옛 글","ts":"1.000001"}}`, "",
		func(e inbox.Event) bool {
			return e.Kind == inbox.Edited && e.Message.Text == "새 글" && e.TS == "1.000001" && e.User == "U1"
		},
	},
	{"unfurl is no question", `{"type":"message","subtype":"message_changed","channel":"CLISTEN","ts":"3.000001","message":{"user":"U1","text":"https://a.kr","ts":"1.000001","attachments":[{"title":"a"}]},"previous_message":{"user":"U1","text":"https://a.kr","ts":"1.000001"}}`, unfurled, nil},
	{"own edit", `{"type":"message","subtype":"message_changed","channel":"CLISTEN","ts":"3.000001","message":{"user":"UBOT","bot_id":"BBOT","text":"새","ts":"1.000001","edited":{"user":"UBOT","ts":"3.000000"}}}`, ownPost, nil},
	{
		"deletion", `{"type":"message","subtype":"message_deleted","channel":"CLISTEN","ts":"3.000001","deleted_ts":"1.000001","previous_message":{"user":"U1","text":"왜요","ts":"1.000001"}}`, "",
		func(e inbox.Event) bool { return e.Kind == inbox.Deleted && e.TS == "1.000001" },
	},
	{
		"deletion of a question with replies leaves a tombstone", `{"type":"message","subtype":"message_changed","channel":"CLISTEN","ts":"3.000001","message":{"subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1.000001","thread_ts":"1.000001"},"previous_message":{"user":"U1","text":"왜요","ts":"1.000001","thread_ts":"1.000001"}}`, "",
		func(e inbox.Event) bool {
			return e.Kind == inbox.Deleted && e.TS == "1.000001" && e.Address.Thread == "1.000001"
		},
	},
	{"own deletion", `{"type":"message","subtype":"message_deleted","channel":"CLISTEN","ts":"3.000001","deleted_ts":"1.000001","previous_message":{"user":"UBOT","bot_id":"BBOT","text":"네","ts":"1.000001"}}`, ownPost, nil},
	{"unknown inner event", `{"type":"brand_new_thing","x":1}`, unknown, nil},
	{"our token was revoked", `{"type":"tokens_revoked","tokens":{"bot":["UBOT"]}}`, stopped, nil},
	{"somebody's user token was revoked", `{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":[]}}`, unknown, nil},
	{"uninstalled", `{"type":"app_uninstalled"}`, stopped, nil},
}

func TestRulesOfAttention(t *testing.T) {
	for _, c := range attention {
		t.Run(c.name, func(t *testing.T) {
			it, err := testDecoder.event(wrap(c.inner))
			if err != nil {
				t.Fatal(err)
			}
			if (it.event == nil) != (c.check == nil) || it.what != c.what {
				t.Fatalf("what = %q, event = %+v; want what = %q", it.what, it.event, c.what)
			}
			if c.check != nil && !c.check(*it.event) {
				t.Errorf("event = %+v", *it.event)
			}
		})
	}
}

// Dedupe on (team, event_id) and on (team, channel, ts, kind).
func TestKeys(t *testing.T) {
	keys := func(raw []byte) []string {
		it, err := testDecoder.event(raw)
		if err != nil {
			t.Fatal(err)
		}
		return it.event.Keys
	}
	a := keys(wrap(`{"type":"message","user":"U1","text":"<@UBOT> x","ts":"1.000001","channel":"C1"}`))
	b := keys([]byte(strings.Replace(string(wrap(`{"type":"app_mention","user":"U1","text":"<@UBOT> x","ts":"1.000001","channel":"C1"}`)), "Ev1", "Ev2", 1)))
	if len(a) != 2 || len(b) != 2 || a[0] == b[0] || a[1] != b[1] {
		t.Errorf("keys = %v and %v: event ids must differ, message keys agree", a, b)
	}
}

// Slack Connect: take the token by authorizations, not by team_id alone.
func TestSharedChannelGoesByAuthorizations(t *testing.T) {
	const inner = `{"type":"app_mention","user":"U1","text":"<@UBOT> x","ts":"1.000001","channel":"C1"}`
	event := func(team, auth string) item {
		it, err := testDecoder.event([]byte(`{"type":"event_callback","team_id":"` + team + `","event_id":"Ev1","is_ext_shared_channel":true,"authorizations":` + auth + `,"event":` + inner + `}`))
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	if it := event("TOTHER", `[{"team_id":"T1","user_id":"UBOT"}]`); it.event == nil || it.event.Address.Team != "T1" {
		t.Errorf("our event under another team_id: %+v", it)
	}
	if it := event("T1", `[{"team_id":"TOTHER","user_id":"UX"}]`); it.what != otherTeam {
		t.Errorf("another installation's event: %+v", it)
	}
	if it := event("T1", `[]`); it.event == nil {
		t.Errorf("an event without authorizations: %+v", it)
	}
}

func TestClicks(t *testing.T) {
	click := func(action, value, user string) interactionItem {
		raw, err := json.Marshal(map[string]any{
			"type": "block_actions", "user": map[string]string{"id": user}, "trigger_id": "t", "response_url": "r",
			"container": map[string]string{"channel_id": "C1", "message_ts": "2.000001", "thread_ts": "1.000001"},
			"message":   map[string]any{"ts": "2.000001", "text": "x", "bot_id": "BBOT"},
			"actions":   []map[string]string{{"action_id": action, "value": value, "action_ts": "3.000001", "block_id": "b"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		it, err := testDecoder.interaction(raw)
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	choose := click("haedap:choose:1", "usage_restriction", "U1")
	if e := choose.event; e == nil || e.Message.Action != desk.Choose || e.Message.Intent != "usage_restriction" || !e.Message.Addressed ||
		e.Address.Thread != "1.000001" || e.TS != "3.000001" || e.User != "U1" {
		t.Fatalf("choose = %+v", choose.event)
	}
	if again := click("haedap:choose:1", "usage_restriction", "U2"); again.event.Keys[0] != choose.event.Keys[0] {
		t.Error("the same choice twice has two keys")
	}
	if click("haedap:unhelpful:0", "", "U1").event.Keys[0] == click("haedap:unhelpful:0", "", "U2").event.Keys[0] {
		t.Error("two people's feedback has one key")
	}
	if it := click("haedap:whole:0", "phone_number_blocked|ko", "U1"); it.whole == nil || it.whole.article != "phone_number_blocked" || it.whole.lang != "ko" {
		t.Errorf("whole = %+v", it)
	}
	if it := click("somebody_elses", "", "U1"); it.what != unknown {
		t.Errorf("foreign button = %+v", it)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add(wrap(`{"type":"message","user":"U1","text":"<@UBOT> x","ts":"1.000001","channel":"C1"}`))
	f.Add(wrap(`{"type":"message","subtype":"message_changed","channel":"C","message":{"ts":"1","edited":{"ts":"x"}}}`))
	f.Add(wrap(`{"type":"message","subtype":"message_deleted","channel":"C","deleted_ts":"","previous_message":{}}`))
	f.Add([]byte(`{"type":"app_rate_limited","minute_rate_limited":9223372036854775807}`))
	f.Add([]byte(`{"type":"event_callback","event":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		it, err := testDecoder.event(raw)
		if err != nil || it.event == nil {
			return
		}
		if e := it.event; e.TS == "" || e.Address.Channel == "" || e.Address.Thread == "" || len(e.Keys) == 0 || e.Address.Team != "T1" {
			t.Errorf("incomplete event %+v", e)
		}
	})
}

func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","user":{"id":"U"},"container":{"channel_id":"C","message_ts":"1.0"},"actions":[{"action_id":"haedap:human:0","action_ts":"9"}]}`))
	f.Add([]byte(`{"type":"message_action","callback_id":"haedap_suggest","message":{"text":"x"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		it, err := testDecoder.interaction(raw)
		if err != nil || it.event == nil {
			return
		}
		if e := it.event; e.TS == "" || e.Address.Channel == "" || e.Address.Thread == "" || len(e.Keys) != 1 {
			t.Errorf("incomplete event %+v", e)
		}
	})
}

func FuzzUnwrap(f *testing.F) {
	f.Add([]byte(`{"type":"events_api","envelope_id":"e","payload":{"event":{"channel":{}}}}`))
	f.Add([]byte(`{"envelope_id":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, ok := unwrap(socketmode.Event{Type: socketmode.EventTypeErrorBadMessage, Data: &socketmode.ErrorBadMessage{Message: raw}})
		if ok && e.ID == "" {
			t.Error("an envelope that cannot be acknowledged")
		}
	})
}

func FuzzQuotedCustomer(f *testing.F) {
	f.Add("고객 문의: x", "")
	f.Add("> a\n>> b\nc", "")
	f.Add("```", "x")
	f.Fuzz(func(t *testing.T, text, shared string) {
		if got := quotedCustomer(text, shared); len(got) > len(text)+len(shared) {
			t.Errorf("%q grew out of %q", got, text)
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	raw := wrap(`{"type":"app_mention","user":"U1","text":"<@UBOT> 새로 개통한 번호인데 인증번호를 못 보내는 번호래요","ts":"1.000001","channel":"C1"}`)
	for b.Loop() {
		if it, err := testDecoder.event(raw); err != nil || it.event == nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	r := reply()
	for b.Loop() {
		if p := render(r, false); len(p.blocks) == 0 {
			b.Fatal("nothing to show")
		}
	}
}
