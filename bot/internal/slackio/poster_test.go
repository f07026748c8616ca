package slackio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/slacktest"
)

func postErr(t *testing.T, err error) *inbox.PostError {
	t.Helper()
	var out *inbox.PostError
	if !errors.As(err, &out) {
		t.Fatalf("error is %v, want a *inbox.PostError", err)
	}
	return out
}

// posterTo makes a poster without doors, to a fake Slack of its own.
func posterTo(t *testing.T, cfg slacktest.Config) (*slacktest.Server, *Poster) {
	t.Helper()
	s := slacktest.Start(t, cfg)
	for _, c := range []string{help, deskroom} {
		s.AddChannel(c, "channel", slacktest.BotUser, "U1")
	}
	p, err := NewPoster(Config{BotToken: s.Config().BotToken, AppToken: s.Config().AppToken, APIURL: s.API(), DeskChannel: deskroom})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// A 429 may come without Retry-After, or as 200 with ratelimited; chat.postMessage has no idempotency
// key, so no error may lead to a second request by itself.
func TestPostErrors(t *testing.T) {
	for _, c := range []struct {
		fault   slacktest.Fault
		outcome inbox.Outcome
		code    string
		after   time.Duration // at least
		posted  int
	}{
		{slacktest.Fault{Kind: slacktest.RateLimit, RetryAfter: 7}, inbox.NotSent, "ratelimited", 7 * time.Second, 0},
		{slacktest.Fault{Kind: slacktest.RateLimit}, inbox.NotSent, "ratelimited", time.Second, 0},
		{slacktest.Fault{Kind: slacktest.RateLimitedIn200}, inbox.NotSent, "ratelimited", time.Second, 0},
		{slacktest.Fault{Kind: slacktest.ServerError}, inbox.Ambiguous, "http_503", 0, 0},
		{slacktest.Fault{Kind: slacktest.ServerErrorAfter, Status: 500}, inbox.Ambiguous, "http_500", 0, 1},
		{slacktest.Fault{Kind: slacktest.DropBefore}, inbox.Ambiguous, "connection", 0, 0},
		{slacktest.Fault{Kind: slacktest.DropAfter}, inbox.Ambiguous, "connection", 0, 1},
		{slacktest.Fault{Kind: slacktest.HangBefore}, inbox.Ambiguous, "timeout", 0, 0},
		{slacktest.Fault{Kind: slacktest.HangAfter}, inbox.Ambiguous, "timeout", 0, 1},
		{slacktest.Fault{Kind: slacktest.Garbage}, inbox.Ambiguous, "connection", 0, 1},
		{slacktest.Fault{Kind: slacktest.Refuse, Code: "internal_error"}, inbox.Ambiguous, "internal_error", 0, 0},
		{slacktest.Fault{Kind: slacktest.Refuse, Code: "invalid_auth"}, inbox.NotSent, "invalid_auth", time.Minute, 0},
		{slacktest.Fault{Kind: slacktest.Refuse, Code: "missing_scope"}, inbox.NotSent, "missing_scope", time.Minute, 0},
		{slacktest.Fault{Kind: slacktest.Refuse, Code: "token_revoked"}, inbox.Refused, "token_revoked", 0, 0},
		{slacktest.Fault{Kind: slacktest.Refuse, Code: "is_archived"}, inbox.Refused, "is_archived", 0, 0},
	} {
		t.Run(fmt.Sprint(c.fault.Kind, c.fault.Code, c.fault.RetryAfter), func(t *testing.T) {
			s, p := posterTo(t, slacktest.Config{})
			m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
			c.fault.Method, c.fault.Times = "chat.postMessage", 1
			s.Inject(c.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, err := p.Post(ctx, delivery(m, help, "k"))
			got := postErr(t, err)
			if got.Outcome != c.outcome || got.Code != c.code || got.After < c.after {
				t.Errorf("%+v; want outcome %d, code %s, after %v", got, c.outcome, c.code, c.after)
			}
			if n := len(s.Calls("chat.postMessage")); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			if n := len(s.BotPosts(help)); n != c.posted {
				t.Errorf("%d posts, want %d", n, c.posted)
			}
			_, found, err := p.Find(t.Context(), delivery(m, help, "k"))
			if err != nil || found != (c.posted == 1) {
				t.Errorf("Find = %v, %v", found, err)
			}
		})
	}
}

func TestNothingReachedIsNotSent(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	s.Close()
	_, err := p.Post(t.Context(), delivery(slacktest.Message{TS: "1.000001"}, help, "k"))
	if got := postErr(t, err); got.Outcome != inbox.NotSent || got.After <= 0 {
		t.Errorf("%+v, want it not sent: nobody listens there", got)
	}
}

func TestRefusedChannels(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	s.AddChannel("C0OUT", "channel", "U1")
	s.AddChannel("C0OLD", "channel", slacktest.BotUser)
	s.Archive("C0OLD")
	for channel, code := range map[string]string{"C0OUT": "not_in_channel", "C0OLD": "is_archived", "C0NONE": "channel_not_found"} {
		_, err := p.Post(t.Context(), delivery(slacktest.Message{TS: "1.000001"}, channel, "k"))
		if got := postErr(t, err); got.Outcome != inbox.Refused || got.Code != code {
			t.Errorf("%s: %+v, want %s", channel, got, code)
		}
	}
}

func TestSlackPacesAChannel(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{PostLimit: 1})
	m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	if _, err := p.Post(t.Context(), delivery(m, help, "k1")); err != nil {
		t.Fatal(err)
	}
	_, err := p.Post(t.Context(), delivery(m, help, "k2"))
	if got := postErr(t, err); got.Outcome != inbox.NotSent || got.After != time.Second {
		t.Errorf("%+v", got)
	}
}

// A message that Slack finds too long or malformed goes out in plain words rather than not at all.
func TestMalformedGoesOutPlain(t *testing.T) {
	for _, code := range []string{"msg_too_long", "invalid_blocks"} {
		s, p := posterTo(t, slacktest.Config{})
		m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
		s.Inject(slacktest.Fault{Method: "chat.postMessage", Times: 1, Kind: slacktest.Refuse, Code: code})
		if _, err := p.Post(t.Context(), delivery(m, help, "k")); err != nil {
			t.Fatal(err)
		}
		posts := s.BotPosts(help)
		if len(posts) != 1 || posts[0].Blocks != nil || !strings.Contains(posts[0].Text, "이용계약등록사항증명서") {
			t.Errorf("%s: posts = %+v", code, posts)
		}
	}
}

// A reply must not fall into the channel when its question was deleted meanwhile.
func TestReplyToADeletedQuestionIsTakenBack(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	if err := s.Delete(help, m.TS); err != nil {
		t.Fatal(err)
	}
	_, err := p.Post(t.Context(), delivery(m, help, "k"))
	if got := postErr(t, err); got.Outcome != inbox.Refused || got.Code != "thread_not_found" {
		t.Errorf("%+v", got)
	}
	if posts := s.BotPosts(help); len(posts) != 0 {
		t.Errorf("posts = %+v", posts)
	}
}

func TestReviseAndWithdraw(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	ts, err := p.Post(t.Context(), delivery(m, help, "k1"))
	if err != nil {
		t.Fatal(err)
	}
	revised := delivery(m, help, "k2")
	revised.Kind, revised.TS, revised.Reply.Parts[0].Shown = inbox.Revise, ts, "고친 답"
	if got, err := p.Post(t.Context(), revised); err != nil || got != ts {
		t.Fatalf("revise = %q, %v", got, err)
	}
	posts := s.BotPosts(help)
	if len(posts) != 1 || !strings.Contains(string(posts[0].Blocks), "고친 답") || !strings.Contains(string(posts[0].Blocks), desk.In("ko").Revised) {
		t.Errorf("posts = %+v", posts)
	}
	if _, found, err := p.Find(t.Context(), revised); err != nil || !found {
		t.Errorf("Find(revise) = %v, %v", found, err)
	}
	gone := inbox.Delivery{Key: "k3", Kind: inbox.Withdraw, TS: ts, Address: revised.Address}
	if _, found, err := p.Find(t.Context(), gone); err != nil || found {
		t.Errorf("Find(withdraw) before = %v, %v", found, err)
	}
	for range 2 { // twice: gone is gone
		if _, err := p.Post(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
	}
	if posts := s.BotPosts(help); len(posts) != 0 {
		t.Errorf("posts = %+v", posts)
	}
	if _, found, err := p.Find(t.Context(), gone); err != nil || !found {
		t.Errorf("Find(withdraw) after = %v, %v", found, err)
	}
	s.Inject(slacktest.Fault{Method: "chat.update", Times: 1, Kind: slacktest.DropAfter})
	_, err = p.Post(t.Context(), revised)
	if got := postErr(t, err); got.Outcome != inbox.NotSent || got.After < 12*time.Second {
		t.Errorf("a change whose end is unclear: %+v, want it repeated once it has settled", got)
	}
}

func TestTicket(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	d := inbox.Delivery{
		Key: "t1", Kind: inbox.Ticket, Address: inbox.Address{Door: "slack", Team: slacktest.TeamID, Channel: deskroom},
		Origin: inbox.Address{Door: "slack", Team: slacktest.TeamID, Channel: help, Thread: m.TS},
		Reply: desk.Reply{Decision: desk.Escalate, Lang: "ko", Ticket: &desk.Ticket{
			Reason: desk.ReasonNeighbour, Topic: "인증번호 미수신",
			Question: "<!channel> 급해요\n문자가 안 와요", Candidates: []desk.Candidate{{Label: "새 번호 차단", Score: 0.31}},
		}},
	}
	ts, err := p.Post(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	posts := s.BotPosts(deskroom)
	if len(posts) != 1 {
		t.Fatalf("posts = %+v", posts)
	}
	var text strings.Builder
	for _, b := range decodeBlocks(t, posts[0].Blocks) {
		text.WriteString(b + "\n")
	}
	for _, want := range []string{"&lt;!channel&gt; 급해요", "> 문자가 안 와요", "인증번호 미수신", "새 번호 차단", "31", "https://fake.slack.com/archives/" + help} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the ticket lacks %q:\n%s", want, text.String())
		}
	}
	inert(t, text.String())
	inert(t, posts[0].Text)
	if got, found, err := p.Find(t.Context(), d); err != nil || !found || got != ts {
		t.Errorf("Find = %q, %v, %v", got, found, err)
	}
}

// decodeBlocks gives the text of every section and context in blocks.
func decodeBlocks(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var blocks []struct {
		Text     struct{ Text string }
		Elements []json.RawMessage
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range blocks {
		if b.Text.Text != "" {
			out = append(out, b.Text.Text)
		}
		for _, raw := range b.Elements {
			var e struct {
				Type string
				Text json.RawMessage
			}
			var text string
			if json.Unmarshal(raw, &e) == nil && json.Unmarshal(e.Text, &text) == nil {
				out = append(out, text)
			}
		}
	}
	return out
}

// Limits of blocks. Whatever the desk says, Slack takes it and nothing in it is live.
func TestEveryReplyFitsSlack(t *testing.T) {
	long := strings.Repeat("가나다라 **마바사** <!channel> & https://a.kr/x?y=1&z=2 \n\n- 항목 <@U1>\n", 400)
	part := desk.Part{Article: "a", Title: strings.Repeat("제목 ", 200), Shown: long, Folded: long, Source: strings.Repeat("출처", 2000), URL: "https://a.kr/" + strings.Repeat("x", 5000)}
	var many []desk.Candidate
	for i := range 40 {
		many = append(many, desk.Candidate{Intent: fmt.Sprint("intent_", i), Label: strings.Repeat("이름😀", 60), Score: 0.5})
	}
	for name, r := range map[string]desk.Reply{
		"answer":      reply(),
		"long answer": {Decision: desk.Answer, Lang: "ko", Lead: long, Parts: []desk.Part{part, part, part}, Tail: long},
		"clarify":     {Decision: desk.Clarify, Lang: "en", Lead: "Which?", Offered: many},
		"escalate":    {Decision: desk.Escalate, Lang: "ko", Lead: "전달했습니다.", Ticket: &desk.Ticket{Question: long, Candidates: many, Reason: "new_reason", Topic: long}},
		"chat":        {Decision: desk.Chat, Lang: "ko", Lead: "안녕하세요!"},
	} {
		t.Run(name, func(t *testing.T) {
			s, p := posterTo(t, slacktest.Config{})
			m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
			d := delivery(m, help, "k")
			d.Reply = r
			if _, err := p.Post(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			d.Kind, d.Address = inbox.Ticket, inbox.Address{Door: "slack", Channel: deskroom}
			if _, err := p.Post(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if n := len(s.Calls("chat.postMessage")); n != 2 {
				t.Errorf("%d requests, want 2: Slack refused the blocks", n)
			}
			for _, post := range append(s.BotPosts(help), s.BotPosts(deskroom)...) {
				inert(t, post.Text)
				for _, text := range decodeBlocks(t, post.Blocks) {
					inert(t, text)
				}
			}
		})
	}
}

func TestButtons(t *testing.T) {
	s, p := posterTo(t, slacktest.Config{})
	m := must(s.Say(slacktest.Post{Channel: help, User: "U1", Text: "막혔대요"}))
	d := delivery(m, help, "k")
	labels := func() string {
		if _, err := p.Post(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		posts := s.BotPosts(help)
		var out []string
		for _, b := range posts[len(posts)-1].Buttons() {
			out = append(out, b.Label)
		}
		return strings.Join(out, " / ")
	}
	if got := labels(); got != "전체 보기 / 도움이 됐어요 / 안 됐어요 / 상담원 연결" {
		t.Errorf("answer: %s", got)
	}
	d.Reply = desk.Reply{Decision: desk.Clarify, Lang: "ko", Lead: "어느 쪽인가요?", Offered: []desk.Candidate{{Intent: "a", Label: "이용제한"}, {Intent: "b", Label: "보호조치"}}}
	if got := labels(); got != "이용제한 / 보호조치 / 다른 문제예요" {
		t.Errorf("clarify: %s", got)
	}
}

// FuzzRender holds everything that we may post against Slack's limits.
func FuzzRender(f *testing.F) {
	f.Add("lead", "title", "**a**", "source", "https://a.kr", "label", 3)
	f.Add("", "", "", "", "", "", 0)
	f.Add("```", "*", "[x](https://a.kr|)", "<!here>", "https://<>", "\n", 60)
	f.Fuzz(func(t *testing.T, lead, title, shown, source, url, label string, n int) {
		n = min(max(n, 0), 60)
		part := desk.Part{Article: label, Title: title, Shown: shown, Folded: shown, Source: source, URL: url}
		candidates := slices.Repeat([]desk.Candidate{{Intent: label, Label: label, Score: 0.5}}, n)
		parts := slices.Repeat([]desk.Part{part}, n)
		for name, p := range map[string]post{
			"answer":     render(desk.Reply{Decision: desk.Answer, Lead: lead, Parts: parts, Tail: shown}, true),
			"clarify":    render(desk.Reply{Decision: desk.Clarify, Lead: lead, Offered: candidates}, false),
			"ticket":     renderTicket(inbox.Delivery{Link: url, Reply: desk.Reply{Ticket: &desk.Ticket{Reason: label, Question: lead, Topic: title, Candidates: candidates}}}),
			"suggestion": renderSuggestion(desk.Suggestion{Text: shown, Parts: parts, Topic: title, Alternatives: candidates}),
			"command":    renderAnswer(desk.Suggestion{Sure: true, Parts: parts}),
		} {
			raw, err := json.Marshal(p.blocks)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.blocks) == 0 {
				raw = []byte("[]")
			}
			for _, breach := range slacktest.CheckBlocks(raw, blockLimit) {
				t.Errorf("%s: %s", name, breach)
			}
			if p.text == "" {
				t.Errorf("%s says nothing aloud", name)
			}
			inert(t, p.text)
			for _, text := range decodeBlocks(t, raw) {
				inert(t, text)
			}
		}
	})
}
