package intents

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

//go:embed catalog calibration
var embedded embed.FS

// Embedded is the catalogue that ships with the program, laid out as this package's folder.
func Embedded() fs.FS { return embedded }

// folders holds the classes of each kind; the first is required.
var folders = []struct {
	dir  string
	kind Kind
}{
	{"catalog", Answerable},
	{"catalog/neighbours", Neighbour},
	{"catalog/background", Background},
	{"catalog/acts", Act},
	{"catalog/vague", Vague},
}

// Problems are all that is wrong with a set of files, one entry each, as "file:line: what, and the mend".
type Problems []string

// Error gives the first problem and the number of the others, on one line.
func (p Problems) Error() string {
	if len(p) == 1 {
		return p[0]
	}
	return fmt.Sprintf("%s (and %d more; `lint` lists them)", p[0], len(p)-1)
}

// Load reads a catalogue from fsys, which is laid out as this package's folder: catalog/*.yaml,
// catalog/{neighbours,background,acts,vague}/*.yaml and calibration/*.tsv. Neighbour topics may stand in
// folders, each a group of like topics. Its error is [Problems].
func Load(fsys fs.FS) (*Catalogue, error) {
	var c Catalogue
	var problems Problems
	where := map[string]string{}
	for _, folder := range folders {
		files, err := fs.Glob(fsys, folder.dir+"/*.yaml")
		if folder.kind == Neighbour && err == nil {
			var grouped []string
			grouped, err = fs.Glob(fsys, folder.dir+"/*/*.yaml")
			files = append(files, grouped...)
		}
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", folder.dir, err)
		}
		for _, file := range files {
			class, err := loadClass(fsys, file, folder.kind)
			var several Problems
			switch {
			case errors.As(err, &several):
				problems = append(problems, several...)
			case err != nil:
				problems = append(problems, err.Error())
			case where[class.ID] != "":
				problems = append(problems, fmt.Sprintf("intents/%s:1: id %q is taken by %s: give it another one", file, class.ID, where[class.ID]))
			default:
				where[class.ID] = class.File
				c.Classes = append(c.Classes, class)
			}
		}
	}
	if len(c.Classes) == 0 && len(problems) == 0 {
		problems = append(problems, "intents/catalog: holds no *.yaml file: write one intent a file")
	}
	problems = append(problems, checkBetween(&c)...)
	var err error
	if c.Calibration, err = loadCalibration(fsys, where); err != nil {
		problems = append(problems, err.Error())
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return &c, nil
}

// fileClass is a class as its file spells it.
type fileClass struct {
	ID        string   `yaml:"id"`
	Label     Label    `yaml:"label"`
	Article   string   `yaml:"article"`
	Between   []string `yaml:"between"`
	Examples  []group  `yaml:"examples"`
	Followups []group  `yaml:"followups"`
}

// group is a run of examples by one writer that aim at one section.
type group struct {
	By      string   `yaml:"by"`
	Section string   `yaml:"section"`
	Texts   []string `yaml:"texts"`
}

func loadClass(fsys fs.FS, file string, kind Kind) (Class, error) {
	name := "intents/" + file
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return Class{}, fmt.Errorf("%s:1: cannot be read: %w", name, err)
	}
	var f fileClass
	if err := decode(raw, &f); err != nil {
		return Class{}, yamlProblem(name, err)
	}
	class := Class{
		ID: f.ID, Kind: kind, Label: f.Label, Article: f.Article, Between: f.Between, File: name,
		Examples: flatten(f.Examples), Followups: flatten(f.Followups), Lines: lines(raw),
	}
	if dir := path.Dir(file); kind == Neighbour && dir != "catalog/neighbours" {
		class.Group = path.Base(dir)
	}
	return class, checkClass(class, f.Examples != nil)
}

// decode reads YAML strictly. The library panics on some files that are no YAML for f, such as a tagged word where a list
// belongs.
func decode(raw []byte, f *fileClass) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("a value is not of the kind that its key needs")
		}
	}()
	return yaml.UnmarshalWithOptions(raw, f, yaml.Strict())
}

// yamlProblem puts a decoder's error on one line behind its place.
func yamlProblem(name string, err error) error {
	line := 1
	message := err.Error()
	var at yaml.Error
	if errors.As(err, &at) {
		message = at.GetMessage()
		if t := at.GetToken(); t != nil {
			line = t.Position.Line
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	return fmt.Errorf("%s:%d: %s: see intents/README.md for the keys", name, line, message)
}

func flatten(groups []group) []Example {
	var out []Example
	for _, g := range groups {
		for _, t := range g.Texts {
			out = append(out, Example{Text: t, By: g.By, Section: g.Section})
		}
	}
	return out
}

// checkClass says all that is wrong with one class by itself. listed tells whether its file has the key of the examples.
func checkClass(c Class, listed bool) error {
	var p Problems
	say := func(line int, format string, args ...any) {
		p = append(p, fmt.Sprintf("%s:%d: ", c.File, max(line, 1))+fmt.Sprintf(format, args...))
	}
	if want := strings.TrimSuffix(path.Base(c.File), ".yaml"); c.ID != want {
		say(1, "id is %q: it must be the file's name, %q", c.ID, want)
	}
	if c.Label.KO == "" || c.Label.EN == "" {
		say(1, "label needs both ko and en")
	}
	switch learnt := c.Kind == Answerable && c.Article != ""; {
	case len(c.Examples) > 0, learnt && listed:
	case learnt:
		say(1, "%q has no examples: write some under examples: … texts:, or examples: [] to learn it from its article alone", c.ID)
	default:
		say(1, "%q has no examples: write some under examples: … texts:", c.ID)
	}
	if c.Kind == Answerable && c.Article == "" {
		say(1, "%q names no article: add article: ID", c.ID)
	}
	if c.Kind != Answerable && c.Article != "" {
		say(c.Lines.Article, "a %s has no article: take the key away", c.Kind)
	}
	if (c.Kind == Vague) != (len(c.Between) > 0) || len(c.Between) == 1 || len(c.Between) > mostCandidates {
		say(1, "%q must name two or three intents under between: if it stands in catalog/vague, and none elsewhere", c.ID)
	}
	for _, e := range append(c.Examples[:len(c.Examples):len(c.Examples)], c.Followups...) {
		if strings.TrimSpace(e.Text) == "" {
			say(1, "%q has an empty example by %q: take it away", c.ID, e.By)
		}
	}
	if len(p) > 0 {
		return p
	}
	return nil
}

// readArticles has the intents without examples read their articles. Its error is [Problems].
func (c *Catalogue) readArticles(articles map[string][]Example) error {
	var p Problems
	for i := range c.Classes {
		class := &c.Classes[i]
		if class.Kind != Answerable || len(class.Examples) > 0 {
			continue
		}
		if class.Reads = articles[class.Article]; len(class.Reads) == 0 {
			p = append(p, fmt.Sprintf("%s:%d: article %q, which %q is learnt from, has no text: write it, or write examples", class.File, max(class.Lines.Article, 1), class.Article, class.ID))
		}
	}
	if len(p) > 0 {
		return p
	}
	return nil
}

// checkBetween says which vague classes name something that is no intent.
func checkBetween(c *Catalogue) Problems {
	var p Problems
	for _, class := range c.Classes {
		for _, id := range class.Between {
			if other, ok := c.Class(id); !ok || other.Kind != Answerable {
				p = append(p, fmt.Sprintf("%s:1: between: %q is no intent: name one of catalog/*.yaml", class.File, id))
			}
		}
	}
	return p
}

// lines finds where a class names things that stand in other files.
func lines(raw []byte) Lines {
	l := Lines{Sections: map[string]int{}}
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return l
	}
	for _, doc := range file.Docs {
		ast.Walk(lineFinder{&l}, doc.Body)
	}
	return l
}

type lineFinder struct{ *Lines }

// Visit implements [ast.Visitor].
func (f lineFinder) Visit(n ast.Node) ast.Visitor {
	pair, ok := n.(*ast.MappingValueNode)
	if !ok || pair.Value == nil {
		return f
	}
	line, value := pair.Key.GetToken().Position.Line, pair.Value.String()
	switch pair.Key.String() {
	case "article":
		f.Article = line
	case "section":
		if f.Sections[value] == 0 {
			f.Sections[value] = line
		}
	}
	return f
}
