package desk

import "haedap/intents"

// Words are the product's own words to people in one language: [In] gives a set. Article text is
// never among them. Where "{}" stands a label, a title or a time is put in by a method.
type Words struct {
	BotName string

	// Answers.
	AnswerLead    string // before one article
	FollowupLead  string // before a section of the article that was answered before
	TwoLead       string // before two articles
	ChosenLead    string // before the article that a clarification ended at; {} is its label
	Rest          string // after an answer, when the other half of the message goes to a human
	RestAsked     string // after an answer, when a human was asked for as well
	RestElsewhere string // after an answer, when the other half of the message is about something else than the help articles
	Source        string // {} is the source's name and when it was checked
	Checked       string // {} is the year and month
	FeedbackAsk   string
	ClarifyAsk    string
	ClarifyAgain  string // when the clarification was not answered yet
	ConfirmAsk    string // in place of ClarifyAsk where only one article is likely; {} is its label
	ConfirmAgain  string // {} is the label
	TooLongNotice string // a long message was read in part

	// Buttons.
	ButtonWhole     string
	ButtonHelpful   string
	ButtonUnhelpful string
	ButtonHuman     string
	ButtonOther     string
	ButtonYes       string
	ButtonClose     string

	// Chat, by act.
	Greeting    string // {} is what the help articles are about
	Thanks      string
	Farewell    string
	Acknowledge string
	GoOn        string // somebody is about to say something
	WhoAreYou   string // {} is what the help articles are about
	SmallTalk   string
	Insult      string
	Nonsense    string
	Glad        string // an answer was marked helpful
	Elsewhere   string // something else than the help articles; {} is what they are about
	Misuse      string
	Empty       string
	HowHelp     string // "no" or "yes" to nothing
	WhichTwo    string // how two things differ is asked, and not which
	DiffersFrom string // the same after one answer; {} is the label of what goes with it
	ComparePair string // before the two that are compared
	FilesHint   string

	// Handing over, by reason.
	HandAsked     string
	HandUnsure    string
	HandNeighbour string
	HandUnhelpful string
	HandRepeated  string
	HandFollowup  string
	HandFailed    string
	HandThreat    string
	HandUrgent    string // somebody may be in danger; without the hours
	HandWhen      string // {} is the business hours; added to each of the above
	HandAlready   string // asked again after a ticket was opened
	HandAdded     string // something was added to an open ticket
	HandWaiting   string // thanks after a hand-over

	// Tickets, for the desk channel.
	TicketTitle      string
	TicketReason     string
	TicketTopic      string
	TicketCandidates string
	TicketLink       string
	TicketAdded      string
	TicketUrgent     string            // before what somebody in danger adds
	TicketFile       string            // stands for a file that the asker added
	Reasons          map[string]string // by reason word

	// Suggestions, for agents.
	SuggestTitle        string
	SuggestUnsure       string
	SuggestNone         string
	SuggestTopic        string // {} is the topic
	SuggestReply        string
	SuggestAlternatives string
	SuggestConfidence   string // {} is a percentage
	MailOpening         string
	MailTwo             string
	MailLink            string // {} is an address
	MailClosing         string

	// A message's later life.
	Revised string
	Flood   string
	Crowd   string // in a channel where more is asked than is answered at once
	Failure string

	Why  WhyWords  // what stands behind a reply
	Page PageWords // labels of the web page
}

// In gives the words in lang; any language but "en" gets Korean.
func In(lang string) Words {
	if lang == "en" {
		return english
	}
	return korean
}

// act gives the line for an act of the catalogue, or for something that no article is about.
func (w Words) act(outside intents.Outside, scope string) string {
	switch outside.ID {
	case intents.ActGreeting:
		return fill(w.Greeting, scope)
	case intents.ActThanks:
		return w.Thanks
	case intents.ActFarewell:
		return w.Farewell
	case intents.ActAcknowledge, intents.ActAskHuman: // who speaks of a human, and wants none
		return w.Acknowledge
	case intents.ActWhoAreYou:
		return fill(w.WhoAreYou, scope)
	case intents.ActSmallTalk:
		return w.SmallTalk
	case intents.ActInsult:
		return w.Insult
	case intents.ActNonsense:
		return w.Nonsense
	case misuse:
		return w.Misuse
	default:
		return fill(w.Elsewhere, scope)
	}
}

// handOver gives what the asker is told when a human takes over. It names no topic: that is a guess, for the ticket.
func (w Words) handOver(reason, hours string) string {
	line := map[string]string{
		ReasonAsked:     w.HandAsked,
		ReasonNeighbour: w.HandNeighbour,
		ReasonUnhelpful: w.HandUnhelpful,
		ReasonRepeated:  w.HandRepeated,
		ReasonFollowup:  w.HandFollowup,
		ReasonFailed:    w.HandFailed,
		ReasonThreat:    w.HandThreat,
	}[reason]
	if reason == ReasonUrgent {
		return w.HandUrgent
	}
	if line == "" {
		line = w.HandUnsure
	}
	return w.when(line, hours)
}

// when adds to a promise of an answer the hours in which humans give it.
func (w Words) when(line, hours string) string {
	if hours == "" {
		return line
	}
	return line + " " + fill(w.HandWhen, hours)
}

var korean = Words{
	BotName: "해답",

	AnswerLead:    "문의하신 내용을 안내해 드립니다.",
	FollowupLead:  "이어서 안내해 드립니다.",
	TwoLead:       "문의하신 두 가지를 차례로 안내해 드립니다.",
	ChosenLead:    "‘{}’에 대해 안내해 드립니다.",
	Rest:          "함께 문의하신 다른 내용은 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	RestAsked:     "요청하신 대로 상담원에게도 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	RestElsewhere: "함께 문의하신 다른 내용은 도움말에서 다루지 않아 안내해 드릴 수 없습니다.",
	Source:        "출처: {}",
	Checked:       "{} 확인",
	FeedbackAsk:   "도움이 됐나요?",
	ClarifyAsk:    "어떤 내용이 궁금하신가요? 가장 가까운 항목을 골라 주세요.",
	ClarifyAgain:  "가장 가까운 항목을 골라 주시면 바로 안내해 드립니다.",
	ConfirmAsk:    "문의하신 내용이 ‘{}’에 관한 것인가요?",
	ConfirmAgain:  "‘{}’에 관한 문의가 맞는지 ‘네’ 또는 ‘아니요’로 알려 주세요.",
	TooLongNotice: "메시지가 길어 앞부분만 확인했습니다.",

	ButtonWhole:     "전체 보기",
	ButtonHelpful:   "도움이 됐어요",
	ButtonUnhelpful: "안 됐어요",
	ButtonHuman:     "상담원 연결",
	ButtonOther:     "다른 문제예요",
	ButtonYes:       "네, 맞아요",
	ButtonClose:     "닫기",

	Greeting:    "안녕하세요. {} 도움말을 찾아 드립니다. 궁금한 점을 적어 주세요.",
	Thanks:      "도움이 되었다니 다행입니다. 더 궁금한 점이 있으시면 말씀해 주세요.",
	Farewell:    "이용해 주셔서 감사합니다. 좋은 하루 보내세요.",
	Acknowledge: "네, 더 궁금한 점이 있으시면 말씀해 주세요.",
	GoOn:        "네, 말씀해 주세요.",
	WhoAreYou:   "저는 {} 도움말에서 답을 찾아 드리는 봇 ‘해답’입니다. 제가 답하기 어려운 질문은 상담원에게 전달해 드립니다.",
	SmallTalk:   "저는 도움말에 있는 내용만 안내해 드릴 수 있습니다. 궁금한 점이 있으시면 적어 주세요.",
	Insult:      "불편을 드려 죄송합니다. 어떤 점이 불편하신지 적어 주시거나 ‘상담원 연결’을 눌러 주세요.",
	Nonsense:    "내용을 이해하지 못했습니다. 궁금한 점을 문장으로 적어 주세요.",
	Glad:        "도움이 되어 다행입니다.",
	Elsewhere:   "저는 {} 도움말에 있는 내용만 안내해 드릴 수 있습니다.",
	Misuse:      "요청하신 내용은 도와드릴 수 없습니다. 도움말과 관련된 질문을 적어 주세요.",
	Empty:       "궁금한 점을 적어 주세요.",
	HowHelp:     "네, 무엇을 도와드릴까요?",
	WhichTwo:    "어떤 두 가지의 차이가 궁금하신가요? 함께 적어 주시면 안내해 드립니다.",
	DiffersFrom: "‘{}’{과/와} 어떻게 다른지 궁금하신가요?",
	ComparePair: "도움말에는 두 가지가 따로 나와 있습니다. 보실 항목을 고르시거나, 모두 보시려면 ‘둘 다’라고 적어 주세요.",
	FilesHint:   "첨부 파일은 확인할 수 없습니다. 궁금한 점을 글로 적어 주세요.",

	HandAsked:     "상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandUnsure:    "정확한 안내를 위해 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandNeighbour: "안내해 드릴 수 있는 도움말이 없어 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandUnhelpful: "도움을 드리지 못해 죄송합니다. 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandRepeated:  "안내해 드린 내용으로 해결되지 않은 것 같아 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandFollowup:  "도움말에 나와 있지 않은 내용이라 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandFailed:    "답을 찾는 중에 문제가 생겨 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandThreat:    "불편을 드려 죄송합니다. 말씀하신 내용을 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandUrgent:    "말씀해 주셔서 감사합니다. 상담원에게 긴급으로 전달했습니다. 한국에서는 자살예방상담전화 109에서 24시간 이야기하실 수 있고, 지금 위험한 상황이라면 119에 바로 전화해 주세요. 혼자 감당하지 않으셔도 됩니다.",
	HandWhen:      "상담 시간은 {}입니다.",
	HandAlready:   "이미 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandWaiting:   "네, 상담원이 확인 후 이 대화에서 답변해 드리겠습니다.",
	HandAdded:     "말씀해 주신 내용도 상담원에게 전달했습니다. 확인 후 이 대화에서 답변해 드리겠습니다.",

	TicketTitle:      "상담 요청",
	TicketReason:     "전달 이유",
	TicketTopic:      "예상 주제",
	TicketCandidates: "가까운 도움말",
	TicketLink:       "대화 열기",
	TicketAdded:      "고객이 추가한 내용",
	TicketUrgent:     "[긴급]",
	TicketFile:       "(첨부 파일)",
	Reasons: map[string]string{
		ReasonAsked:     "고객이 상담원을 요청함",
		ReasonUnsure:    "확신이 부족함",
		ReasonNeighbour: "도움말에 없는 주제",
		ReasonUnhelpful: "답이 도움이 되지 않음",
		ReasonRepeated:  "같은 질문을 다시 함",
		ReasonFollowup:  "도움말에 없는 추가 질문",
		ReasonUrgent:    "긴급: 위기에 놓인 사람이 있을 수 있음",
		ReasonThreat:    "법적 대응을 언급함",
		ReasonFailed:    "처리 중 오류",
	},

	SuggestTitle:        "답변 제안",
	SuggestUnsure:       "확신이 낮은 제안입니다. 내용이 맞는지 확인하고 보내 주세요.",
	SuggestNone:         "맞는 도움말을 찾지 못했습니다.",
	SuggestTopic:        "도움말에 없는 주제로 보입니다: {}",
	SuggestReply:        "고객에게 보낼 답변",
	SuggestAlternatives: "다른 후보",
	SuggestConfidence:   "확신도 {}%",
	MailOpening:         "안녕하세요, 고객님. 문의해 주셔서 감사합니다.",
	MailTwo:             "문의하신 두 가지를 차례로 안내해 드립니다.",
	MailLink:            "자세한 내용: {}",
	MailClosing:         "더 궁금한 점이 있으시면 언제든지 문의해 주세요. 감사합니다.",

	Revised: "질문이 수정되어 답변도 수정했습니다.",
	Flood:   "짧은 시간에 메시지를 많이 보내셨습니다. 잠시 후 다시 보내 주세요.",
	Crowd:   "지금 이 채널에 질문이 많이 들어오고 있습니다. 들어온 순서대로 빠짐없이 답변드리니 잠시만 기다려 주세요.",
	Failure: "지금은 요청을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",

	Why:  whyKorean,
	Page: pageKorean,
}

var english = Words{
	BotName: "Haedap",

	AnswerLead:    "Here is what our help article says.",
	FollowupLead:  "Here is more on that.",
	TwoLead:       "Here are the answers to your two questions, in order.",
	ChosenLead:    "Here is what we have on “{}”.",
	Rest:          "I have passed the other part of your message on to a person, who will reply in this conversation.",
	RestAsked:     "As you asked, I have also passed this on to a person, who will reply in this conversation.",
	RestElsewhere: "I cannot help with the other part of your message, which the help articles do not cover.",
	Source:        "Source: {}",
	Checked:       "checked {}",
	FeedbackAsk:   "Did this help?",
	ClarifyAsk:    "What would you like to know? Please choose the closest one.",
	ClarifyAgain:  "Choose the closest one and I will answer right away.",
	ConfirmAsk:    "Is your question about “{}”?",
	ConfirmAgain:  "Please tell me yes or no: is your question about “{}”?",
	TooLongNotice: "Your message is long, so I read only the beginning.",

	ButtonWhole:     "Show all",
	ButtonHelpful:   "It helped",
	ButtonUnhelpful: "It didn't help",
	ButtonHuman:     "Talk to a person",
	ButtonOther:     "Something else",
	ButtonYes:       "Yes",
	ButtonClose:     "Close",

	Greeting:    "Hello. I find answers in the help articles on {}. What would you like to know?",
	Thanks:      "Glad to help. Let me know if there is anything else.",
	Farewell:    "Thank you, and have a nice day.",
	Acknowledge: "Sure. Let me know if there is anything else.",
	GoOn:        "Yes, please go on.",
	WhoAreYou:   "I am Haedap, a bot that finds answers in the help articles on {}. What I cannot answer I pass on to a person.",
	SmallTalk:   "I can only help with what the help articles cover. What would you like to know?",
	Insult:      "I am sorry for the trouble. Tell me what went wrong, or press “Talk to a person”.",
	Nonsense:    "I did not understand that. Please write your question as a sentence.",
	Glad:        "Glad to hear that it helped.",
	Elsewhere:   "I can only help with the help articles on {}.",
	Misuse:      "I cannot help with that. Please ask about something in the help articles.",
	Empty:       "What would you like to know?",
	HowHelp:     "Sure. How can I help you?",
	WhichTwo:    "Which two would you like to compare? Please name both.",
	DiffersFrom: "Would you like to know how it differs from “{}”?",
	ComparePair: "The help articles cover these two separately. Choose one, or write “both” to see both.",
	FilesHint:   "I cannot read attachments. Please write your question in words.",

	HandAsked:     "I have passed this on to a person, who will reply in this conversation.",
	HandUnsure:    "To make sure that you get the right answer, I have passed this on to a person, who will reply in this conversation.",
	HandNeighbour: "I have no help article on that, so I have passed this on to a person, who will reply in this conversation.",
	HandUnhelpful: "I am sorry that this did not help. I have passed it on to a person, who will reply in this conversation.",
	HandRepeated:  "My answer does not seem to have solved this, so I have passed it on to a person, who will reply in this conversation.",
	HandFollowup:  "The help article does not say, so I have passed this on to a person, who will reply in this conversation.",
	HandFailed:    "Something went wrong while I looked for an answer, so I have passed this on to a person, who will reply in this conversation.",
	HandThreat:    "I am sorry for the trouble. I have passed what you said on to a person, who will reply in this conversation.",
	HandUrgent:    "Thank you for telling me. I have passed this on to a person as urgent. In Korea you can talk to someone at any hour by calling the suicide prevention line, 109; if anyone is in danger now, please call 119. You do not have to face this alone.",
	HandWhen:      "Our hours are {}.",
	HandAlready:   "This is already with a person, who will reply in this conversation.",
	HandWaiting:   "A person will look into it and reply in this conversation.",
	HandAdded:     "I have passed that on as well. A person will reply in this conversation.",

	TicketTitle:      "A question for a person",
	TicketReason:     "Why",
	TicketTopic:      "Probably about",
	TicketCandidates: "Closest articles",
	TicketLink:       "Open the conversation",
	TicketAdded:      "The asker adds",
	TicketUrgent:     "[Urgent]",
	TicketFile:       "(a file)",
	Reasons: map[string]string{
		ReasonAsked:     "asked for a person",
		ReasonUnsure:    "not sure enough",
		ReasonNeighbour: "a topic without an article",
		ReasonUnhelpful: "the answer did not help",
		ReasonRepeated:  "the same question again",
		ReasonFollowup:  "a follow-up that the article does not answer",
		ReasonUrgent:    "urgent: somebody may be in danger",
		ReasonThreat:    "speaks of legal steps",
		ReasonFailed:    "an error while answering",
	},

	SuggestTitle:        "Suggested reply",
	SuggestUnsure:       "Not sure about this one. Please check it before you send it.",
	SuggestNone:         "No article fits.",
	SuggestTopic:        "Looks like a topic without an article: {}",
	SuggestReply:        "Reply to the customer",
	SuggestAlternatives: "Other candidates",
	SuggestConfidence:   "{}% sure",
	MailOpening:         "Hello, and thank you for contacting us.",
	MailTwo:             "Here are the answers to your two questions, in order.",
	MailLink:            "More details: {}",
	MailClosing:         "Please let us know if there is anything else we can help with. Kind regards",

	Revised: "The question was edited, so I have updated my answer.",
	Flood:   "You sent many messages in a short time. Please try again in a moment.",
	Crowd:   "Many questions are coming into this channel right now. All of them are answered, in the order in which they came; please wait a moment.",
	Failure: "Your request cannot be processed right now. Please try again in a moment.",

	Why:  whyEnglish,
	Page: pageEnglish,
}
