package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/openai"
)

// endpoint is a server that speaks the embeddings API: the first number of an embedding is 3, the second the text's
// length, and they come in reverse order.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	inputs   []string // every text that came
	requests int
	most     int                                               // texts in one request
	handle   func(w http.ResponseWriter, r *http.Request) bool // true: the request is answered
}

func serve(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e.handle != nil && e.handle(w, r) {
		return
	}
	var asked struct{ Input []string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.URL.Path != "/v1/embeddings" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	e.inputs, e.requests, e.most = append(e.inputs, asked.Input...), e.requests+1, max(e.most, len(asked.Input))
	e.mu.Unlock()
	var data []string
	for i := len(asked.Input) - 1; i >= 0; i-- {
		data = append(data, fmt.Sprintf(`{"index":%d,"embedding":[3,%d]}`, i, len(asked.Input[i])))
	}
	fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(data, ",")) //nolint:errcheck // the test fails by itself
}

const secret = "sk-very-secret-key"

func (e *endpoint) client(t *testing.T) *openai.Client {
	t.Helper()
	c, err := openai.New(openai.Config{BaseURL: e.URL + "/v1", Key: secret, Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// many are texts of different lengths, more than one request takes.
func many() []string {
	var out []string
	for n := range 200 {
		out = append(out, strings.Repeat("가", n+1))
	}
	return out
}

// check tells whether v is the endpoint's embedding of text, of length 1.
func check(t *testing.T, v []float32, text string) {
	t.Helper()
	if length := math.Hypot(float64(v[0]), float64(v[1])); math.Abs(length-1) > 1e-6 {
		t.Errorf("length is %f", length)
	}
	if got, want := v[1]/v[0], float32(len(text))/3; math.Abs(float64(got-want)) > 1e-3*float64(want) {
		t.Errorf("%d bytes have slope %f, want %f", len(text), got, want)
	}
}

func TestEmbeddingsComeInTheOrderOfTheTexts(t *testing.T) {
	t.Parallel()
	e := serve(t)
	vectors, err := e.client(t).Embed(t.Context(), many())
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range many() {
		check(t, vectors[i], text)
	}
	if e.most > 64 || e.requests != 4 {
		t.Errorf("%d requests, up to %d texts in one", e.requests, e.most)
	}
}

func TestPersonalDataStaysHere(t *testing.T) {
	t.Parallel()
	e := serve(t)
	if _, err := e.client(t).Embed(t.Context(), []string{"제 번호는 010-1234-5678 이고 메일은 kim@example.com 입니다"}); err != nil {
		t.Fatal(err)
	}
	if sent := strings.Join(e.inputs, " "); strings.Contains(sent, "5678") || strings.Contains(sent, "kim@") {
		t.Errorf("sent %q", sent)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"refused": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":{"message":"Incorrect API key provided: %s, for: 안녕","type":"x"}}`, secret) //nolint:errcheck // as above
		},
		"page": func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprintf(w, "<html>%s 안녕</html>", secret) //nolint:errcheck // as above
		},
		"no JSON":   func(w http.ResponseWriter) { fmt.Fprintf(w, "%s 안녕", secret) },                            //nolint:errcheck // as above
		"too few":   func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[]}`) },                               //nolint:errcheck // as above
		"no number": func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[0,0]}]}`) },  //nolint:errcheck // as above
		"twice":     func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":7,"embedding":[1]}]}`) },    //nolint:errcheck // as above
		"huge":      func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[1e39]}]}`) }, //nolint:errcheck // as above
		"ragged":    func(w http.ResponseWriter) { fmt.Fprint(w, `{"data":[{"index":0,"embedding":[]}]}`) },     //nolint:errcheck // as above
		"reset":     func(w http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		e := serve(t)
		e.handle = func(w http.ResponseWriter, _ *http.Request) bool { answer(w); return true }
		_, err := e.client(t).Embed(t.Context(), []string{"안녕"})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "안녕") || strings.Contains(err.Error(), e.URL) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
}

func TestADeadlineIsKept(t *testing.T) {
	t.Parallel()
	e, done := serve(t), make(chan struct{})
	e.handle = func(_ http.ResponseWriter, _ *http.Request) bool { <-done; return true }
	defer close(done)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.client(t).Embed(ctx, []string{"a"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestADeadEndpointIsLeftAlone(t *testing.T) {
	t.Parallel()
	e := serve(t)
	asked := 0
	e.handle = func(w http.ResponseWriter, _ *http.Request) bool {
		asked++
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}
	c := e.client(t)
	for range 50 {
		if _, err := c.Embed(t.Context(), []string{"a"}); err == nil {
			t.Fatal("no error")
		}
	}
	if asked != 5 {
		t.Errorf("asked %d times", asked)
	}
}

func TestNewNamesWhatIsWrongAndNotTheValue(t *testing.T) {
	t.Parallel()
	for _, cfg := range []openai.Config{{BaseURL: "localhost:8811", Model: "m"}, {BaseURL: "https://" + secret + "\x00", Model: "m"}, {BaseURL: "", Model: "m"}} {
		if _, err := openai.New(cfg); err == nil || !strings.Contains(err.Error(), "OPENAI_BASE_URL") || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", cfg.BaseURL, err)
		}
	}
	if _, err := openai.New(openai.Config{BaseURL: "http://localhost"}); err == nil || !strings.Contains(err.Error(), "HAEDAP_EMBEDDING_MODEL") {
		t.Errorf("no model: %v", err)
	}
}

func TestACacheAsksOnce(t *testing.T) {
	t.Parallel()
	e, dir := serve(t), t.TempDir()
	texts := append(many(), many()...)
	for range 2 {
		vectors, err := openai.NewCache(e.client(t), dir, 1).Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			check(t, vectors[i], text)
		}
	}
	if len(e.inputs) != 200 {
		t.Errorf("%d texts were asked for", len(e.inputs))
	}
	if _, err := openai.NewCache(e.client(t), dir, 2).Embed(t.Context(), texts[:1]); err != nil || len(e.inputs) != 201 {
		t.Errorf("another version: %v, %d asked", err, len(e.inputs))
	}
}

func TestADamagedCacheIsAskedForAnew(t *testing.T) {
	t.Parallel()
	e, dir := serve(t), t.TempDir()
	embed := func() {
		t.Helper()
		vectors, err := openai.NewCache(e.client(t), dir, 1).Embed(t.Context(), []string{"가나다"})
		if err != nil {
			t.Fatal(err)
		}
		check(t, vectors[0], "가나다")
	}
	embed()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.bin"))
	if err != nil || len(files) != 1 {
		t.Fatalf("kept %v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, raw[:40], append(raw[:len(raw)-1:len(raw)-1], raw[len(raw)-1]^1)} {
		if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		embed()
	}
	if e.requests != 4 {
		t.Errorf("%d requests", e.requests)
	}
}
