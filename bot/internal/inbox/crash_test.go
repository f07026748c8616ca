package inbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"haedap/bot/internal/store"
	"haedap/bot/internal/store/storetest"
)

// A child process is this test binary with childEnv set: an inbox on a database of its parent's, posting to a far end over HTTP.
const childEnv = "HAEDAP_INBOX_CHILD"

type httpFarEnd struct{ url string }

func (h httpFarEnd) call(ctx context.Context, what string, d Delivery) (answer struct {
	TS    string
	Found bool
}, err error,
) {
	body, err := json.Marshal(d)
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url+"/"+what, strings.NewReader(string(body)))
	if err != nil {
		return answer, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer, &PostError{Outcome: Ambiguous, Code: "connection", Err: err}
	}
	defer res.Body.Close() //nolint:errcheck // a test's response
	return answer, json.NewDecoder(res.Body).Decode(&answer)
}

func (h httpFarEnd) Post(ctx context.Context, d Delivery) (string, error) {
	a, err := h.call(ctx, "post", d)
	return a.TS, err
}

func (h httpFarEnd) Find(ctx context.Context, d Delivery) (string, bool, error) {
	a, err := h.call(ctx, "find", d)
	return a.TS, a.Found, err
}

// serve lets other processes reach f. Posts wait for before, when it is not nil.
func (f *farEnd) serve(t *testing.T, before func(d Delivery)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d Delivery
		if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
			t.Error(err)
		}
		var answer struct {
			TS    string
			Found bool
		}
		if r.URL.Path == "/find" {
			answer.TS, answer.Found, _ = f.Find(r.Context(), d)
		} else {
			answer.TS, _ = f.Post(context.WithoutCancel(r.Context()), d)
			if before != nil {
				before(d)
			}
		}
		_ = json.NewEncoder(w).Encode(answer) // the child may be dead: that is the point
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// runChild is a child's main.
func runChild(where string) error {
	ctx := context.Background()
	target, far, _ := strings.Cut(where, " ")
	var db *store.DB
	var err error
	if strings.HasPrefix(target, "postgres://") {
		db, err = store.OpenPostgres(ctx, target)
	} else {
		db, err = store.OpenSQLite(ctx, target)
	}
	if err != nil {
		return err
	}
	in, err := New(ctx, db, echo{}, map[string]Poster{"slack": httpFarEnd{far}}, Config{UserLimit: 1000, settle: time.Second})
	if err != nil {
		return err
	}
	if err := in.Start(ctx); err != nil {
		return err
	}
	fmt.Println("ready")
	select {}
}

// spawn starts a child and returns how to kill it.
func spawn(t *testing.T, target, far string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+target+" "+far)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
	})
	t.Cleanup(kill)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("child says %q, %v", line, err)
	}
	return kill
}

func TestKilledBetweenPostAndRecord(t *testing.T) {
	folder := t.TempDir()
	far := newFarEnd()
	posted, stay := make(chan struct{}, 1), make(chan struct{})
	url := far.serve(t, func(Delivery) {
		posted <- struct{}{}
		<-stay // the child never learns that its post was made
	})
	t.Cleanup(func() { close(stay) })
	kill := spawn(t, folder, url)
	db := storetest.OpenSQLite(t, folder)
	outside := prepare(t, db, echo{}, far, Config{})
	accept(t, outside, said(at(1), 0, "U1", "a"))
	<-posted
	kill()
	accept(t, outside, said(at(1), 1, "U1", "b"))
	accept(t, outside, said(at(2), 0, "U2", "c"))
	start(t, db, echo{}, far, Config{settle: time.Second})
	far.wait(t, 3)
	idle(t, db)
	got := leads(far.seen())
	if len(got) != 3 || got[0] != "reply 1:customer:a" || got[1] != "reply 1:customer:c" || got[2] != "reply 2:customer:b" {
		t.Errorf("got %v, want a once, c without waiting for it, then b", got)
	}
}

func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	far := newFarEnd()
	url := far.serve(t, nil)
	db := storetest.OpenSQLite(t, folder)
	outside := prepare(t, db, echo{}, far, Config{UserLimit: 1000})
	const rounds, each = 4, 30
	for round := range rounds {
		kill := spawn(t, folder, url)
		for i := range each {
			accept(t, outside, said(at(i), round, fmt.Sprint("U", i), fmt.Sprint("r", round)))
		}
		far.wait(t, round*each+each/2) // in the middle of it
		kill()
	}
	start(t, db, echo{}, far, Config{UserLimit: 1000, settle: time.Second})
	got := far.wait(t, rounds*each)
	idle(t, db)
	if n := len(far.seen()); n != rounds*each {
		t.Errorf("%d posts, want %d", n, rounds*each)
	}
	next := map[Address]int{}
	for _, p := range got {
		n := next[p.Address]
		if want := fmt.Sprintf("%d:customer:r%d", n+1, n); p.Reply.Lead != want {
			t.Fatalf("in %s came %q, want %q", p.Address.Thread, p.Reply.Lead, want)
		}
		next[p.Address]++
	}
}

func TestDeadReplicasWorkIsTakenOver(t *testing.T) {
	t.Parallel()
	target := storetest.PostgresURL(t)
	far := newFarEnd()
	hang, stay := make(chan struct{}, 100), make(chan struct{})
	url := far.serve(t, func(Delivery) {
		hang <- struct{}{}
		<-stay
	})
	t.Cleanup(func() { close(stay) })
	db := storetest.OpenPostgres(t, target)
	kill := spawn(t, target, url)
	outside := prepare(t, db, echo{}, far, Config{})
	accept(t, outside, said(at(1), 0, "U1", "a"))
	<-hang
	accept(t, outside, said(at(1), 1, "U1", "b"))
	start(t, db, echo{}, far, Config{settle: time.Second})
	kill()
	begun := time.Now()
	far.wait(t, 2)
	took := time.Since(begun)
	idle(t, db)
	got := leads(far.seen())
	if len(got) != 2 || got[1] != "reply 2:customer:b" {
		t.Errorf("got %v", got)
	}
	if took > 12*time.Second {
		t.Errorf("the work of a dead replica was taken over after %v", took)
	}
}
