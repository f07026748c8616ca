package desk

import (
	"strings"
	"testing"

	"haedap/intents"
)

// scripted is the shipped engine with its mind made up about some texts, to reach a branch of the policy whatever
// the catalogue of the day makes of them.
type scripted struct {
	Engine
	verdicts map[string]intents.Verdict
}

func (s scripted) Classify(text string) intents.Verdict { return s.ClassifyWith(text, nil) }

func (s scripted) ClassifyWith(text string, embedding []float32) intents.Verdict {
	if v, ok := s.verdicts[text]; ok {
		v.Lang = "ko"
		return v
	}
	return s.Engine.ClassifyWith(text, embedding)
}

func (s scripted) Explain(string, intents.Verdict) []intents.Evidence { return nil }

// scriptedDesk is the shipped desk with such an engine.
func scriptedDesk(t *testing.T, verdicts map[string]intents.Verdict) *Desk {
	t.Helper()
	d := shippedDesk(t)
	scriptedOne, err := New(scripted{d.engine, verdicts}, d.library, Config{})
	if err != nil {
		t.Fatal(err)
	}
	return scriptedOne
}

func TestTwoQuestions(t *testing.T) {
	const both = "두 가지를 묻습니다"
	lift := intents.Part{Text: "보호조치는 언제 풀리나요", Intent: "user_protection_measure", Confidence: 0.9}
	globe := intents.Part{Text: "지구본은 뭔가요", Intent: "orange_globe_profile", Confidence: 0.8}
	for _, tc := range []struct {
		name      string
		parts     []intents.Part
		thread    Thread
		answered  string
		reason    string
		appended  bool
		wantsTail bool
	}{
		{name: "both ours", parts: []intents.Part{lift, globe}, answered: "user_protection_measure+orange_globe_profile"},
		{name: "the other way round", parts: []intents.Part{globe, lift}, answered: "orange_globe_profile+user_protection_measure"},
		{name: "one for nobody known", parts: []intents.Part{{Text: "그리고 이건요"}, lift}, answered: "user_protection_measure", reason: ReasonUnsure, wantsTail: true},
		{name: "one for a human", parts: []intents.Part{lift, {Text: "상담원 주세요", Intent: intents.ActAskHuman}}, answered: "user_protection_measure", reason: ReasonAsked, wantsTail: true},
		{name: "one of another topic", parts: []intents.Part{lift, {Text: "문자가 안 와요", Intent: "verification_sms_not_arriving"}}, answered: "user_protection_measure", reason: ReasonNeighbour, wantsTail: true},
		{
			name: "one of another topic after a hand-over", parts: []intents.Part{lift, {Text: "문자가 안 와요", Intent: "verification_sms_not_arriving"}},
			thread: Thread{Escalated: true}, answered: "user_protection_measure", appended: true, wantsTail: true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := scriptedDesk(t, map[string]intents.Verdict{both: {Ranked: []intents.Score{{Intent: "user_protection_measure", P: 0.5}}, Parts: tc.parts}})
			after, r := d.Handle(tc.thread, Message{From: Asker, Text: both})
			g := got(r)
			if g.Decision != string(Answer) || g.Intent != tc.answered || g.Reason != tc.reason || (r.Append != "") != tc.appended || (r.Tail != "") != tc.wantsTail {
				t.Errorf("got %+v, append %q, tail %q", g, r.Append, r.Tail)
			}
			if after.Escalated != (tc.reason != "" || tc.appended) {
				t.Errorf("escalated %v", after.Escalated)
			}
			if r.Confidence > tc.parts[0].Confidence && tc.parts[0].Confidence > 0 {
				t.Errorf("confidence %v is above that of a part", r.Confidence)
			}
		})
	}
}

func TestAFollowupReachesEitherOfTwoAnswers(t *testing.T) {
	d := shippedDesk(t)
	thread, _ := d.Handle(Thread{Offered: []string{"user_protection_measure", "orange_globe_profile"}, Question: "두 가지"}, Message{From: Asker, Text: "둘 다요"})
	if thread.Intent != "orange_globe_profile" || thread.Also != "user_protection_measure" {
		t.Fatalf("thread %+v", thread)
	}
	_, r := d.Handle(thread, Message{From: Asker, Text: "상담원이 해제해줄 수도 있어요?"})
	if g := got(r); g.Intent != "user_protection_measure" || g.Section != "lift" {
		t.Errorf("got %+v", g)
	}
}

// TestAClarificationIsWeighed answers a clarification in words that name nothing of what is offered.
func TestAClarificationIsWeighed(t *testing.T) {
	const question, words = "뭔가 떠요", "그 동그란 것 말입니다"
	person, globe, proxy := "orange_person_profile", "orange_globe_profile", "proxy_inquiry"
	rank := func(first, second string, p, q float64) intents.Verdict {
		return intents.Verdict{Ranked: []intents.Score{{Intent: first, P: p}, {Intent: second, P: q}}}
	}
	answer := rank(globe, person, 0.9, 0.05)
	answer.Answer, answer.Confidence = true, 0.97
	ask := rank(proxy, "usage_restriction", 0.5, 0.4)
	ask.Candidates = ask.Ranked
	topic := intents.Verdict{Ranked: answer.Ranked[1:], Outside: intents.Outside{ID: "block_unblock", Kind: intents.Neighbour, P: 0.99}}
	for _, tc := range []struct {
		name       string
		now, whole intents.Verdict
		want       wanted
	}{
		{"the whole conversation is clear", rank(person, globe, 0.2, 0.1), answer, wanted{Decision: "answer", Intent: globe}},
		{"the words lean to one", rank(globe, person, 0.3, 0.1), rank(globe, person, 0.6, 0.2), wanted{Decision: "answer", Intent: globe}},
		{"the words and the question disagree", rank(globe, person, 0.3, 0.1), rank(person, globe, 0.8, 0.1), wanted{Decision: "escalate", Reason: ReasonUnsure}},
		{"the words are about something else of ours", ask, ask, wanted{Decision: "clarify", Offers: proxy}},
		{"the words are about nothing of ours", topic, topic, wanted{Decision: "escalate", Reason: ReasonNeighbour}},
		{"the words say nothing", rank(proxy, person, 0.2, 0), rank(person, globe, 0.4, 0.4), wanted{Decision: "escalate", Reason: ReasonUnsure}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := scriptedDesk(t, map[string]intents.Verdict{words: tc.now, question + "\n" + words: tc.whole})
			_, r := d.Handle(Thread{Offered: []string{person, globe}, Question: question}, Message{From: Asker, Text: words})
			if g := got(r); !tc.want.allows(g, r) {
				t.Errorf("got %+v, want %+v", g, tc.want)
			}
		})
	}
}

func TestTheSameSectionIsNotShownForEver(t *testing.T) {
	d := shippedDesk(t)
	thread := Thread{Offered: []string{"proxy_inquiry"}, Question: "x"}
	for n := range maxShown {
		thread.Offered = []string{"proxy_inquiry"}
		var r Reply
		thread, r = d.Handle(thread, Message{From: Asker, Text: strings.Repeat(string(rune('가'+n)), 3), Action: Choose, Intent: "proxy_inquiry", Addressed: true})
		if r.Decision != Answer {
			t.Fatalf("time %d: %s", n+1, r.Decision)
		}
	}
	thread.Offered = []string{"proxy_inquiry"}
	if _, r := d.Handle(thread, Message{From: Asker, Text: "나다라", Action: Choose, Intent: "proxy_inquiry", Addressed: true}); r.Ticket == nil || r.Ticket.Reason != ReasonRepeated {
		t.Errorf("after %d times: %+v", maxShown, got(r))
	}
}

// TestAVagueQuestionLeansOnTheAnswer asks what may be about three articles, after one of them was answered.
func TestAVagueQuestionLeansOnTheAnswer(t *testing.T) {
	const question, statement = "언제 풀려요?", "또 막혔습니다"
	restriction, measure, openchat := "usage_restriction", "user_protection_measure", "openchat_restriction"
	three := []intents.Score{{Intent: measure, P: 0.2}, {Intent: restriction, P: 0.1}, {Intent: openchat, P: 0.1}}
	vague := intents.Verdict{Ranked: three, Candidates: three, Vague: "vague_restricted"}
	d := scriptedDesk(t, map[string]intents.Verdict{question: vague, statement: vague})
	for _, tc := range []struct {
		name, says string
		answered   string
		want       wanted
	}{
		{"the article does not say", question, restriction + "/limits", wanted{Decision: "escalate", Reason: ReasonFollowup}},
		{"the article says", question, measure + "/what", wanted{Decision: "answer", Intent: measure, Section: "lift"}},
		{"another article", question, "orange_globe_profile/what", wanted{Decision: "clarify", Offers: openchat}},
		{"nothing is asked", statement, restriction + "/limits", wanted{Decision: "clarify", Offers: openchat}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			intent, section, _ := strings.Cut(tc.answered, "/")
			_, r := d.Handle(Thread{Intent: intent, Section: section, Seen: []string{tc.answered}}, Message{From: Asker, Text: tc.says})
			if g := got(r); !tc.want.allows(g, r) {
				t.Errorf("got %+v, want %+v", g, tc.want)
			}
		})
	}
}

// TestWhatMayBeOursIsNotRefused reads messages that look most like another company's business.
func TestWhatMayBeOursIsNotRefused(t *testing.T) {
	const likely, unlikely = "계정이 막혔습니다", "배송이 막혔습니다"
	elsewhere := func(outside, ours float64) intents.Verdict {
		return intents.Verdict{
			Ranked:  []intents.Score{{Intent: "usage_restriction", P: ours}},
			Outside: intents.Outside{ID: "other_company", Kind: intents.Background, P: outside},
		}
	}
	d := scriptedDesk(t, map[string]intents.Verdict{likely: elsewhere(0.5, 0.3), unlikely: elsewhere(0.97, 0.02)})
	for says, want := range map[string]Decision{likely: Escalate, unlikely: Chat} {
		if _, r := d.Handle(Thread{}, Message{From: Asker, Text: says}); r.Decision != want {
			t.Errorf("%q: %s, want %s", says, r.Decision, want)
		}
	}
}
