package intents_test

import (
	"context"
	"errors"
	"hash/fnv"
	"reflect"
	"strings"
	"sync"
	"testing"

	"haedap/intents"
	"haedap/knowledge/text"
)

// letters embeds a text by the pairs of letters that it has: it knows nothing of meaning, but likens what reads alike.
type letters struct{ width uint32 }

func (l letters) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		out[i] = make([]float32, l.width)
		jamo := []rune(text.Jamo(t))
		for k := 1; k < len(jamo); k++ {
			h := fnv.New32a()
			_, _ = h.Write([]byte(string(jamo[k-1 : k+1])))
			out[i][h.Sum32()%l.width]++
		}
		out[i][0]++ // an empty text has a direction too
	}
	return out, nil
}

// failing is an endpoint that is down.
type failing struct{}

func (failing) Embed(context.Context, []string) ([][]float32, error) {
	return nil, errors.New("the endpoint is down")
}

// learned is the shipped engine with such embeddings, learnt once for all tests.
var learned = sync.OnceValue(func() *intents.Engine {
	e, err := shipped().Learn(context.Background(), letters{128})
	if err != nil {
		panic(err)
	}
	return e
})

// embedded is the embedding of a question.
func embedded(t *testing.T, question string) []float32 {
	t.Helper()
	v, err := letters{128}.Embed(t.Context(), []string{learned().Wording(question)})
	if err != nil {
		t.Fatal(err)
	}
	return v[0]
}

func TestWithoutAnEmbeddingNothingChanges(t *testing.T) {
	for _, q := range append(questions, "인증번호가 안 와요", "dlswmdqjsgh", "") {
		want := shipped().Classify(q)
		for name, got := range map[string]intents.Verdict{
			"none":        learned().Classify(q),
			"other width": learned().ClassifyWith(q, make([]float32, 64)),
			"not learnt":  shipped().ClassifyWith(q, embedded(t, q)),
		} {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q, %s: %+v, want %+v", q, name, got, want)
			}
		}
	}
	if learned().StatementWith(false) != shipped().Statement() {
		t.Errorf("statement is %v", learned().StatementWith(false))
	}
}

func TestAnEmbeddingIsASecondOpinion(t *testing.T) {
	st := learned().StatementWith(true)
	if !st.Met || st.Bound > st.Budget || st == shipped().Statement() {
		t.Errorf("statement is %+v, without embeddings %+v", st, shipped().Statement())
	}
	const q = "새 번호인데 인증번호를 발송할 수 없는 번호라고 나와요"
	v := learned().ClassifyWith(q, embedded(t, q))
	if v.Meant != "phone_number_blocked" || v.Ranked[0].Intent != "phone_number_blocked" || !v.Answer {
		t.Errorf("verdict is %+v", v)
	}
	// An embedding of something else speaks against it.
	other := learned().ClassifyWith(q, embedded(t, "오늘 날씨 어때요 비가 온다던데"))
	if other.Meant == v.Meant || other.Ranked[0].P >= v.Ranked[0].P {
		t.Errorf("verdict is %+v", other)
	}
	if again := learned().ClassifyWith(q, embedded(t, q)); !reflect.DeepEqual(again, v) {
		t.Errorf("the second verdict differs: %+v", again)
	}
}

func TestLearnPassesOnWhatFails(t *testing.T) {
	if _, err := shipped().Learn(t.Context(), failing{}); err == nil || !strings.Contains(err.Error(), "the endpoint is down") {
		t.Errorf("error is %v", err)
	}
}

func BenchmarkClassifyWith(b *testing.B) {
	e := learned()
	v, err := letters{128}.Embed(b.Context(), []string{questions[0]})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e.ClassifyWith(questions[0], v[0])
	}
}
