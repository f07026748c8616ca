package knowledge_test

import (
	"strings"
	"testing"

	"haedap/knowledge"
)

func TestPassagesAreTitleHeadingsAndSentencesInOrder(t *testing.T) {
	t.Parallel()
	l, err := knowledge.Load(knowledge.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range l.IDs() {
		for _, lang := range knowledge.Langs {
			a, _ := l.Article(id, lang)
			passages := a.Passages()
			if passages[0].Section != "" || !strings.HasPrefix(a.Title, passages[0].Text[:3]) {
				t.Errorf("%s %s begins with %+v", lang, id, passages[0])
			}
			whole := a.Title + "\n" + knowledge.Plain(a.Markdown())
			seen := map[string]bool{}
			for _, p := range passages {
				seen[p.Section] = true
				if !strings.Contains(whole, p.Text) || strings.Contains(p.Text, "\n") {
					t.Errorf("%s %s: %q is no line of the article", lang, id, p.Text)
				}
			}
			for _, s := range a.Sections {
				if !seen[s.ID] {
					t.Errorf("%s %s: nothing of section %s", lang, id, s.ID)
				}
			}
		}
	}
}
