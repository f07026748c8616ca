package repl

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/peterh/liner"

	"haedap/bot/internal/desk"
	"haedap/intents"
	"haedap/knowledge"
)

// shipped is the content that is built in, trained once.
var shipped = sync.OnceValues(func() (Content, error) { return load(intents.Embedded(), knowledge.Embedded(), intents.KeepDir()) })

// small trains in no time.
func small() (Content, error) {
	const folder = "../../testdata/small/"
	return load(os.DirFS(folder+"intents"), os.DirFS(folder+"knowledge"), "")
}

func load(catalogueFiles, articleFiles fs.FS, keep string) (Content, error) {
	library, err := knowledge.Load(articleFiles)
	if err != nil {
		return Content{}, err
	}
	engine, err := intents.Open(catalogueFiles, intents.Defaults(), keep)
	if err != nil {
		return Content{}, err
	}
	d, err := desk.New(engine, library, desk.Config{})
	return Content{Library: library, Engine: engine, Desk: d}, err
}

func content(t testing.TB) Content {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// talk holds a conversation through a pipe.
func talk(t testing.TB, cfg Config, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	if cfg.Lang == "" {
		cfg.Lang = "ko"
	}
	if err := Run(context.Background(), strings.NewReader(strings.Join(lines, "\n")), &out, content(t), cfg); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wants(t *testing.T, got string, pieces ...string) {
	t.Helper()
	for _, p := range pieces {
		if !strings.Contains(got, p) {
			t.Errorf("lacks %q in:\n%s", p, got)
		}
	}
}

func TestAQuestionShowsTheReplyAndWhy(t *testing.T) {
	got := talk(t, Config{}, "새로 개통한 번호인데 인증번호를 보낼 수 없는 번호래요")
	wants(t, got, "이용계약등록사항증명서", "phone_number_blocked#", "확신", "█", "┃", "찬성", "비슷한 예문")
	if strings.Contains(got, "\x1b") || strings.Contains(got, prompt) {
		t.Errorf("colours or a prompt came through a pipe:\n%s", got)
	}
}

func TestAnUnsureReplySaysWhatHeldItBack(t *testing.T) {
	got := talk(t, Config{}, "카카오택시 요금이 이상해요")
	wants(t, got, "답하지 않은 까닭", "기준보다")
}

func TestAFollowupStaysInItsThreadUntilNew(t *testing.T) {
	got := talk(t, Config{}, "이용자보호조치가 뭔가요", "그럼 언제 풀려요?", "/section", "/new", "/section")
	wants(t, got, "user_protection_measure#", "새 대화를 시작합니다", desk.Repl("ko").NothingYet)
}

func TestAnAgentSilencesTheBot(t *testing.T) {
	got := talk(t, Config{}, "오픈채팅 이용제한 언제 풀려요", "/agent 제가 확인해 보겠습니다", "감사합니다")
	wants(t, got, desk.Repl("ko").Silent)
}

func TestCommands(t *testing.T) {
	w := desk.Repl("en")
	for line, want := range map[string]string{
		"/why":                          w.NothingYet,
		"/article":                      w.NothingYet,
		"/article nope":                 "nope",
		"/article proxy_inquiry":        content(t).title(t, "proxy_inquiry"),
		"/intents":                      "orange_globe_profile",
		"/intents phone_number_blocked": "examples",
		"/intents nope":                 "nope",
		"/agent":                        w.NeedsText,
		"/reload":                       w.BuiltIn,
		"/lang fr":                      w.NeedsLang,
		"/lang ko":                      desk.Repl("ko").Keys,
		"/help":                         "/section",
		"/nonsense":                     "/nonsense",
		"/why\n/quit\n인증번호를 못 보내는 번호래요": w.NothingYet,
	} {
		got := talk(t, Config{Lang: "en"}, line)
		wants(t, got, want)
		if strings.Contains(line, "/quit") && strings.Contains(got, "SKT") { // which its answer names
			t.Errorf("%q: went on after /quit", line)
		}
	}
}

func (c Content) title(t *testing.T, id string) string {
	t.Helper()
	a, ok := c.Library.Article(id, "en")
	if !ok {
		t.Fatalf("no article %s", id)
	}
	return a.Title
}

func TestASlashIsNotAlwaysACommand(t *testing.T) {
	for _, text := range []string{"/", "/인증번호가 안 와요", "/1 안돼요", "// help"} {
		if _, _, ok := command(text); ok {
			t.Errorf("%q was taken for a command", text)
		}
	}
}

func TestAFailedReloadKeepsTheContent(t *testing.T) {
	reloads := 0
	cfg := Config{Reload: func() (Content, []string) {
		reloads++
		if reloads == 1 {
			return Content{}, slices.Repeat([]string{"intents/catalog/a.yaml:3: unknown field \"exmples\""}, shownProblems+2)
		}
		return content(t), nil
	}}
	got := talk(t, cfg, "/reload", "이용자보호조치가 뭔가요", "/reload")
	wants(t, got, "a.yaml:3", "그 밖에 2건", "문제 22건", "user_protection_measure#", "다시 읽었습니다: 도움말 10건")
}

func TestCompletion(t *testing.T) {
	s := &session{Content: content(t)}
	s.speak("ko")
	s.thread, _ = s.Desk.Handle(s.thread, desk.Message{From: desk.Asker, Text: "새로 개통한 번호인데 인증번호를 보낼 수 없는 번호래요"})
	for _, c := range []struct {
		line string
		want []string
	}{
		{"/se", []string{"/section "}},
		{"/n", []string{"/new"}},
		{"/article orange_", []string{"orange_globe_profile", "orange_person_profile"}},
		{"/lang e", []string{"en"}},
		{"/section d", []string{"documents"}},
		{"/why ", nil},
		{"", nil},
		{"인증", nil},
	} {
		if _, got, _ := s.complete(c.line, utf8.RuneCountInString(c.line)); !slices.Equal(got, c.want) {
			t.Errorf("complete %q = %q, want %q", c.line, got, c.want)
		}
	}
}

func TestHistoryIsBoundedAndSurvivesBadLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "history")
	h := history{file}
	lines := &liner.State{}
	for range liner.HistoryLimit {
		lines.AppendHistory("하나")
		lines.AppendHistory("둘")
	}
	h.save(lines)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(raw, []byte("\n")); n != liner.HistoryLimit {
		t.Errorf("%d lines are kept, want %d", n, liner.HistoryLimit)
	}
	bad := "처음\n\xff\xfe\n" + strings.Repeat("x", 10_000) + "\n끝\n"
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := &liner.State{}
	h.load(fresh)
	var kept bytes.Buffer
	if _, err := fresh.WriteHistory(&kept); err != nil {
		t.Fatal(err)
	}
	if kept.String() != "처음\n끝\n" {
		t.Errorf("read %q", kept.String())
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("history can be read by others: %v, %v", info.Mode(), err)
	}
}

func FuzzAnyBytes(f *testing.F) {
	for _, seed := range []string{"인증번호\x00\n", "\xff\xfe/why\n/why", "/agent \x1b]0;x\x07\n/why", "/intents \x1b[2J", strings.Repeat("ㅋ", 9000), "/section\n\r\n/article \u202e"} {
		f.Add([]byte(seed))
	}
	c, err := small()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		if err := Run(context.Background(), bytes.NewReader(in), &out, c, Config{Lang: "ko"}); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); i >= 0 {
			t.Errorf("a control character reached the terminal: %q", out.String()[i:min(i+20, out.Len())])
		}
	})
}
