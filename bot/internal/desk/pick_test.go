package desk

import (
	"slices"
	"strings"
	"testing"

	"haedap/knowledge/text"
)

func TestPickReadsAChoice(t *testing.T) {
	two := []string{"주황색 사람 모양 프로필(톡 사이렌) Orange person profile", "주황색 지구본 프로필(글로브 시그널) Orange globe profile"}
	who := []string{"나를 사칭한 사람이 지인에게 연락함 Someone impersonated me", "지인을 사칭한 사람 신고하기 Reporting someone who impersonates an acquaintance"}
	three := []string{"이용자보호조치 User protection measure", "이용제한조치 Usage restriction", "오픈채팅 이용제한 Open Chat restriction"}
	for _, tc := range []struct {
		says   string
		labels []string
		want   int
	}{
		{"1", two, 0},
		{"2번", two, 1},
		{"2번이요", two, 1},
		{" 2. ", two, 1},
		{"#1", two, 0},
		{"3", two, pickNone},
		{"4", two, pickUnclear},
		{"3번째요", three, 2},
		{"4번", three, pickNone},
		{"첫번째", two, 0},
		{"첫 번째 거요", two, 0},
		{"두번째인 것 같아요", two, 1},
		{"세 번째", three, 2},
		{"세 번째", two, pickUnclear},
		{"마지막 거요", three, 2},
		{"맨 밑에 있는 거", three, 2},
		{"위에 거요", two, 0},
		{"후자요", two, 1},
		{"첫 번째 말고 두 번째요", two, 1},
		{"첫 번째는 아니에요", two, 1},
		{"두 번째는 아닌데요", two, 0},
		{"두 번째는 아닌데요", three, pickUnclear},
		{"the first one", two, 0},
		{"second please", two, 1},
		{"not the first", two, 1},
		{"option 2", two, 1},
		{"the last one", three, 2},
		{"둘 다 아니에요", two, pickNone},
		{"다 아닌데요", three, pickNone},
		{"아무것도 해당 없어요", three, pickNone},
		{"다른 문제예요", two, pickNone},
		{"아니요", two, pickNone},
		{"neither", two, pickNone},
		{"none of these", three, pickNone},
		{"둘 다요", two, pickBoth},
		{"두 가지 모두요", two, pickBoth},
		{"both", two, pickBoth},
		{"사람 모양이요", two, 0},
		{"지구본이요", two, 1},
		{"the globe one", two, 1},
		{"사람은 아니에요", two, 1},
		{"보호조치라고 써 있어요", three, 0},
		{"오픈채팅이요", three, 2},
		{"제가 당했어요", who, 0},
		{"제 얘기예요", who, 0},
		{"친구가요", who, pickUnclear},
		{"네", two, pickUnclear},
		{"글쎄요", two, pickUnclear},
		{"", two, pickUnclear},
		{"이번 주에 두 번 신고당했고 계속 친구 추가가 안 되는데 이유를 모르겠습니다", two, pickUnclear},
		{"2번 신고당했어요", two, pickUnclear},
	} {
		got := pickPlace(strings.ToLower(tc.says), len(tc.labels))
		if got == pickUnclear {
			got = pickWords(strings.ToLower(tc.says), tc.labels)
		}
		if got != tc.want {
			t.Errorf("%q among %d: got %d, want %d", tc.says, len(tc.labels), got, tc.want)
		}
	}
}

func TestPickReadsADenialOfTheOnlyOffer(t *testing.T) {
	only := []string{"주황색 지구본 프로필"}
	for _, says := range []string{"지구본은 아니에요", "아니요 그거 말고요", "ㄴㄴ", "nope"} {
		if got := pickWords(says, only); got != pickNone {
			t.Errorf("%q: got %d, want none", says, got)
		}
	}
	if got := pickPlace("첫 번째는 아니에요", 1); got != pickNone {
		t.Errorf("not the first of one: got %d, want none", got)
	}
}

func TestSameKnowsAQuestionAgain(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"보호조치 언제 풀려요?", "보호조치는 언제 풀리나요", true},
		{"보호조치언제풀려요", "보호조치 언제 풀려요??", true},
		{"보호조치 언제 풀려요?", "직원이 풀어줄 수는 없나요?", false},
		{"어떤 서류를 내야 하나요", "마스킹은 어떻게 하나요", false},
		{"When will it be lifted?", "when will it be lifted", true},
		{"", "", true},
		{"", "왜요", false},
	} {
		if got := same(tc.a, tc.b); got != tc.want {
			t.Errorf("same(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
}

func TestAsksTellsQuestionsFromStatements(t *testing.T) {
	for s, want := range map[string]bool{
		"언제 풀려요": true, "왜 걸렸는지 알려주세요": true, "대신 문의해도 되나요": true, "how long does it take": true,
		"보호조치가 걸렸어요": false, "인증번호를 보낼 수 없는 번호래요": false, "I use an iphone": false,
	} {
		if got := text.Asks(s); got != want {
			t.Errorf("text.Asks(%q) = %v", s, got)
		}
	}
}

func TestSentencesEndWherePeopleEndThem(t *testing.T) {
	for s, want := range map[string][]string{
		"안녕하세요 보호조치 언제 풀려요":  {"안녕하세요", "보호조치 언제 풀려요"},
		"풀어줘 그리고 점심 뭐 먹지?":   {"풀어줘", "점심 뭐 먹지?"},
		"Hi. Thanks!\nWhen?": {"Hi.", "Thanks!", "When?"},
		"  ":                 nil,
		"...":                {"..."},
	} {
		if got := sentences(s); !slices.Equal(got, want) {
			t.Errorf("sentences(%q) = %q, want %q", s, got, want)
		}
	}
	if n := len(sentences(strings.Repeat("네. ", 100))); n != maxSentences {
		t.Errorf("%d sentences", n)
	}
}

func TestCallsTheBotByName(t *testing.T) {
	for s, want := range map[string]string{
		"@해답 언제 풀려요?": "언제 풀려요?", "해답아, 언제 풀려?": "언제 풀려?", "@Haedap when?": "when?", "챗봇님 이거 뭐예요": "이거 뭐예요", "@해답": "",
	} {
		if called, rest := calls(s); !called || rest != want {
			t.Errorf("calls(%q) = %v, %q, want %q", s, called, rest, want)
		}
	}
	for _, s := range []string{"해답을 알려주세요", "봇 차단하는 법", "@민수 확인했어요?", "", "로봇인가요"} {
		if called, rest := calls(s); called || rest != s {
			t.Errorf("calls(%q) = %v, %q", s, called, rest)
		}
	}
}

func TestWhoseReadsWhoIsConcerned(t *testing.T) {
	for s, want := range map[string]string{
		"엄마 계정이요": otherPair, "우리 할머니 꺼요": otherPair, "형이요": otherPair, "제 거 아니고 동생 거요": otherPair, "제 계정은 아니에요": otherPair,
		"it's my mother's account": otherPair, "저희 엄마가 그렇대요": otherPair, "제 계정이요": selfPair, "저요": selfPair,
		"친구 추가가 안 돼요": "", "엄마 계정이 왜 막혔어요": "", "형식이 틀려요": "", "네": "", "": "",
	} {
		if got := whose(s); got != want {
			t.Errorf("whose(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestOnlyFilesReadsThatFilesWereSent(t *testing.T) {
	for s, want := range map[string]bool{
		"파일 첨부했습니다": true, "캡처 올렸어요": true, "네 사진 보냈습니다.": true, "첨부합니다": true, "오류 화면 캡처 첨부합니다": true, "스샷이요": true,
		"캡처 올렸어요 확인 부탁드립니다": true, "I attached a screenshot": true, "here is the photo": true, "see attached": true,
		"사진": false, "보냈어요": false, "친구가 사진 보냈어요": false, "첨부 파일이 안 열려요": false, "사진 올렸어요?": false, "see you": false, "파일 보내주세요": false, "": false,
	} {
		if got := onlyFiles(s); got != want {
			t.Errorf("onlyFiles(%q) = %v", s, got)
		}
	}
}
