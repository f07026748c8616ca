package desk

// ReplWords are what the terminal says to an editor around a reply, beside [WhyWords]: [Repl] gives a set. Where
// "{name}" stands the terminal puts a value in.
type ReplWords struct {
	Opening   string // {articles}, {intents}
	PressMore string // Ctrl-C was pressed once
	Silent    string // in place of a reply when the bot says nothing
	NewThread string

	// The judgement under a reply, by short names that stand in a column.
	Decision   string
	Confidence string
	Candidates string
	Outside    string
	InScope    string
	For        string
	Against    string
	Nearest    string
	HeldBack   string
	Ticket     string
	Added      string // words that go to the open ticket
	Topics     string // all topics without an article together
	Followups  string // questions that say nothing without their thread

	// Lists.
	Kinds    map[string]string // by intents.Kind
	Examples string            // {n}
	Article  string

	// Commands.
	Commands     map[string]string // what each does, by its name
	ArgText      string
	ArgID        string
	Keys         string
	Unknown      string // {name}
	NothingYet   string
	NoArticle    string // {id}
	NoSection    string // {id}, {ids}
	NoIntent     string // {id}
	NeedsText    string
	NeedsLang    string
	BuiltIn      string
	Reloading    string
	Reloaded     string // {articles}, {intents}
	Kept         string // {n} problems
	MoreProblems string // {n}
}

// Repl gives the terminal's words in lang; any language but "en" gets Korean.
func Repl(lang string) ReplWords {
	if lang == "en" {
		return replEnglish
	}
	return replKorean
}

var replKorean = ReplWords{
	Opening:   "해답입니다. 도움말 {articles}건, 의도 {intents}개. 질문을 적어 보세요. /help 사용법, Ctrl-D 끝내기",
	PressMore: "한 번 더 누르면 끝납니다.",
	Silent:    "(아무 말도 하지 않습니다)",
	NewThread: "새 대화를 시작합니다.",

	Decision:   "판단",
	Confidence: "확신",
	Candidates: "후보",
	Outside:    "도움말 밖",
	InScope:    "도움말 안",
	For:        "찬성",
	Against:    "반대",
	Nearest:    "비슷한 예문",
	HeldBack:   "답하지 않은 까닭",
	Ticket:     "상담 요청",
	Added:      "상담 요청에 덧붙임",
	Topics:     "도움말에 없는 주제",
	Followups:  "앞 대화에 이어지는 질문",

	Kinds: map[string]string{
		"intent": "도움말이 있는 의도", "neighbour": "도움말이 없는 이웃 주제", "background": "관계없는 이야기", "act": "인사와 같은 대화 행위",
	},
	Examples: "예문 {n}개",
	Article:  "도움말",

	Commands: map[string]string{
		"why": "방금 판단의 근거를 모두 보기", "intents": "의도 목록, 아이디를 주면 그 예문", "article": "도움말 전체 보기",
		"section": "방금 답한 도움말의 단락 보기", "new": "새 대화 시작", "agent": "상담원으로서 말하기",
		"reload": "고친 파일 다시 읽기", "lang": "화면 언어 바꾸기", "help": "이 안내", "quit": "끝내기",
	},
	ArgText:      "말",
	ArgID:        "아이디",
	Keys:         "Tab 완성 · ↑↓ 지난 질문 · Ctrl-R 찾기 · Ctrl-C 줄 지우기 · Ctrl-D 끝내기",
	Unknown:      "{name} 명령은 없습니다. /help에서 확인해 주세요.",
	NothingYet:   "아직 답한 도움말이 없습니다. 먼저 질문을 적어 주세요.",
	NoArticle:    "{id} 도움말은 없습니다. Tab을 누르면 아이디가 나옵니다.",
	NoSection:    "{id} 단락은 없습니다: {ids} 가운데에서 골라 주세요.",
	NoIntent:     "{id} 의도는 없습니다. Tab을 누르면 아이디가 나옵니다.",
	NeedsText:    "뒤에 할 말을 적어 주세요: /agent 확인해 보겠습니다",
	NeedsLang:    "ko 또는 en을 적어 주세요.",
	BuiltIn:      "내장된 도움말은 바뀌지 않습니다. ‘--content 폴더’를 붙여 시작하면 고친 파일을 다시 읽습니다.",
	Reloading:    "다시 읽는 중…",
	Reloaded:     "다시 읽었습니다: 도움말 {articles}건, 의도 {intents}개.",
	Kept:         "문제 {n}건: 이전 내용을 그대로 씁니다.",
	MoreProblems: "그 밖에 {n}건",
}

var replEnglish = ReplWords{
	Opening:   "This is Haedap: {articles} articles, {intents} intents. Type a question. /help for help, Ctrl-D to leave",
	PressMore: "Press once more to leave.",
	Silent:    "(says nothing)",
	NewThread: "A new conversation.",

	Decision:   "decision",
	Confidence: "confidence",
	Candidates: "candidates",
	Outside:    "outside",
	InScope:    "in scope",
	For:        "for",
	Against:    "against",
	Nearest:    "nearest",
	HeldBack:   "held back",
	Ticket:     "ticket",
	Added:      "added to ticket",
	Topics:     "topics without an article",
	Followups:  "questions that lean on an earlier one",

	Kinds: map[string]string{
		"intent": "intents with an article", "neighbour": "neighbour topics without one", "background": "something else", "act": "moves in a conversation",
	},
	Examples: "{n} examples",
	Article:  "article",

	Commands: map[string]string{
		"why": "everything behind the last decision", "intents": "list the intents, or one with its examples", "article": "show a whole article",
		"section": "show a section of the article just answered", "new": "start a new conversation", "agent": "speak as an agent",
		"reload": "read edited files again", "lang": "change the language of this screen", "help": "this list", "quit": "leave",
	},
	ArgText:      "TEXT",
	ArgID:        "ID",
	Keys:         "Tab completes · ↑↓ earlier questions · Ctrl-R searches · Ctrl-C clears the line · Ctrl-D leaves",
	Unknown:      "There is no command {name}: see /help.",
	NothingYet:   "No article was answered yet: ask something first.",
	NoArticle:    "There is no article {id}: Tab shows the ids.",
	NoSection:    "There is no section {id}: choose one of {ids}.",
	NoIntent:     "There is no intent {id}: Tab shows the ids.",
	NeedsText:    "Write what the agent says: /agent I will look into it",
	NeedsLang:    "Write ko or en.",
	BuiltIn:      "The built-in content does not change. Start with --content FOLDER to read edited files again.",
	Reloading:    "Reading again…",
	Reloaded:     "Read again: {articles} articles, {intents} intents.",
	Kept:         "{n} problems: the earlier content stays.",
	MoreProblems: "and {n} more",
}
