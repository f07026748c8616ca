// Package openai asks an OpenAI-compatible endpoint for embeddings: numbers that say what a text means.
//
// Nothing here is ever needed: whoever asks sets a deadline and goes on without. Personal data is masked before a text
// leaves the process, and no error holds the key or a text. When the endpoint fails again and again it is left alone for a
// while, so that a dead one costs no time. A [Cache] keeps on disk what was embedded once; what it keeps are the editors'
// texts, so questions of people go through a [Client] and are kept nowhere.
package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"haedap/bot/internal/mask"
)

// Config names the endpoint.
type Config struct {
	BaseURL string // such as https://api.openai.com/v1
	Key     string // may be empty for a local endpoint
	Model   string
}

// Bounds of what is asked at once.
const (
	batch      = 64 // texts in one request
	underWay   = 4  // requests at the same time
	answerTime = 2 * time.Minute
)

// When the endpoint is left alone, and for how long.
const (
	failuresInARow = 5
	leftAlone      = 30 * time.Second
)

// Client embeds texts. It is safe for concurrent use.
type Client struct {
	model   string
	api     *openai.Client
	breaker *gobreaker.CircuitBreaker[[][]float32]
	free    chan struct{} // holds a token for each request under way
}

// New makes a client. It does not reach the endpoint yet. Its error never holds the key.
func New(cfg Config) (*Client, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errors.New("OPENAI_BASE_URL is no address: write it as https://api.openai.com/v1")
	}
	if cfg.Model == "" {
		return nil, errors.New("HAEDAP_EMBEDDING_MODEL is empty: name a model of the endpoint")
	}
	settings := openai.DefaultConfig(cfg.Key)
	settings.BaseURL = cfg.BaseURL
	settings.HTTPClient = &http.Client{Timeout: answerTime}
	return &Client{
		model: cfg.Model,
		api:   openai.NewClientWithConfig(settings),
		breaker: gobreaker.NewCircuitBreaker[[][]float32](gobreaker.Settings{
			Timeout:     leftAlone,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failuresInARow },
			IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) }, // whoever asked has gone
		}),
		free: make(chan struct{}, underWay),
	}, nil
}

// Model is the name of the model, which tells embeddings that can be compared from those that cannot.
func (c *Client) Model() string { return c.model }

// Embed gives the embedding of each text, of length 1, in the order of the texts. All have the same width.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		n := min(batch, len(texts))
		vectors, err := c.request(ctx, texts[:n])
		if err != nil {
			return nil, fmt.Errorf("ask for embeddings: %w", err)
		}
		if len(out) > 0 && len(vectors[0]) != len(out[0]) {
			return nil, errors.New("ask for embeddings: the endpoint changes their width")
		}
		out, texts = append(out, vectors...), texts[n:]
	}
	return out, nil
}

// request embeds one batch, when a place is free and the endpoint is not left alone.
func (c *Client) request(ctx context.Context, texts []string) ([][]float32, error) {
	select {
	case c.free <- struct{}{}:
		defer func() { <-c.free }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	masked := make([]string, len(texts))
	for i, t := range texts {
		masked[i] = mask.Mask(t)
		if masked[i] == "" {
			masked[i] = " " // endpoints refuse empty texts
		}
	}
	return c.breaker.Execute(func() ([][]float32, error) {
		answer, err := c.api.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{Input: masked, Model: openai.EmbeddingModel(c.model)})
		if err != nil {
			return nil, discreet(ctx, err)
		}
		return inOrder(answer.Data, len(texts))
	})
}

// discreet is an error of the library without what the endpoint or the address tells: either may hold a key or a text.
func discreet(ctx context.Context, err error) error {
	var refused *openai.APIError
	var odd *openai.RequestError
	var unreached *url.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refused):
		return fmt.Errorf("the endpoint answers with status %d", refused.HTTPStatusCode)
	case errors.As(err, &odd):
		return fmt.Errorf("the endpoint answers with status %d", odd.HTTPStatusCode)
	case errors.As(err, &unreached):
		return fmt.Errorf("the endpoint is not reached: %w", unreached.Err)
	}
	return errors.New("the endpoint's answer cannot be read")
}

// inOrder checks an answer, and brings it into the order of the texts and to length 1.
func inOrder(data []openai.Embedding, texts int) ([][]float32, error) {
	out := make([][]float32, texts)
	for _, d := range data {
		if d.Index < 0 || d.Index >= texts || len(d.Embedding) != len(data[0].Embedding) {
			return nil, errors.New("the endpoint's answer does not fit the request")
		}
		length := 0.0
		for _, x := range d.Embedding {
			length += float64(x) * float64(x)
		}
		if !(length > 0) || math.IsInf(length, 0) {
			return nil, errors.New("the endpoint's answer holds no numbers to use")
		}
		for i := range d.Embedding {
			d.Embedding[i] = float32(float64(d.Embedding[i]) / math.Sqrt(length))
		}
		out[d.Index] = d.Embedding
	}
	for _, v := range out {
		if v == nil {
			return nil, errors.New("the endpoint's answer leaves texts out")
		}
	}
	return out, nil
}
