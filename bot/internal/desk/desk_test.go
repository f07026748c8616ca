package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"haedap/intents"
	"haedap/knowledge"
)

// maxThread is the most bytes that a thread may take as JSON.
const maxThread = 16 << 10

// FuzzHandle puts any message to any thread: no panic, a decision, valid text, a bounded thread, and the same again.
func FuzzHandle(f *testing.F) {
	d := shippedDesk(f)
	f.Add("이용자보호조치 언제 풀려요?", "", "customer", "", false, false)
	f.Add("두 번째요", `{"offered":["orange_person_profile","orange_globe_profile"],"question":"주황색"}`, "customer", "", false, false)
	f.Add("", `{"intent":"proxy_inquiry","section":"none","seen":["proxy_inquiry/who","x"],"also":"gone"}`, "agent", "choose", true, true)
	f.Add("\xff\xfe@해답", `{"lang":"fr","turns":-5,"offered":["a","b","c","d","usage_restriction"],"escalated":true}`, "nobody", "unhelpful", true, false)
	f.Add(strings.Repeat("보호조치 언제 풀려요? ", 3000), `{"intent":"user_protection_measure"}`, "customer", "", true, false)
	f.Fuzz(func(t *testing.T, says, thread, from, action string, addressed, files bool) {
		var before Thread
		if json.Unmarshal([]byte(thread), &before) != nil {
			before = Thread{Question: thread, Asked: []string{thread, thread}, Seen: []string{thread, "proxy_inquiry/" + thread}}
		}
		m := Message{From: Speaker(from), Text: says, Action: Action(action), Intent: says, Addressed: addressed, Files: files}
		kept, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		after, reply := d.Handle(before, m)
		checkReply(t, reply)
		stored, err := json.Marshal(after)
		if err != nil || len(stored) > maxThread {
			t.Errorf("the thread takes %d bytes: %v", len(stored), err)
		}
		if now, _ := json.Marshal(before); !bytes.Equal(now, kept) {
			t.Errorf("Handle changed the thread that it was given:\n%s\n%s", kept, now)
		}
		again, replyAgain := d.Handle(before, m)
		if !reflect.DeepEqual(after, again) || !reflect.DeepEqual(reply, replyAgain) {
			t.Error("the same message in the same thread had another reply")
		}
		if settled, _ := d.Handle(after, Message{From: Agent}); len(settled.Seen) != len(after.Seen) || settled.Intent != after.Intent {
			t.Errorf("a thread that the desk made is not taken back as it was: %+v, %+v", after, settled)
		}
	})
}

func checkReply(t *testing.T, r Reply) {
	t.Helper()
	switch r.Decision {
	case Answer:
		if len(r.Parts) == 0 {
			t.Error("an answer without an article")
		}
	case Clarify:
		if len(r.Offered) < 1 || len(r.Offered) > maxOffered {
			t.Errorf("a clarification with %d offers", len(r.Offered))
		}
	case Escalate, Chat:
		if r.Lead == "" {
			t.Errorf("%s without a word", r.Decision)
		}
	case Ignore:
		if r.Plain() != "" {
			t.Errorf("ignored, yet says %q", r.Plain())
		}
	default:
		t.Errorf("decision %q", r.Decision)
	}
	if r.Decision != Answer && len(r.Parts) > 0 {
		t.Errorf("%s with an article", r.Decision)
	}
	if r.Lang != "ko" && r.Lang != "en" {
		t.Errorf("language %q", r.Lang)
	}
	for _, s := range []string{r.Plain(), r.Append} {
		if !utf8.ValidString(s) {
			t.Errorf("invalid text %q", s)
		}
	}
	if r.Ticket != nil && (r.Ticket.Reason == "" || len(r.Ticket.Question) > maxQuestion || !utf8.ValidString(r.Ticket.Question)) {
		t.Errorf("ticket %+v", r.Ticket)
	}
}

// TestRepliesHoldNoWordOfTheAsker keeps what people write out of what the bot says: only tickets quote it.
func TestRepliesHoldNoWordOfTheAsker(t *testing.T) {
	d := shippedDesk(t)
	const mark = "<!channel> ZXQV**99"
	for _, says := range []string{"이용자보호조치 언제 풀려요? ", "상담원 연결해 주세요 ", "안녕하세요 ", "인증번호 문자가 안 와요 ", ""} {
		_, r := d.Handle(Thread{}, Message{From: Asker, Text: says + mark})
		r.Ticket, r.Append, r.Evidence = nil, "", nil
		all, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(all), "ZXQV") || strings.Contains(r.Plain(), "ZXQV") {
			t.Errorf("%q came back: %s", says, all)
		}
	}
}

func TestALongMessageIsCutAndSaidSo(t *testing.T) {
	d := shippedDesk(t)
	long := "이용자보호조치는 언제 풀리나요? " + strings.Repeat("가", 3<<20)
	after, r := d.Handle(Thread{}, Message{From: Asker, Text: long})
	if !strings.HasSuffix(r.Plain(), In("ko").TooLongNotice) || len(after.Question) > maxQuestion {
		t.Errorf("%d bytes kept, reply %q", len(after.Question), r.Plain())
	}
}

func TestPlainListsTheChoices(t *testing.T) {
	d := shippedDesk(t)
	thread := Thread{Offered: []string{"orange_person_profile", "orange_globe_profile"}, Question: "주황색"}
	_, r := d.Handle(thread, Message{From: Asker, Text: "네"})
	got := r.Plain()
	for _, want := range []string{"1. " + r.Offered[0].Label, "2. " + r.Offered[1].Label, "3. " + In("ko").ButtonOther} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestAnAnswerShowsASectionAndFoldsTheRest(t *testing.T) {
	d := shippedDesk(t)
	_, r := d.Handle(Thread{}, Message{From: Asker, Text: "이용자보호조치 걸렸는데 언제 풀리나요?"})
	if len(r.Parts) != 1 {
		t.Fatalf("%d articles", len(r.Parts))
	}
	p := r.Parts[0]
	a, _ := d.library.Article(p.Article, "ko")
	for _, s := range a.Sections {
		shown, folded := strings.Contains(p.Shown, s.Body), strings.Contains(p.Folded, s.Body)
		if shown == folded || shown != (s.ID == p.Section) {
			t.Errorf("section %s: shown %v, folded %v", s.ID, shown, folded)
		}
	}
	if !strings.HasPrefix(p.Shown, a.Lead) || !strings.Contains(p.Source, a.Source.Name) || !strings.Contains(p.Source, a.Checked) {
		t.Errorf("lead or source is missing: %+v", p)
	}
	if r.Candidates[0].Intent != p.Intent {
		t.Errorf("the best candidate is %q, answered %q", r.Candidates[0].Intent, p.Intent)
	}
}

func TestSuggestWordsAReplyToSend(t *testing.T) {
	d := shippedDesk(t)
	s := d.Suggest("안녕하세요. 새로 개통한 번호인데 인증번호를 발송할 수 없는 번호라고 나옵니다. 어떤 서류를 내야 하나요?")
	if !s.Sure || len(s.Parts) != 1 || s.Parts[0].Intent != "phone_number_blocked" || s.Lang != "ko" {
		t.Fatalf("suggestion %+v", s)
	}
	w := In("ko")
	for _, want := range []string{w.MailOpening, "원부증명서", w.MailClosing} {
		if !strings.Contains(s.Text, want) {
			t.Errorf("%q is missing in\n%s", want, s.Text)
		}
	}
	if strings.ContainsAny(s.Text, "*#<>") {
		t.Errorf("marks in a plain reply:\n%s", s.Text)
	}
	if len(s.Evidence) == 0 || len(s.Alternatives) > 0 {
		t.Errorf("evidence %v, alternatives %v", s.Evidence, s.Alternatives)
	}
	if en := d.Suggest("What does the orange globe on a profile mean?"); en.Lang != "en" || !strings.HasPrefix(en.Text, In("en").MailOpening) {
		t.Errorf("in English: %+v", en)
	}
}

func TestSuggestWithoutAnArticleSaysSo(t *testing.T) {
	d := shippedDesk(t)
	if s := d.Suggest("인증번호 문자가 안 와요"); s.Sure || s.Topic == "" {
		t.Errorf("a neighbour topic: %+v", s)
	}
	if s := d.Suggest("  "); s.Sure || s.Text != "" || s.Lang != "ko" {
		t.Errorf("nothing: %+v", s)
	}
}

// TestNewNamesWhatIsMissing breaks one article away from a small catalogue, and one section from another.
func TestNewNamesWhatIsMissing(t *testing.T) {
	class := "id: lost\nlabel: {ko: 분실, en: Lost}\narticle: nowhere\nexamples:\n  - by: a\n    texts: [잃어버렸어요, 분실했어요]\n"
	other := "id: globe\nlabel: {ko: 지구본, en: Globe}\narticle: orange_globe_profile\nexamples:\n  - by: a\n    section: price\n    texts: [지구본, 지구본이 뭐예요]\n"
	catalogue, err := intents.Load(fstest.MapFS{
		"catalog/lost.yaml":  {Data: []byte(class)},
		"catalog/globe.yaml": {Data: []byte(other)},
	})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := intents.Train(catalogue, lenient)
	if err != nil {
		t.Fatal(err)
	}
	library, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(engine, library, Config{})
	var problems intents.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error %v", err)
	}
	all := strings.Join(problems, "\n")
	for _, want := range []string{
		`intents/catalog/lost.yaml:3: article "nowhere" does not exist`, "write knowledge/articles/en/nowhere.md",
		`intents/catalog/globe.yaml:6: section "price" is not in knowledge/articles/ko/orange_globe_profile.md: use one of what`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
}
