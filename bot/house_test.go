package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house keeps its files and functions short enough to be read in one go.
const (
	longestFile     = 450 // lines
	longestFunction = 70  // lines
	longestMain     = 60  // lines of main.go
)

// source is one Go file of the repository.
type source struct {
	name string // from the repository's root, with slashes
	fset *token.FileSet
	file *ast.File
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// sources reads every Go file of the repository.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir("..", func(place string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || place != ".." && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(place) != ".go":
			return nil
		}
		name, err := filepath.Rel("..", place)
		if err != nil {
			return err
		}
		s := source{name: filepath.ToSlash(name), fset: token.NewFileSet()}
		s.file, err = parser.ParseFile(s.fset, place, nil, parser.ParseComments|parser.SkipObjectResolution)
		out = append(out, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d Go files found", len(out))
	}
	return out
}

// within tells whether one of the folders is p or holds it.
func within(p string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return p == f || strings.HasPrefix(p, f+"/") })
}

// part is a part of the house and what it may import of the others.
type part struct {
	folder string
	below  []string
}

// house is every part. The first one that holds a file counts.
var house = []part{
	{"bot/internal/slacktest", []string{"bot/internal/slacktest"}},
	{"bot/internal/mask", nil},
	{"bot/internal/openai", []string{"bot/internal/mask"}},
	{"bot/internal/desk", []string{"intents", "knowledge"}},
	{"bot/internal/store", []string{"bot/internal/desk", "bot/internal/store"}},
	{"bot/internal", []string{"bot/internal", "intents", "knowledge"}},
	{"bot", []string{"bot/internal", "intents", "knowledge"}},
	{"intents", []string{"intents", "knowledge/text"}},
	{"knowledge/text", nil},
	{"knowledge", []string{"knowledge/text"}},
}

// owners are the only parts that import a library. The fake Slack is tested with Slack's client.
var owners = map[string][]string{
	"github.com/slack-go/slack":         {"bot/internal/slackio", "bot/internal/slacktest"},
	"github.com/riverqueue/river":       {"bot/internal/inbox"},
	"github.com/sashabaranov/go-openai": {"bot/internal/openai"},
	"github.com/alecthomas/kong":        {"bot"},
	"modernc.org/sqlite":                {"bot/internal/store"},
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		home := path.Dir(s.name)
		at := slices.IndexFunc(house, func(p part) bool { return within(home, p.folder) })
		if at < 0 {
			t.Errorf("%s is in no part of the house", s.name)
			continue
		}
		for _, spec := range s.file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			// A test may also start what stands beside its package.
			if own, ok := strings.CutPrefix(to, "haedap/"); ok && own != home && !s.test() && !within(own, house[at].below...) {
				t.Errorf("%s imports %s: %s may import %q of the house", s.name, own, house[at].folder, house[at].below)
			}
			for library, only := range owners {
				if within(to, library) && !within(home, only...) {
					t.Errorf("%s imports %s, which only %q may", s.name, to, only)
				}
			}
		}
	}
}

func TestPackagesSayWhatTheyPromise(t *testing.T) {
	t.Parallel()
	comments := map[string]int{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		home := path.Dir(s.name)
		comments[home] += 0
		if s.file.Doc == nil {
			continue
		}
		comments[home]++
		want := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			want = "Command " + path.Base(home) + " "
		}
		if text := s.file.Doc.Text(); !strings.HasPrefix(text, want) || len(text) < 80 {
			t.Errorf("%s: the package comment must begin with %q and say what the package promises", s.name, want)
		}
	}
	for home, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", home, n)
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "types"}, path.Base(home)) {
			t.Errorf("%s: a package is named after what it holds", home)
		}
	}
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		most := longestFile
		if s.name == "bot/main.go" {
			most = longestMain
		}
		if n := s.fset.File(s.file.FileStart).LineCount(); n > most {
			t.Errorf("%s has %d lines, more than %d", s.name, n, most)
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from, to := s.fset.Position(f.Pos()), s.fset.Position(f.End())
			if n := to.Line - from.Line + 1; n > longestFunction {
				t.Errorf("%s:%d: %s has %d lines, more than %d", s.name, from.Line, f.Name.Name, n, longestFunction)
			}
		}
	}
}
