package knowledge

import (
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
)

func BenchmarkLoad(b *testing.B) {
	for name, fsys := range map[string]fs.FS{"ten": Embedded(), "thousand": thousand(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mustLoad(b, fsys)
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	for name, l := range map[string]*Library{"ten": mustLoad(b, Embedded()), "thousand": mustLoad(b, thousand(b))} {
		for _, q := range []struct{ lang, text string }{
			{"ko", "새로 개통한 번호인데 인증번호를 못 보내는 번호라고 나와서 가입을 못 하고 있어요"},
			{"en", "I opened a new number and no verification code can be sent to it"},
		} {
			b.Run(name+"/"+q.lang, func(b *testing.B) {
				for b.Loop() {
					if l.Search(q.text, q.lang, 10).Total == 0 {
						b.Fatal("found nothing")
					}
				}
			})
		}
	}
}

// thousand makes a library of a thousand articles, a hundred of each with words of its own.
func thousand(tb testing.TB) fstest.MapFS {
	tb.Helper()
	small := mustLoad(tb, Embedded())
	fsys := fstest.MapFS{}
	for _, lang := range Langs {
		for _, id := range small.IDs() {
			a, _ := small.Article(id, lang)
			for i := range 100 {
				own := fmt.Sprintf("%c%c%c", '가'+i*97, '나'+i*31, '다'+i*53)
				file := fmt.Sprintf("articles/%s/%s_%03d.md", lang, id, i)
				fsys[file] = &fstest.MapFile{Data: fmt.Appendf(nil,
					"---\nid: %s_%03d\ntitle: %q\nservice: s\ncategory: c\nplatform: p\nsource: {name: n}\nchecked: 2026-11\nprimary: %s\n---\n%s %s\n\n%s",
					id, i, a.Title+" "+own, a.Primary, a.Lead, own, sectionsOf(a))}
			}
		}
	}
	return fsys
}

func sectionsOf(a *Article) (all string) {
	for _, s := range a.Sections {
		all += fmt.Sprintf("## %s {#%s}\n\n%s\n\n", s.Heading, s.ID, s.Body)
	}
	return all
}

func mustLoad(tb testing.TB, fsys fs.FS) *Library {
	tb.Helper()
	l, err := Load(fsys)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
