package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/openai"
	"haedap/bot/internal/slackio"
	"haedap/intents"
	"haedap/knowledge/text"
)

// meaning asks an endpoint what texts mean, where the environment names one. A nil meaning asks nobody.
type meaning struct {
	client   *openai.Client
	deadline time.Duration // what a person's question may wait
}

// deadline is what a question waits for its embedding when HAEDAP_EMBEDDING_DEADLINE says nothing else.
const deadline = 300 * time.Millisecond

// readMeaning reads the variables that name an endpoint for embeddings: nil when there is none. Its error names the variable
// that is wrong, never its value.
func readMeaning(get func(string) string) (*meaning, error) {
	cfg := openai.Config{BaseURL: get("OPENAI_BASE_URL"), Key: get("OPENAI_API_KEY"), Model: get("HAEDAP_EMBEDDING_MODEL")}
	if cfg.Model == "" {
		return nil, nil
	}
	if cfg.BaseURL == "" {
		return nil, usageError{errors.New("HAEDAP_EMBEDDING_MODEL needs OPENAI_BASE_URL: set it, such as https://api.openai.com/v1")}
	}
	client, err := openai.New(cfg)
	if err != nil {
		return nil, usageError{err}
	}
	m := &meaning{client: client, deadline: deadline}
	if wait := get("HAEDAP_EMBEDDING_DEADLINE"); wait != "" {
		if m.deadline, err = time.ParseDuration(wait); err != nil || m.deadline <= 0 {
			return nil, usageError{errors.New("HAEDAP_EMBEDDING_DEADLINE must be a time, such as 300ms: leave it out for that")}
		}
	}
	return m, nil
}

// cache embeds texts of the content, each once on this machine.
func (m *meaning) cache() *openai.Cache {
	return openai.NewCache(m.client, intents.KeepDir(), text.Version)
}

// of is the embedding of what a message says, or nil when it does not come in time.
func (m *meaning) of(e *intents.Engine, said desk.Message) []float32 {
	if m == nil || !e.Learned() || said.Action != desk.NoAction || said.Text == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), m.deadline)
	defer cancel()
	vectors, err := m.client.Embed(ctx, []string{e.Wording(said.Text)})
	if err != nil {
		slog.Debug("a question goes without its embedding", "err", err)
		return nil
	}
	return vectors[0]
}

// check asks the endpoint once.
func (m *meaning) check(ctx context.Context) slackio.Check {
	start := time.Now()
	_, err := m.client.Embed(ctx, []string{"안녕하세요"})
	return slackio.Check{
		Name: fmt.Sprintf("embeddings (%s, %d ms)", m.client.Model(), time.Since(start).Milliseconds()), Err: err,
		Mend: "look at OPENAI_BASE_URL, OPENAI_API_KEY and HAEDAP_EMBEDDING_MODEL; until then answers go without",
	}
}

// learn gives content that understands embeddings too. It may take minutes for content that is new to this machine.
func (c *content) learn(ctx context.Context, m *meaning) (*content, error) {
	engine, err := c.engine.Learn(ctx, m.cache())
	if err != nil {
		return nil, fmt.Errorf("learn embeddings: %w", err)
	}
	d, err := desk.New(engine, c.library, deskConfig())
	if err != nil {
		return nil, fmt.Errorf("learn embeddings: %w", err)
	}
	return &content{library: c.library, intents: c.intents, engine: engine, desk: d, meaning: m}, nil
}

// Handle has the desk read a message, with its embedding when that comes in time.
func (c *content) Handle(t desk.Thread, m desk.Message) (desk.Thread, desk.Reply) {
	m.Embedding = c.meaning.of(c.engine, m)
	return c.desk.Handle(t, m)
}

// understand is load, and learns embeddings where the environment names an endpoint for them. When that fails the content
// does without, and says so.
func (f contentFlags) understand(ctx context.Context, t terminal) (*content, error) {
	m, err := readMeaning(os.Getenv)
	if err != nil {
		return nil, err
	}
	c, err := f.load()
	if err != nil || m == nil {
		return c, err
	}
	learned, err := c.learn(ctx, m)
	if err != nil {
		_, err = fmt.Fprintf(t.err, "embeddings are left out: %v\n", err)
		return c, err
	}
	return learned, nil
}

// embed gives the embeddings of questions that are measured, however long they take: none where none are learnt.
func (c *content) embed(ctx context.Context, questions []intents.Question) ([][]float32, error) {
	if c.meaning == nil {
		return make([][]float32, len(questions)), nil
	}
	texts := make([]string, len(questions))
	for i, q := range questions {
		texts[i] = c.engine.Wording(q.Text)
	}
	return c.meaning.cache().Embed(ctx, texts)
}

// learnAgain is how long serve waits before it asks an endpoint once more that failed.
const learnAgain = time.Minute

// learn has the desk understand embeddings as soon as the endpoint has told enough of them. Until then it does without.
func (d *daemon) learn(ctx context.Context) {
	for {
		learned, err := d.content.learn(ctx, d.meaning)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			d.awaited.set(learned)
			slim()
			d.log.Info("embeddings are learnt", "statement", learned.engine.StatementWith(true))
			return
		}
		d.log.Warn("embeddings are left out for now", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(learnAgain):
		}
	}
}
