package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"haedap/bot/internal/desk"
	"haedap/intents"
)

type askCommand struct {
	contentFlags `embed:""`
	JSON         bool     `help:"Read lines from stdin and write a JSON object for each."`
	Question     []string `arg:"" optional:"" help:"The question."`
}

// Run answers one question for people, or a stream of lines for programs.
func (a askCommand) Run(ctx context.Context, t terminal) error {
	question := strings.Join(a.Question, " ")
	if !a.JSON && strings.TrimSpace(question) == "" {
		return usageError{errors.New(`ask needs a question: bot ask "질문", or --json with lines on stdin`)}
	}
	c, err := a.understand(ctx, t)
	if err != nil {
		return err
	}
	if a.JSON && question == "" {
		return askLines(ctx, c, t)
	}
	if a.JSON {
		return askLines(ctx, c, terminal{strings.NewReader(question), t.out, t.err})
	}
	_, reply := c.Handle(desk.Thread{}, desk.Message{From: desk.Asker, Text: question, Addressed: true})
	_, err = fmt.Fprintln(t.out, reply.Plain())
	return err
}

// line is one line of input: plain text, or an object.
type line struct {
	Thread string       `json:"thread"`
	From   desk.Speaker `json:"from"`
	Text   *string      `json:"text"`
}

// answer is one line of output.
type answer struct {
	Thread     string             `json:"thread"`
	Text       string             `json:"text"`
	Decision   desk.Decision      `json:"decision"`
	Intent     string             `json:"intent"`
	Confidence float64            `json:"confidence"`
	Candidates []candidate        `json:"candidates"`
	Article    string             `json:"article"`
	Section    string             `json:"section"`
	Lang       string             `json:"lang"`
	Reply      string             `json:"reply"`
	Evidence   []intents.Evidence `json:"evidence"`
	Micros     int64              `json:"latency_us"`
}

type candidate struct {
	Intent string  `json:"intent"`
	Score  float64 `json:"score"`
}

// lineError is written in place of an answer to a line that cannot be read.
type lineError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// longestLine is the most bytes of a line that are read; the rest of a longer one is passed over and said so.
const longestLine = 32 << 20

// askLines answers each line of t.in in order. Lines of one thread form a conversation.
func askLines(ctx context.Context, c *content, t terminal) error {
	in, out := bufio.NewReaderSize(t.in, 1<<16), bufio.NewWriter(t.out)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	threads := map[string]desk.Thread{}
	bad := 0
	for n := 1; ctx.Err() == nil; n++ {
		raw, readErr := readLine(in)
		if readErr != nil && !errors.Is(readErr, io.EOF) {
			return fmt.Errorf("read line %d: %w", n, readErr)
		}
		var written any
		if strings.TrimSpace(raw) != "" {
			l, err := parseLine(raw)
			if err != nil {
				bad++
				written = lineError{n, err.Error()}
			} else {
				written = answerLine(c, threads, l)
			}
			if err := encoder.Encode(written); err != nil {
				return fmt.Errorf("write the answer to line %d: %w", n, err)
			}
		}
		if in.Buffered() == 0 || errors.Is(readErr, io.EOF) { // whoever waits for an answer gets it now
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the answer to line %d: %w", n, err)
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d lines could not be read: see their errors in the output", bad)
	}
	return nil
}

// readLine reads to the end of the line, which it takes off.
func readLine(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, err := in.ReadSlice('\n')
		if b.Len() < longestLine {
			b.Write(part)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(b.String(), "\r\n"), err
		}
	}
}

func parseLine(raw string) (line, error) {
	if !utf8.ValidString(raw) {
		return line{}, errors.New("is not valid UTF-8: save it as UTF-8")
	}
	if !strings.HasPrefix(strings.TrimSpace(raw), "{") {
		return line{From: desk.Asker, Text: &raw}, nil
	}
	l := line{From: desk.Asker}
	decoder := json.NewDecoder(strings.NewReader(raw))
	err := decoder.Decode(&l) // other keys belong to whoever wrote the line
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return line{}, fmt.Errorf("%q is a %s: it must be a string", wrong.Field, wrong.Value)
	}
	if err != nil {
		return line{}, fmt.Errorf(`is no object with "thread", "from" and "text": %w`, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return line{}, errors.New("holds more than one object: write each on a line of its own")
	}
	if l.Text == nil {
		return line{}, errors.New(`has no "text"`)
	}
	if l.From != desk.Asker && l.From != desk.Agent {
		return line{}, fmt.Errorf(`"from" is %q: it must be "customer" or "agent"`, l.From)
	}
	return l, nil
}

// answerLine puts one line to the desk and remembers its thread.
func answerLine(c *content, threads map[string]desk.Thread, l line) answer {
	start := time.Now()
	after, reply := c.Handle(threads[l.Thread], desk.Message{From: l.From, Text: *l.Text})
	took := time.Since(start)
	if l.Thread != "" {
		threads[l.Thread] = after
	}
	a := answer{
		Thread: l.Thread, Text: *l.Text, Decision: reply.Decision, Confidence: reply.Confidence, Lang: reply.Lang,
		Reply: reply.Plain(), Evidence: reply.Evidence, Micros: took.Microseconds(), Candidates: []candidate{},
	}
	if a.Evidence == nil {
		a.Evidence = []intents.Evidence{}
	}
	shown := reply.Candidates
	if reply.Decision == desk.Clarify {
		shown = reply.Offered
	}
	for _, s := range shown {
		a.Candidates = append(a.Candidates, candidate{s.Intent, s.Score})
	}
	var named, articles, sections []string
	for _, p := range reply.Parts {
		named, articles, sections = append(named, p.Intent), append(articles, p.Article), append(sections, p.Section)
	}
	a.Intent, a.Article, a.Section = strings.Join(named, "+"), strings.Join(articles, "+"), strings.Join(sections, "+")
	return a
}
