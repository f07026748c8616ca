package desk

// QualityWords are the labels of the page that shows how good the answers are, and of what agents correct.
type QualityWords struct {
	Title  string
	Warned string // on every page while there is a warning
	NotYet string

	// The limit.
	Promised  string
	Questions string // {} is a number

	// What became of answers.
	Live       string
	LiveHint   string
	NoAnswers  string
	Answers    string
	Unhelpful  string
	HandedOver string
	Corrected  string
	AtMost     string // {} is a percentage
	AtLeast    string // {} is a percentage
	Caveat     string
	OverBudget string // {} is a percentage

	// How questions have changed.
	Drift      string
	DriftHint  string
	Alike      string
	Unlike     string
	Figure     string
	Asked      string
	Calibrated string
	Count      string
	Answered   string
	Seen       string
	Gaps       string // {} is a percentage, with those of chance taken off
	Unfamiliar string

	// What agents corrected.
	Corrections     string
	CorrectionsHint string
	NoCorrections   string
	Shown           string
	Right           string
	NoArticle       string
	Pick            string
	Correct         string
	CorrectAgain    string
}

// Quality gives the words about the quality of answers in lang; any language but "en" gets Korean.
func Quality(lang string) QualityWords {
	if lang == "en" {
		return qualityEnglish
	}
	return qualityKorean
}

var qualityKorean = QualityWords{
	Title:  "답변 품질",
	Warned: "답변 품질을 확인해 주세요.",
	NotYet: "아직 집계하지 않았습니다. 잠시 후 다시 열어 주세요.",

	Promised:  "보정용 질문으로 추정한 한도",
	Questions: "보정용 질문 {}개를 기준으로 했습니다.",

	Live:       "실제 답변",
	LiveHint:   "최근 90일의 답변을 1,000개까지 셉니다. 되물었을 때 고객이 직접 고른 답변은 세지 않습니다.",
	NoAnswers:  "최근 90일 동안 답변이 없습니다.",
	Answers:    "답변",
	Unhelpful:  "도움이 안 됐다는 평가",
	HandedOver: "상담 요청으로 이어짐",
	Corrected:  "상담원이 바로잡음",
	AtMost:     "불만이 있었던 답변은 많아야 {}로 추정합니다(신뢰도 95%).",
	AtLeast:    "상담원이 바로잡은 답변은 적어도 {}로 추정합니다(신뢰도 95%).",
	Caveat:     "불만이 있었다고 해서 틀린 답변은 아니며, 불만이 없었다고 해서 맞는 답변도 아닙니다.",
	OverBudget: "상담원이 바로잡은 답변이 한도인 {}를 넘었습니다. 아래의 바로잡은 질문을 보고 예문과 보정용 질문을 보완해 주세요.",

	Drift:      "질문의 변화",
	DriftHint:  "실제 질문을 보정용 질문과 비교합니다. 보정용 질문과 많이 다르면 틀린 답의 한도를 믿기 어렵습니다.",
	Alike:      "보정용 질문과 뚜렷한 차이가 없습니다.",
	Unlike:     "보정용 질문과 많이 달라 틀린 답의 한도가 지켜지지 않을 수 있습니다. 실제로 들어온 질문과 비슷한 보정용 질문을 작성해 주세요(intents/calibration).",
	Figure:     "항목",
	Asked:      "실제 질문",
	Calibrated: "보정용 질문",
	Count:      "질문 수",
	Answered:   "바로 답하는 비율",
	Seen:       "예문에 있는 표현의 비율",
	Gaps:       "우연으로 볼 수 없는 분포 차이는 {}입니다. 10%를 넘으면 경고합니다.",
	Unfamiliar: "예문과 가장 다른 질문",

	Corrections:     "상담원이 바로잡은 질문",
	CorrectionsHint: "새 예문이나 보정용 질문의 후보입니다. 자동으로 추가되지 않으며, ‘bot jobs corrections’ 명령으로 목록을 받을 수 있습니다.",
	NoCorrections:   "바로잡은 질문이 없습니다.",
	Shown:           "보여 준 도움말",
	Right:           "맞는 도움말",
	NoArticle:       "맞는 도움말 없음",
	Pick:            "도움말을 선택해 주세요",
	Correct:         "바로잡기",
	CorrectAgain:    "다시 바로잡기",
}

var qualityEnglish = QualityWords{
	Title:  "Answer quality",
	Warned: "The quality of the answers needs a look.",
	NotYet: "Nothing was counted yet. Please open this page again in a moment.",

	Promised:  "The limit, from calibration questions",
	Questions: "It stands on {} calibration questions.",

	Live:       "Real answers",
	LiveHint:   "The answers of the last 90 days, at most 1,000. Those that customers chose themselves when asked back are not counted.",
	NoAnswers:  "No answers in the last 90 days.",
	Answers:    "Answers",
	Unhelpful:  "Rated as no help",
	HandedOver: "Led to a ticket",
	Corrected:  "Corrected by agents",
	AtMost:     "At most {} of the answers are estimated to meet a complaint (95% confidence).",
	AtLeast:    "At least {} of the answers are estimated to be corrected by agents (95% confidence).",
	Caveat:     "A complaint does not prove that an answer was wrong, and silence does not prove that it was right.",
	OverBudget: "Agents corrected more answers than the limit of {} allows. Look at the corrected questions below and improve the examples and calibration questions.",

	Drift:      "Change of questions",
	DriftHint:  "Questions asked are compared with the calibration questions. When they differ much, the limit on wrong answers cannot be relied on.",
	Alike:      "No clear difference from the calibration questions.",
	Unlike:     "These questions are much unlike the calibration questions, so the limit on wrong answers may not hold. Write calibration questions like those that were asked (intents/calibration).",
	Figure:     "Figure",
	Asked:      "Asked",
	Calibrated: "Calibration",
	Count:      "Questions",
	Answered:   "Answered at once",
	Seen:       "Wording that examples have",
	Gaps:       "The distributions differ by {} more than chance explains. The warning starts at 10%.",
	Unfamiliar: "Questions least like any example",

	Corrections:     "Questions that agents corrected",
	CorrectionsHint: "Candidates for new examples and calibration questions. They are never added by themselves; “bot jobs corrections” lists them.",
	NoCorrections:   "No question was corrected.",
	Shown:           "Article shown",
	Right:           "Right article",
	NoArticle:       "No article answers it",
	Pick:            "Choose an article",
	Correct:         "Correct",
	CorrectAgain:    "Correct again",
}
