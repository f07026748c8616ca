package intents_test

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"haedap/intents"
)

// shipped is the engine of the embedded catalogue, trained once for all tests of all packages.
var shipped = sync.OnceValue(func() *intents.Engine {
	e, err := intents.Open(intents.Embedded(), intents.Defaults(), intents.KeepDir())
	if err != nil {
		panic(err)
	}
	return e
})

// trainsAll stands in tests that train the whole shipped catalogue anew, which takes minutes under the race detector. Small
// catalogues train under it in other tests.
func trainsAll(t *testing.T) {
	t.Helper()
	if raceDetector {
		t.Skip("SKIPPED: takes minutes under the race detector: go test ./intents")
	}
}

func TestTheBudgetIsStatedFromTheCalibrationSet(t *testing.T) {
	st := shipped().Statement()
	t.Log(st)
	if !st.Met || st.Bound > st.Budget || st.Answered < 500 {
		t.Errorf("statement is %+v", st)
	}
}

// TestTheRightArticleIsOffered holds clarifications to what the statement says of them, on the questions that it stands on.
func TestTheRightArticleIsOffered(t *testing.T) {
	asked, right := 0, 0
	for _, q := range shipped().Catalogue().Calibration {
		class, single := shipped().Catalogue().Class(q.Label)
		if !single || class.Kind != intents.Answerable {
			continue
		}
		if v := shipped().Classify(q.Text); v.Vague == "" && len(v.Candidates) > 0 {
			asked++
			if slices.ContainsFunc(v.Candidates, func(s intents.Score) bool { return s.Intent == q.Label }) {
				right++
			}
		}
	}
	t.Logf("%d of %d", right, asked)
	if float64(right) < 0.95*float64(asked) {
		t.Errorf("the right article is offered to %d of %d, want at least 95 in 100", right, asked)
	}
}

func TestAFreshNumberIsRecognisedHoweverItIsTyped(t *testing.T) {
	for _, q := range []string{
		"새 번호인데 인증번호를 발송할 수 없는 번호라고 나와요",
		"새번호인데인증번호를발송할수없는번호라고나와요",
		"새 번호인데 인증 번호를 발송 할수 없는 번호 라고 나와여ㅠㅠ",
		"toqjsghdlsep dlswmdqjsghfmf qkfthdgkf tn djqtsms qjsghfkrh skdhkdy",
		"It says a verification code cannot be sent to my new number",
	} {
		if v := shipped().Classify(q); v.Ranked[0].Intent != "phone_number_blocked" || !v.Answer {
			t.Errorf("%q: %s with confidence %.3f", q, v.Ranked[0].Intent, v.Confidence)
		}
	}
}

func TestWhatLooksTheSameGetsTheSameVerdict(t *testing.T) {
	const q = "오픈채팅 123번방 이용제한 사유가 뭐예요? Talk Siren"
	want := shipped().Classify(q)
	for name, same := range map[string]string{
		"NFD":                norm.NFD.String(q),
		"full width":         width.Widen.String(q),
		"zero-width":         strings.ReplaceAll(q, "이", "\u200b이\u200d\ufeff"),
		"upper case":         strings.ToUpper(q),
		"other white space":  strings.ReplaceAll(q, " ", "\u3000\t "),
		"direction mark":     "\u202a" + q + "\u202c",
		"invalid bytes, end": q + "\xff",
	} {
		if got := shipped().Classify(same); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// TestTrainingDoesNotDependOnTheNumberOfCores also finds a kept engine that training would not make any more.
func TestTrainingDoesNotDependOnTheNumberOfCores(t *testing.T) {
	trainsAll(t)
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		if got, want := e.Classify(q), shipped().Classify(q); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: one core gives %+v, all give %+v", q, got, want)
		}
	}
	if e.Statement() != shipped().Statement() {
		t.Errorf("statements differ: %v, %v", e.Statement(), shipped().Statement())
	}
}

func TestALongQuestionIsCut(t *testing.T) {
	short := "아버지 카톡이 이용제한되었는데 제가 대신 문의해도 되나요? "
	long := strings.Repeat(short, 200_000) // about 16 MB
	v := shipped().Classify(long)
	if v.Ranked[0].Intent != "proxy_inquiry" {
		t.Errorf("verdict is %+v", v)
	}
	if got := shipped().Classify(long[:1<<20]); !reflect.DeepEqual(got, v) {
		t.Error("what is beyond the cut counts")
	}
}

func TestExplainNamesWordsExamplesAndWhatHeldBack(t *testing.T) {
	const q = "인증번호가 안 와요"
	v := shipped().Classify(q)
	if v.Answer {
		t.Fatalf("%q is answered as %s", q, v.Ranked[0].Intent)
	}
	kinds := map[string]int{}
	for _, e := range shipped().Explain(q, v) {
		kinds[e.Kind]++
		if e.Kind == intents.For && !strings.Contains(q, e.Text) {
			t.Errorf("%q is no word of the question", e.Text)
		}
	}
	if kinds[intents.Nearest] == 0 || kinds[intents.HeldBack] == 0 || kinds[intents.For]+kinds[intents.Against] == 0 {
		t.Errorf("evidence is %v", kinds)
	}
}

func TestFollowupPicksTheSectionOrSaysThatThereIsNone(t *testing.T) {
	for _, tc := range []struct{ intent, question, section string }{
		{"user_protection_measure", "언제 풀리는데요?", "lift"},
		{"user_protection_measure", "그럼 뭐가 안 되는 거예요?", "effects"},
		{"phone_number_blocked", "서류는 뭐 내요?", "documents"},
		{"impersonation_report_for_acquaintance", "급한데 경찰서 가야 하나요", "police"},
	} {
		if got, margin := shipped().Followup(tc.intent, tc.question); got != tc.section {
			t.Errorf("Followup(%s, %q) = %s (%.2f), want %s", tc.intent, tc.question, got, margin, tc.section)
		}
	}
	if got, _ := shipped().Followup("no_such_intent", "언제요?"); got != "" {
		t.Errorf("an unknown intent has section %q", got)
	}
}

func TestTooFewCalibrationQuestionsMeanNoAnswers(t *testing.T) {
	c, err := intents.Load(files(nil))
	if err != nil {
		t.Fatal(err)
	}
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	if v := e.Classify("카드를 잃어버렸어요"); v.Answer || e.Statement().Met {
		t.Errorf("answers with statement %v", e.Statement())
	}
	if !strings.Contains(e.Statement().String(), "cannot be stated") {
		t.Errorf("statement reads %q", e.Statement())
	}
}

func TestTrainRefusesSettingsOutOfRange(t *testing.T) {
	c, err := intents.Load(files(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []intents.Config{{}, {Budget: 1, Confidence: 0.9, OutOfScope: 0.1}, {Budget: 0.1, Confidence: -1, OutOfScope: 0.1}} {
		if _, err := intents.Train(c, cfg); err == nil || !strings.Contains(err.Error(), "must lie between 0 and 1") {
			t.Errorf("Train with %+v: %v", cfg, err)
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, q := range questions {
		f.Add(q)
	}
	f.Add("ㅇㅈㅂㅎ dlswmdqjsgh not the globe")
	f.Add("\xff\xfe\u200b" + strings.Repeat("가", 5000))
	f.Fuzz(func(t *testing.T, q string) {
		v := shipped().Classify(q)
		if len(v.Ranked) != 10 || v.Confidence < 0 || v.Confidence > 1 || len(v.Candidates) == 1 || len(v.Candidates) > 3 {
			t.Errorf("verdict is %+v", v)
		}
		if again := shipped().Classify(q); !reflect.DeepEqual(v, again) {
			t.Errorf("the second verdict differs: %+v, %+v", v, again)
		}
		shipped().Explain(q, v)
		shipped().Followup(v.Ranked[0].Intent, q)
	})
}
