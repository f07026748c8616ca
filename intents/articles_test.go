package intents_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"haedap/intents"
)

// bareFile is an intent that is learnt from its article alone.
const bareFile = "id: talk_drawer_backup\nlabel: {ko: 톡서랍 백업, en: Talk Drawer backup}\narticle: talk_drawer_backup\nexamples: []\n"

// drawer is what such an article says.
var drawer = []intents.Example{
	{Text: "톡서랍에 대화를 백업하려면 어떻게 하나요?"},
	{Text: "톡서랍은 대화와 사진을 서버에 보관합니다", Section: "about"},
	{Text: "백업하는 방법", Section: "how"},
	{Text: "설정에서 채팅, 대화 백업, 톡서랍 백업을 차례로 누릅니다", Section: "how"},
	{Text: "How do I back up chats to Talk Drawer?"},
	{Text: "Open Settings, Chats, Back up chats, and choose Talk Drawer", Section: "how"},
}

// shippedAnd is the shipped catalogue's files and one more intent.
func shippedAnd(t *testing.T, class string) fs.FS {
	t.Helper()
	out := fstest.MapFS{"catalog/talk_drawer_backup.yaml": {Data: []byte(class)}}
	err := fs.WalkDir(intents.Embedded(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(intents.Embedded(), path)
		out[path] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// withArticle is the shipped catalogue with one more intent, learnt from article.
func withArticle(t *testing.T, article []intents.Example) (*intents.Engine, error) {
	t.Helper()
	trainsAll(t)
	cfg := intents.Defaults()
	cfg.Articles = map[string][]intents.Example{"talk_drawer_backup": article}
	return intents.Open(shippedAnd(t, bareFile), cfg, "")
}

func TestAnArticleWithoutExamplesIsFoundAndOffered(t *testing.T) {
	e, err := withArticle(t, drawer)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"톡서랍 백업 어떻게 해요", "톡서랍에백업하는법", "대화를 톡서랍에 백업하고 싶은데요", "how can I back up my chats in talk drawer"} {
		v := e.Classify(q)
		offered := len(v.Candidates) > 0 && v.Candidates[0].Intent == "talk_drawer_backup"
		if v.Ranked[0].Intent != "talk_drawer_backup" || !v.Answer && !offered {
			t.Errorf("%q: %+v", q, v)
		}
	}
	for _, q := range append(questions, "신고하면 상대가 알게 되나요", "오늘 날씨 어때요", "백업한 사진이 안 보여요 갤러리에서") {
		v := e.Classify(q)
		if v.Answer && v.Ranked[0].Intent == "talk_drawer_backup" {
			t.Errorf("%q is answered with the new article", q)
		}
	}
	for _, q := range questions {
		if got, want := e.Classify(q), shipped().Classify(q); got.Ranked[0].Intent != want.Ranked[0].Intent {
			t.Errorf("%q is now %s, was %s", q, got.Ranked[0].Intent, want.Ranked[0].Intent)
		}
	}
}

func TestAnIntentWithoutExamplesNeedsAnArticleWithText(t *testing.T) {
	if _, err := withArticle(t, nil); err == nil || !strings.Contains(err.Error(), `intents/catalog/talk_drawer_backup.yaml:3: article "talk_drawer_backup"`) {
		t.Errorf("without text: %v", err)
	}
	for name, changed := range map[string]string{
		"no key":    strings.Replace(bareFile, "examples: []\n", "", 1),
		"empty key": strings.Replace(bareFile, "examples: []\n", "examples:\n", 1),
	} {
		_, err := intents.Load(shippedAnd(t, changed))
		if err == nil || !strings.Contains(err.Error(), "examples: []") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
