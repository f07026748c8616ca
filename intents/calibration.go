package intents

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

// questionColumns is the header of calibration and evaluation files.
const questionColumns = "id\ttext\tlabel\ttags"

// loadCalibration reads calibration/*.tsv; the name of a file is the writer of its rows.
func loadCalibration(fsys fs.FS, classes map[string]string) ([]Question, error) {
	files, err := fs.Glob(fsys, "calibration/*.tsv")
	if err != nil {
		return nil, fmt.Errorf("list calibration: %w", err)
	}
	var out []Question
	for _, file := range files {
		f, err := fsys.Open(file)
		if err != nil {
			return nil, fmt.Errorf("open intents/%s: %w", file, err)
		}
		rows, err := ReadQuestions(f, "intents/"+file)
		_ = f.Close() // read only: nothing can be lost
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].By = strings.TrimSuffix(path.Base(file), ".tsv")
			for _, l := range strings.FieldsFunc(rows[i].Label, func(r rune) bool { return r == '+' || r == '|' }) {
				if l != OutOfScope && classes[l] == "" {
					return nil, fmt.Errorf("intents/%s:%d: label %q is no intent of the catalogue: mend it or write oos", file, i+2, l)
				}
			}
		}
		out = append(out, rows...)
	}
	return out, nil
}

// ReadQuestions reads rows with the columns id, text, label and tags, separated by tabs under that header.
// " / " in a text is a line break. Errors name the line as "name:line".
func ReadQuestions(r io.Reader, name string) ([]Question, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w", name, err)
	}
	var out []Question
	for i, line := range strings.Split(strings.TrimRight(string(raw), "\r\n"), "\n") {
		if !utf8.ValidString(line) {
			return nil, fmt.Errorf("%s:%d: is not valid UTF-8: save the file as UTF-8", name, i+1)
		}
		line = strings.TrimSuffix(line, "\r")
		if i == 0 {
			if !strings.HasPrefix(line, questionColumns) {
				return nil, fmt.Errorf("%s:1: the header must be id, text, label, tags with tabs between", name)
			}
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 4 || cells[1] == "" || cells[2] == "" {
			return nil, fmt.Errorf("%s:%d: needs four columns with a text and a label: id, text, label, tags", name, i+1)
		}
		q := Question{ID: cells[0], Text: strings.ReplaceAll(cells[1], " / ", "\n"), Label: cells[2]}
		if cells[3] != "" {
			q.Tags = strings.Split(cells[3], ",")
		}
		out = append(out, q)
	}
	return out, nil
}
