package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"haedap/bot/internal/slacktest"
)

const (
	blockedQuestion  = "새로 개통한 번호인데 인증번호를 보낼 수 없는 번호래요"
	followupQuestion = "그럼 언제 풀려요?"
)

// eachDoor runs a test through every door.
func eachDoor(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	for _, by := range []door{byHTTP, bySocket, byBoth} {
		t.Run(string(by), func(t *testing.T) { test(t, newOffice(t, by)) })
	}
}

// must gives what was done in the fake Slack.
func must(t *testing.T) func(m slacktest.Message, err error) slacktest.Message {
	return func(m slacktest.Message, err error) slacktest.Message {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

// eventually waits until something holds in the fake Slack.
func (o *office) eventually(what string, holds func() bool) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 40*time.Second)
	defer cancel()
	if err := o.Await(ctx, holds); err != nil {
		o.t.Fatalf("%s: %v", what, err)
	}
}

// replies are the bot's posts in the thread of m.
func (o *office) replies(m slacktest.Message, channel string) []slacktest.Message {
	var out []slacktest.Message
	for _, r := range o.Thread(channel, m.TS) {
		if r.BotID == slacktest.BotID {
			out = append(out, r)
		}
	}
	return out
}

// reply waits for the n-th reply in the thread of m.
func (o *office) reply(m slacktest.Message, channel string, n int) slacktest.Message {
	o.t.Helper()
	o.eventually("a reply", func() bool { return len(o.replies(m, channel)) >= n })
	return o.replies(m, channel)[n-1]
}

// settled holds the bot to exactly n replies in a thread: everything sent to it was taken, and what is asked last is answered last.
func (o *office) settled(m slacktest.Message, channel string, n int) {
	o.t.Helper()
	o.eventually("everything is taken", o.Quiet)
	must(o.t)(o.Say(slacktest.Post{Channel: channel, User: m.User, Thread: m.TS, Text: "<@" + slacktest.BotUser + "> " + followupQuestion}))
	o.reply(m, channel, n+1)
	o.eventually("everything is taken", o.Quiet)
	if got := len(o.replies(m, channel)); got != n+1 {
		o.t.Errorf("%d replies, want %d:\n%s", got, n+1, texts(o.Thread(channel, m.TS)))
	}
}

func texts(messages []slacktest.Message) string {
	var b strings.Builder
	for _, m := range messages {
		b.WriteString(m.User + m.BotID + ": " + m.Text + "\n")
	}
	return b.String()
}

func TestQuestionToReplyToTicket(t *testing.T) {
	eachDoor(t, func(t *testing.T, o *office) {
		m := must(t)(o.Mention(room, "U1", blockedQuestion))
		r := o.reply(m, room, 1)
		if faults := slacktest.CheckBlocks(r.Blocks, 50); len(faults) > 0 {
			t.Errorf("Slack would refuse the blocks: %v", faults)
		}
		for _, want := range []string{"이용계약등록사항증명서", "원부증명서", "가입사실확인서", "마스킹"} {
			if !strings.Contains(string(r.Blocks), want) {
				t.Errorf("the reply lacks %q: %s", want, r.Blocks)
			}
		}
		if err := o.Click("U1", room, r.TS, "안 됐어요"); err != nil {
			t.Fatal(err)
		}
		o.eventually("a ticket in the desk channel", func() bool { return len(o.BotPosts(deskRoom)) > 0 })
		ticket := o.BotPosts(deskRoom)[0]
		whole := ticket.Text + string(ticket.Blocks)
		if !strings.Contains(whole, blockedQuestion) || !strings.Contains(whole, "/archives/"+room) {
			t.Errorf("the ticket lacks the question or a link to it: %s", whole)
		}
		o.reply(m, room, 2)
		o.settled(m, room, 2)
		tickets := slices.DeleteFunc(o.BotPosts(deskRoom), func(p slacktest.Message) bool { return !strings.Contains(string(p.Blocks), blockedQuestion) })
		if len(tickets) != 1 { // what was asked after it is added in a post of its own
			t.Errorf("%d tickets for one question:\n%s", len(tickets), texts(o.BotPosts(deskRoom)))
		}
		if rss := o.memory(); rss > memoryMost {
			t.Errorf("resident memory %.0f MB, want at most %d", rss, memoryMost)
		} else {
			t.Logf("ready after %d ms, resident memory %.0f MB", o.bot.ready.Milliseconds(), rss)
		}
	})
}

// memoryMost is the most resident memory of serve, in MB.
const memoryMost = 120

func TestListenChannelsAndDirectMessagesNeedNoMention(t *testing.T) {
	o := newOffice(t, byHTTP)
	m := must(t)(o.Say(slacktest.Post{Channel: helpRoom, User: "U1", Text: blockedQuestion}))
	d := must(t)(o.DM("U2", blockedQuestion))
	elsewhere := must(t)(o.Say(slacktest.Post{Channel: room, User: "U1", Text: blockedQuestion}))
	o.reply(m, helpRoom, 1)
	o.reply(d, o.DMChannel("U2"), 1)
	o.eventually("everything is taken", o.Quiet)
	if got := o.replies(elsewhere, room); len(got) != 0 {
		t.Errorf("answered where nobody asked it: %s", texts(got))
	}
}

func TestTheSameEventManyTimesIsAnsweredOnce(t *testing.T) {
	eachDoor(t, func(t *testing.T, o *office) {
		m := must(t)(o.Mention(room, "U1", blockedQuestion)) // comes as message and as app_mention
		event := map[string]any{"type": "message", "channel": room, "channel_type": "channel", "user": "U1", "text": m.Text, "ts": m.TS, "event_ts": m.TS, "team": slacktest.TeamID}
		mention := maps.Clone(event)
		mention["type"] = "app_mention"
		for range 4 {
			o.Emit(event)
			o.Emit(mention)
		}
		o.reply(m, room, 1)
		o.settled(m, room, 1)
	})
}

func TestWhatADroppedSocketCarriedIsAnsweredOnce(t *testing.T) {
	o := newOffice(t, bySocket)
	o.MuteSockets() // half-open: what is sent now is neither read nor acknowledged
	m := must(t)(o.Mention(room, "U1", blockedQuestion))
	o.DropSockets()
	o.reply(m, room, 1)
	o.settled(m, room, 1)
}

func TestAKillLosesNothingAndSaysNothingTwice(t *testing.T) {
	for _, by := range []door{byHTTP, bySocket} {
		t.Run(string(by), func(t *testing.T) {
			o := newOffice(t, by)
			// The first post is made, but the bot dies before it hears so. The second never reaches Slack.
			o.Inject(slacktest.Fault{Method: "chat.postMessage", Channel: room, Kind: slacktest.HangAfter, Times: 1})
			o.Inject(slacktest.Fault{Method: "chat.postMessage", Channel: helpRoom, Kind: slacktest.HangBefore, Times: 1})
			made := must(t)(o.Mention(room, "U1", blockedQuestion))
			unmade := must(t)(o.Say(slacktest.Post{Channel: helpRoom, User: "U2", Text: blockedQuestion}))
			o.eventually("both posts are under way", func() bool {
				return len(o.replies(made, room)) == 1 && len(o.Calls("chat.postMessage")) >= 2
			})
			o.kill()
			missed := must(t)(o.Mention(room, "U2", blockedQuestion)) // while nobody listens
			o.start()
			o.reply(unmade, helpRoom, 1)
			o.reply(missed, room, 1)
			o.settled(made, room, 1)
			o.settled(unmade, helpRoom, 1)
			o.settled(missed, room, 1)
		})
	}
}

func TestReadinessTellsTheTruth(t *testing.T) {
	o := newOffice(t, bySocket)
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/metrics": http.StatusOK, "/": http.StatusOK, "/slack/events": http.StatusNotFound} {
		if status, body, err := get("http://" + o.listen + path); err != nil || status != want {
			t.Errorf("%s: %d, %v, want %d: %.100s", path, status, err, want, body)
		}
	}
	o.Inject(slacktest.Fault{Method: "apps.connections.open", Kind: slacktest.Refuse, Code: "internal_error"})
	o.DropSockets()
	o.eventually("the sockets are gone", func() bool { return o.Sockets() == 0 })
	o.poll("a word that Slack is closed", func() (bool, string) {
		status, body, err := get("http://" + o.listen + "/readyz")
		return err == nil && status == http.StatusServiceUnavailable && strings.HasPrefix(body, "slack: "), body
	})
	o.ClearFaults()
	o.untilReady()
}
