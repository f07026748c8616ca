package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"haedap/bot/internal/desk"
	"haedap/intents"
)

// settings makes a getter of variables.
func settings(of map[string]string) func(string) string {
	return func(name string) string { return of[name] }
}

func TestSettingsOfEmbeddings(t *testing.T) {
	t.Parallel()
	if m, err := readMeaning(settings(map[string]string{"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_API_KEY": "sk-secret"})); m != nil || err != nil {
		t.Errorf("without a model: %v, %v", m, err)
	}
	for want, set := range map[string]map[string]string{
		"OPENAI_BASE_URL: set it":           {"HAEDAP_EMBEDDING_MODEL": "m", "OPENAI_API_KEY": "sk-secret"},
		"OPENAI_BASE_URL is no address":     {"HAEDAP_EMBEDDING_MODEL": "m", "OPENAI_BASE_URL": "sk-secret"},
		"HAEDAP_EMBEDDING_DEADLINE must be": {"HAEDAP_EMBEDDING_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1:1", "HAEDAP_EMBEDDING_DEADLINE": "300"},
	} {
		_, err := readMeaning(settings(set))
		if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sk-secret") {
			t.Errorf("want %q: %v", want, err)
		}
	}
}

// lettersCounted is an endpoint whose embeddings count letters. While it hangs it answers nobody.
func lettersCounted(t *testing.T, hangs *atomic.Bool) string {
	t.Helper()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hangs.Load() {
			<-done
			return
		}
		var asked struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		type item struct {
			Index     int         `json:"index"`
			Embedding [48]float32 `json:"embedding"`
		}
		data := make([]item, len(asked.Input))
		for i, s := range asked.Input {
			data[i].Index, data[i].Embedding[0] = i, 1
			for _, letter := range s {
				data[i].Embedding[letter%48]++
			}
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"data": data}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(done) })
	return server.URL + "/v1"
}

func TestAnEmbeddingThatIsLateIsDoneWithout(t *testing.T) {
	var hangs atomic.Bool
	m, err := readMeaning(settings(map[string]string{
		"OPENAI_BASE_URL": lettersCounted(t, &hangs), "HAEDAP_EMBEDDING_MODEL": "letters", "HAEDAP_EMBEDDING_DEADLINE": "5s",
	}))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := contentFlags{Budget: 0.02}.load()
	if err != nil {
		t.Fatal(err)
	}
	learned, err := plain.learn(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	question := desk.Message{From: desk.Asker, Text: "새 번호인데 인증번호를 발송할 수 없는 번호라고 나와요", Addressed: true}
	_, without := plain.Handle(desk.Thread{}, question)
	if _, with := learned.Handle(desk.Thread{}, question); with.Confidence == without.Confidence {
		t.Errorf("the embedding had no say: confidence %v", with.Confidence)
	}
	asked := []intents.Question{{ID: "q1", Text: question.Text, Label: "phone_number_blocked"}}
	measuredWith, err := measure(t.Context(), learned, asked)
	if err != nil {
		t.Fatal(err)
	}
	if got := measuredWith.outcomes[0].Confidence; got == without.Confidence {
		t.Errorf("eval measures without embeddings: confidence %v", got)
	}
	hangs.Store(true)
	m.deadline = 20 * time.Millisecond
	if _, late := learned.Handle(desk.Thread{}, question); !reflect.DeepEqual(late, without) {
		t.Errorf("reply is %+v, want %+v", late, without)
	}
}
