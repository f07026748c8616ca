package console

import (
	"net/http"
	"strings"
	"testing"

	"crypto/rand"
)

func TestAQuestionIsAnsweredOnce(t *testing.T) {
	s := openSQLite(t)
	thread := rand.Text()
	question := said{Key: "the-same-key", Text: "이용자보호조치는 언제 풀리나요?"}
	for range 3 {
		if a := s.post(thread, question); a.status != http.StatusAccepted {
			t.Fatalf("post: %v", a)
		}
	}
	got := s.until(thread, items(2))
	if len(got.Items) != 2 || !strings.Contains(got.Items[0].HTML, question.Text) || !strings.Contains(got.Items[1].HTML, "보통 몇 주 안에") {
		t.Errorf("thread holds %+v", got)
	}
}
