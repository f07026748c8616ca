package desk

import (
	"fmt"

	"haedap/intents"
)

// WhyWords name what stands behind a reply, for an editor: on the page, in the terminal and in tickets.
type WhyWords struct {
	Why        string
	Decision   string
	Decisions  map[string]string // by decision
	Confidence string
	Threshold  string // {} is a percentage
	Candidates string
	For        string
	Against    string
	Nearest    string
	HeldBack   string
	HeldBacks  map[string]string // by reason of [intents.HeldBack] evidence; {} is a label, a percentage or percentage points
	Promise    string            // {} is a percentage
	NoPromise  string
}

// Decided names a decision.
func (w WhyWords) Decided(d Decision) string { return w.Decisions[string(d)] }

// Reason words a piece of [intents.HeldBack] evidence; label names its class.
func (w WhyWords) Reason(e intents.Evidence, label string) string {
	switch e.Text {
	case intents.BelowThreshold:
		return fill(w.HeldBacks[e.Text], fmt.Sprintf("%.1f", 100*e.Weight))
	case intents.Unfamiliar:
		return fill(w.HeldBacks[e.Text], Percent(e.Weight))
	default:
		return fill(w.HeldBacks[e.Text], label)
	}
}

// Stated words the promise about wrong answers.
func (w WhyWords) Stated(s intents.Statement) string {
	if !s.Met {
		return w.NoPromise
	}
	return fill(w.Promise, Percent(s.Bound))
}

// Percent writes a share with one digit after the point, and with none where it is as good as nothing or all.
func Percent(share float64) string {
	switch {
	case share < 0.0005:
		return "0%"
	case share >= 0.9995:
		return "100%"
	}
	return fmt.Sprintf("%.1f%%", 100*share)
}

var whyKorean = WhyWords{
	Why:      "왜 이렇게 답했나요?",
	Decision: "판단",
	Decisions: map[string]string{
		string(Answer):   "답변",
		string(Clarify):  "되묻기",
		string(Escalate): "상담원 연결",
		string(Chat):     "짧은 응답",
		string(Ignore):   "답하지 않음",
	},
	Confidence: "확신도",
	Threshold:  "답변 기준 {}",
	Candidates: "후보 도움말",
	For:        "뒷받침한 말",
	Against:    "다른 쪽을 가리킨 말",
	Nearest:    "가장 비슷한 예문",
	HeldBack:   "바로 답하지 않은 이유",
	HeldBacks: map[string]string{
		intents.BelowThreshold: "확신도가 기준보다 {}%p 낮습니다.",
		intents.BetterOutside:  "‘{}’ 쪽에 더 가깝습니다.",
		intents.CloseSecond:    "‘{}’{과/와}도 비슷하게 가깝습니다.",
		intents.Unfamiliar:     "질문의 {}는 예문에 없는 표현입니다.",
		intents.NoBudget:       "보정용 질문이 부족해 틀린 답의 한도를 보장할 수 없습니다.",
	},
	Promise:   "이 기준을 넘은 답 가운데 틀린 답은 많아야 {}로 추정합니다.",
	NoPromise: "보정용 질문이 부족해 틀린 답의 한도를 말할 수 없습니다.",
}

var whyEnglish = WhyWords{
	Why:      "Why this reply?",
	Decision: "Decision",
	Decisions: map[string]string{
		string(Answer):   "answer",
		string(Clarify):  "ask back",
		string(Escalate): "hand over",
		string(Chat):     "short line",
		string(Ignore):   "stay silent",
	},
	Confidence: "Confidence",
	Threshold:  "answers from {}",
	Candidates: "Candidate articles",
	For:        "Words for it",
	Against:    "Words for something else",
	Nearest:    "Nearest examples",
	HeldBack:   "Why it did not answer at once",
	HeldBacks: map[string]string{
		intents.BelowThreshold: "The confidence is {} points below the threshold.",
		intents.BetterOutside:  "“{}” fits better.",
		intents.CloseSecond:    "“{}” is nearly as close.",
		intents.Unfamiliar:     "{} of the question is in no example.",
		intents.NoBudget:       "There are too few calibration questions to keep a limit on wrong answers.",
	},
	Promise:   "Of the answers above this threshold at most {} are estimated to be wrong.",
	NoPromise: "There are too few calibration questions to state how many answers may be wrong.",
}
