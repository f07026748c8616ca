package knowledge

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

var update = flag.Bool("update", false, "write golden files anew")

// question is one line of testdata/search.tsv: what somebody types, and the article that they
// look for ("-": none).
type question struct{ lang, want, text string }

func questions(t *testing.T) []question {
	t.Helper()
	data, err := os.ReadFile("testdata/search.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var qs []question
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			t.Fatalf("line %d of search.tsv has %d columns, want language, article, question", len(qs)+1, len(f))
		}
		qs = append(qs, question{f[0], f[1], f[2]})
	}
	return qs
}

// TestSearchGolden keeps the order, sections and excerpts of every question as a file whose diff is
// reviewed: go test ./knowledge -run Golden -update.
func TestSearchGolden(t *testing.T) {
	l := mustLoad(t, Embedded())
	var b strings.Builder
	for _, q := range questions(t) {
		r := l.Search(q.text, q.lang, 3)
		fmt.Fprintf(&b, "%s: %s (%d)\n", q.lang, q.text, r.Total)
		for _, h := range r.Hits {
			mark := " "
			if h.Article.ID == q.want {
				mark = "*"
			}
			fmt.Fprintf(&b, "  %s %s#%s %s\n", mark, h.Article.ID, h.Section, h.Excerpt)
		}
	}
	const file = "testdata/search.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("the results differ from %s; see them with -update and git diff. First difference: %s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("line %d is %q, was %q", i+1, as[i], bs[i])
		}
	}
	return "one is longer"
}

func TestSearchPutsTheArticleFirst(t *testing.T) {
	l := mustLoad(t, Embedded())
	for name, write := range map[string]func(string) string{
		"as written":     func(s string) string { return s },
		"without spaces": func(s string) string { return strings.ReplaceAll(s, " ", "") },
		"in jamo":        decompose,
		"full width":     fullWidth,
	} {
		var missed []string
		qs := questions(t)
		for _, q := range qs {
			r := l.Search(write(q.text), q.lang, 1)
			got := "-"
			if r.Total > 0 {
				got = r.Hits[0].Article.ID
			}
			if got != q.want {
				missed = append(missed, fmt.Sprintf("%s: got %s, want %s", q.text, got, q.want))
			}
		}
		if share := 1 - float64(len(missed))/float64(len(qs)); share < 0.95 {
			t.Errorf("%s: the right article is first for %.1f %% of %d questions, want 95:\n%s", name, 100*share, len(qs), strings.Join(missed, "\n"))
		} else {
			t.Logf("%s: %.1f %% of %d; missed:\n%s", name, 100*share, len(qs), strings.Join(missed, "\n"))
		}
	}
}

// decompose writes Hangul as macOS stores file names.
func decompose(s string) string { return norm.NFD.String(s) }

func fullWidth(s string) string { return width.Widen.String(s) }

func TestSearchOfTitlesInALargeLibrary(t *testing.T) {
	l := mustLoad(t, thousand(t))
	for _, lang := range Langs {
		for i, id := range l.IDs() {
			if i%37 != 0 {
				continue
			}
			a, _ := l.Article(id, lang)
			if r := l.Search(strings.ReplaceAll(a.Title, " ", ""), lang, 3); len(r.Hits) == 0 || r.Hits[0].Article != a {
				t.Errorf("%s: the title of %s finds %v", lang, id, r.List())
			}
		}
	}
}

func TestSearchBounds(t *testing.T) {
	l := mustLoad(t, Embedded())
	all := l.Search("제한", "ko", 0)
	if all.Total < 2 || len(all.Hits) != all.Total {
		t.Errorf("limit 0 gives %d of %d", len(all.Hits), all.Total)
	}
	if one := l.Search("제한", "ko", 1); one.Total != all.Total || len(one.Hits) != 1 || one.Hits[0] != all.Hits[0] {
		t.Errorf("limit 1 gives %+v", one)
	}
	if other := l.Search("제한", "fr", 0); !reflect.DeepEqual(other, all) {
		t.Errorf("an unknown language gives %+v, want the first one's results", other)
	}
	for _, q := range []string{"", " \n", "?!…", "\xff\xfe", "😀", strings.Repeat("\x00", 100)} {
		if r := l.Search(q, "ko", 3); r.Total != 0 || r.Hits != nil {
			t.Errorf("%q finds %d", q, r.Total)
		}
	}
	if r := l.Search(strings.Repeat("글로브 시그널 ", 1<<19), "ko", 1); r.Total == 0 || r.Hits[0].Article.ID != "orange_globe_profile" {
		t.Error("a question of 10 MB does not find what it asks for")
	}
	for _, h := range all.Hits {
		if n := utf8.RuneCountInString(h.Excerpt); n == 0 || n > excerptLength+2 {
			t.Errorf("excerpt of %d characters: %s", n, h.Excerpt)
		}
	}
}

func TestSearchIsTheSameForEverybody(t *testing.T) {
	one, two := mustLoad(t, Embedded()), mustLoad(t, Embedded())
	qs := questions(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, q := range qs {
				a, b := one.Search(q.text, q.lang, 0), two.Search(q.text, q.lang, 0)
				if a.List() != b.List() || !reflect.DeepEqual(scores(a), scores(b)) {
					t.Errorf("%s: two libraries of the same folder differ", q.text)
				}
			}
		})
	}
	wg.Wait()
}

func scores(r Results) (s []float64) {
	for _, h := range r.Hits {
		s = append(s, h.Score)
	}
	return s
}

func TestListLooksLikeTheHelpCentre(t *testing.T) {
	l := mustLoad(t, Embedded())
	for _, c := range []struct{ query, lang, want string }{
		{"글로브 시그널", "ko", "검색 결과 (총 1건)\n\n[카카오톡][신고/이용제한/정책][공통] 주황색 지구본 프로필은 무엇인가요?\n  글로브 시그널은 해외 가상번호를 이용한 피싱을 막기 위해 도입되었습니다. 그런 상대의 프로필에는 주황색 바탕에 지구본이 표시됩니다.\n"},
		{"Talk Siren", "en", "Search results (1 in total)\n\n[KakaoTalk][Reports/Restrictions/Policy][All] What does a profile with an orange person mean?\n  Talk Siren works against messenger phishing. The orange person shows whom to be careful with.\n"},
		{"짜장면", "ko", "검색 결과 (총 0건)\n"},
	} {
		if got := l.Search(c.query, c.lang, 5).List(); got != c.want {
			t.Errorf("%s lists\n%s\nwant\n%s", c.query, got, c.want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	l := mustLoad(f, Embedded())
	f.Add("글로브시그널")
	f.Add("\xff<ㅁㄴㅇ>")
	f.Fuzz(func(t *testing.T, query string) {
		r := l.Search(query, "ko", 2)
		if len(r.Hits) > 2 || len(r.Hits) > r.Total {
			t.Errorf("%d hits of %d", len(r.Hits), r.Total)
		}
		for i, h := range r.Hits {
			if _, ok := h.Article.Section(h.Section); !ok || h.Score <= 0 || (i > 0 && h.Score > r.Hits[i-1].Score) || !utf8.ValidString(h.Excerpt) {
				t.Errorf("hit %d is %+v", i, h)
			}
		}
	})
}
