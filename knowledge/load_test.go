package knowledge

import "testing"

func TestEmbeddedArticlesLoad(t *testing.T) {
	l, err := Load(Embedded())
	if err != nil {
		if e, ok := err.(*LoadError); ok {
			for _, p := range e.Problems {
				t.Error(p)
			}
		}
		t.Fatal(err)
	}
	a, _ := l.Article("phone_number_blocked", "ko")
	t.Log(Mrkdwn(a.Markdown()))
	t.Log(Plain(a.Markdown()))
	t.Log(HTML(a.Markdown()))
}
