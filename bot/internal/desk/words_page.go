package desk

// PageWords are the labels of the web page.
type PageWords struct {
	Title     string // of the page
	Skip      string
	Menu      string
	NewThread string
	Tickets   string
	Articles  string
	Language  string
	NoScript  string

	// The start of a thread.
	Hello     string
	HelloHint string
	Samples   string

	// The thread.
	Conversation string
	Customer     string
	Agent        string
	Pressed      string
	Rest         string
	Actions      string
	Working      string
	Silent       string
	AgentHere    string
	SeeTickets   string

	// Writing.
	SpeakAs     string
	AgentLater  string
	Message     string
	Placeholder string
	Send        string
	SendHint    string
	OnlyHere    string
	OpenToAll   string

	// Tickets.
	NoTickets   string
	TicketsHint string
	NoThread    string

	// Articles.
	Related     string
	NoArticles  string
	Search      string
	SearchLabel string

	// What can go wrong.
	NotFound     string
	NotFoundHint string
	Offline      string
	NotSent      string
	TooLong      string
	TooMany      string
	Malformed    string
	AgentFirst   string
	WrongHost    string
}

// LangNames are the names of the languages, each in its own.
var LangNames = map[string]string{"ko": "한국어", "en": "English"}

var pageKorean = PageWords{
	Title:     "해답 시험 대화",
	Skip:      "본문으로 건너뛰기",
	Menu:      "메뉴",
	NewThread: "새 대화",
	Tickets:   "상담 요청",
	Articles:  "도움말",
	Language:  "화면 언어",
	NoScript:  "이 페이지에서 대화하려면 자바스크립트를 켜 주세요. 도움말은 켜지 않아도 읽을 수 있습니다.",

	Hello:     "무엇이 궁금하신가요?",
	HelloHint: "고객처럼 질문을 적어 보세요. 실제와 똑같이 도움말에서 답을 찾고, 확실하지 않으면 되묻거나 상담원에게 넘깁니다.",
	Samples:   "이런 질문에 답합니다",

	Conversation: "대화",
	Customer:     "고객",
	Agent:        "상담원",
	Pressed:      "선택",
	Rest:         "나머지 내용 보기",
	Actions:      "이 답변에 대한 선택",
	Working:      "답을 찾고 있습니다…",
	Silent:       "봇은 답하지 않았습니다.",
	SeeTickets:   "상담 요청 보기",
	AgentHere:    "상담원이 대화하고 있어 봇은 기다립니다. 메시지를 ‘@해답’으로 시작하면 다시 답합니다.",

	SpeakAs:     "말하는 사람",
	AgentLater:  "상담원은 고객이 먼저 질문한 뒤에 말할 수 있습니다.",
	Message:     "메시지",
	Placeholder: "메시지를 적어 주세요",
	Send:        "보내기",
	SendHint:    "Enter로 보내고 Shift+Enter로 줄을 바꿉니다.",
	OnlyHere:    "로그인 없는 시험용 페이지로, 이 컴퓨터(127.0.0.1)에서만 열립니다.",
	OpenToAll:   "로그인 없는 시험용 페이지인데 다른 컴퓨터에서도 열립니다. 127.0.0.1에서만 여는 것이 안전합니다.",

	NoTickets:   "열린 상담 요청이 없습니다.",
	TicketsHint: "봇이 상담원에게 넘긴 질문입니다. 새 요청이 위에 있습니다.",
	NoThread:    "이 페이지 밖에서 시작된 대화입니다.",

	Related:     "함께 보면 좋은 도움말",
	NoArticles:  "검색 결과가 없습니다. 다른 검색어를 입력해 주세요.",
	Search:      "검색",
	SearchLabel: "도움말 검색어",

	NotFound:     "찾을 수 없습니다",
	NotFoundHint: "주소가 바뀌었거나 없는 대화입니다. 새 대화를 시작해 주세요.",
	Offline:      "서버와의 연결이 끊겼습니다. 다시 연결하고 있습니다.",
	NotSent:      "보내지 못했습니다. 다시 보내 주세요.",
	TooLong:      "메시지가 너무 깁니다. 줄여서 보내 주세요.",
	TooMany:      "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
	Malformed:    "요청을 읽을 수 없습니다. 페이지를 새로 고쳐 주세요.",
	AgentFirst:   "대화는 고객의 질문으로 시작합니다. 고객으로 먼저 보내 주세요.",
	WrongHost:    "이 주소로는 열 수 없습니다. http://127.0.0.1로 접속해 주세요.",
}

var pageEnglish = PageWords{
	Title:     "Haedap playground",
	Skip:      "Skip to the content",
	Menu:      "Menu",
	NewThread: "New thread",
	Tickets:   "Tickets",
	Articles:  "Articles",
	Language:  "Language of this page",
	NoScript:  "Switch on JavaScript to talk on this page. The articles can be read without it.",

	Hello:     "What would you like to know?",
	HelloHint: "Ask as a customer would. As in real use, answers come from the help articles; when it is not sure it asks back or hands over to a person.",
	Samples:   "It answers questions like these",

	Conversation: "Conversation",
	Customer:     "Customer",
	Agent:        "Agent",
	Pressed:      "pressed",
	Rest:         "The rest of the article",
	Actions:      "Choices for this reply",
	Working:      "Looking for an answer…",
	Silent:       "The bot stayed silent.",
	SeeTickets:   "See the tickets",
	AgentHere:    "An agent is talking here, so the bot waits. Start a message with “@haedap” and it answers again.",

	SpeakAs:     "Speak as",
	AgentLater:  "An agent can speak once the customer has asked something.",
	Message:     "Message",
	Placeholder: "Write a message",
	Send:        "Send",
	SendHint:    "Enter sends, Shift+Enter starts a new line.",
	OnlyHere:    "A page for trying things out, without a login: only this computer (127.0.0.1) can open it.",
	OpenToAll:   "A page for trying things out, without a login, and others can open it too. Listening on 127.0.0.1 is safer.",

	NoTickets:   "No open tickets.",
	TicketsHint: "Questions that the bot handed over to a person, the newest first.",
	NoThread:    "This thread began outside this page.",

	Related:     "Related articles",
	NoArticles:  "No article matches. Try other words.",
	Search:      "Search",
	SearchLabel: "Search the articles",

	NotFound:     "Not found",
	NotFoundHint: "The address has changed, or there is no such thread. Please start a new one.",
	Offline:      "The connection to the server is lost. Reconnecting.",
	NotSent:      "The message was not sent. Please try again.",
	TooLong:      "The message is too long. Please shorten it.",
	TooMany:      "Too many requests. Please try again in a moment.",
	Malformed:    "The request cannot be read. Please reload the page.",
	AgentFirst:   "A thread begins with a customer's question. Please send one as the customer first.",
	WrongHost:    "This address does not work here. Please open http://127.0.0.1 instead.",
}
