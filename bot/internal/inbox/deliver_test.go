package inbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
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

func failure(o Outcome, after time.Duration) error {
	return &PostError{Outcome: o, After: after, Code: "scripted", Err: errors.New("scripted")}
}

func TestNotSentIsSentAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		far.script = func(try int, _ Delivery) (bool, error) {
			if try <= 3 {
				return false, failure(NotSent, 0)
			}
			return true, nil
		}
		in := start(t, db, echo{}, far, Config{})
		accept(t, in, said(at(1), 0, "U1", "q"))
		far.wait(t, 1)
		idle(t, db)
		if len(far.seen()) != 1 || far.tries != 4 || far.finds != 0 {
			t.Errorf("%d posts in %d tries with %d searches", len(far.seen()), far.tries, far.finds)
		}
	})
}

func TestAmbiguousEndIsLookedForFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, made := range []bool{true, false} {
			t.Run(fmt.Sprintf("made=%v", made), func(t *testing.T) {
				far := newFarEnd()
				var first, second time.Time
				far.script = func(try int, _ Delivery) (bool, error) {
					if try == 1 {
						first = time.Now()
						return made, failure(Ambiguous, 0)
					}
					second = time.Now()
					return true, nil
				}
				const settle = 700 * time.Millisecond
				in := start(t, db, echo{}, far, Config{settle: settle})
				a := at(1)
				a.Team = fmt.Sprint(made)
				accept(t, in, said2(a, "q"))
				follow := said2(a, "r")
				follow.TS, follow.Keys = a.Thread+"+1", []string{"follow" + a.Team}
				accept(t, in, follow)
				far.wait(t, 2)
				idle(t, db)
				got := leads(far.seen())
				if want := "reply 1:customer:q,reply 2:customer:r"; strings.Join(got, ",") != want {
					t.Errorf("got %v", got)
				}
				if far.finds != 1 || second.Sub(first) < settle-20*time.Millisecond {
					t.Errorf("looked %d times, next post after %v", far.finds, second.Sub(first))
				}
			})
		}
	})
}

func said2(a Address, words string) Event {
	ev := said(a, 0, "U1", words)
	ev.Keys = []string{a.Team + "/" + a.Thread + "/" + words}
	return ev
}

func TestOtherThreadsDoNotWaitForAnAmbiguousEnd(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	far.script = func(_ int, d Delivery) (bool, error) {
		if d.Address == at(5) {
			return false, failure(Ambiguous, 0)
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{}) // twelve seconds until it is looked for
	begun := time.Now()
	accept(t, in, said(at(5), 0, "U1", "q"))
	accept(t, in, said(at(10), 0, "U1", "q")) // the same channel
	far.wait(t, 1)
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("the other thread waited %v", took)
	}
}

func TestRefusedReplyBecomesATicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		far.script = func(_ int, d Delivery) (bool, error) {
			if d.Kind == Reply {
				return false, failure(Refused, 0)
			}
			return true, nil
		}
		in := start(t, db, echo{}, far, Config{DeskChannel: "CDESK"})
		accept(t, in, said(at(1), 0, "U1", "q"))
		got := far.wait(t, 1)
		idle(t, db)
		if got[0].Kind != Ticket || got[0].Reply.Ticket.Question != "q" {
			t.Errorf("the desk got %+v", got[0].Delivery)
		}
		failed, err := db.FailedDeliveries(t.Context(), 5)
		if err != nil || len(failed) != 1 || failed[0].Error != "scripted" {
			t.Fatalf("failed: %+v, %v", failed, err)
		}
		far.mu.Lock()
		far.script = nil
		far.mu.Unlock()
		if err := in.Retry(t.Context(), failed[0].Key); err != nil {
			t.Fatal(err)
		}
		if got := far.wait(t, 2); got[1].Reply.Lead != "1:customer:q" {
			t.Errorf("after a retry came %+v", got[1])
		}
		if err := in.Retry(t.Context(), failed[0].Key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retried what is not failed: %v", err)
		}
	})
}

func TestDeliveriesWaitForTheirDoor(t *testing.T) {
	folder := t.TempDir()
	db := storetest.OpenSQLite(t, folder)
	far := newFarEnd()
	accept(t, prepare(t, db, echo{}, far, Config{}), said(at(1), 0, "U1", "q"))
	page, err := New(t.Context(), db, echo{}, map[string]Poster{"console": far}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for b := (store.Backlog{}); b.Unsent == 0; { // until it is answered
		if b, err = db.Backlog(t.Context()); err != nil || time.Now().After(deadline) {
			t.Fatalf("not answered: %+v, %v", b, err)
		}
	}
	if err := page.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(far.seen()); n != 0 {
		t.Errorf("%d posts by another door", n)
	}
	start(t, db, echo{}, far, Config{})
	far.wait(t, 1)
}

func TestRefusedTicketStaysInTheStore(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	far.script = func(_ int, d Delivery) (bool, error) {
		if d.Kind == Ticket {
			return false, failure(Refused, 0)
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{DeskChannel: "CGONE"})
	accept(t, in, said(at(1), 0, "U1", "human"))
	got := far.wait(t, 1)
	idle(t, db)
	open, err := db.OpenTickets(t.Context(), 5)
	if err != nil || len(open) != 1 || got[0].Kind != Reply {
		t.Errorf("tickets %+v, %v", open, err)
	}
}

func TestChannelsArePacedAndFair(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	var mu sync.Mutex
	times := map[string][]time.Time{}
	far.script = func(_ int, d Delivery) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		times[d.Address.Channel] = append(times[d.Address.Channel], time.Now())
		return true, nil
	}
	const every, busy = 100 * time.Millisecond, 20
	in := prepare(t, db, echo{}, far, Config{Pace: map[string]Pace{"slack": {Every: every, Burst: 2}}, UserLimit: 1000})
	for i := range busy {
		a := at(i)
		a.Channel = "CBUSY"
		accept(t, in, said(a, 0, fmt.Sprint("U", i), fmt.Sprint(i)))
	}
	begin(t, in)
	begun := time.Now()
	quiet := at(99)
	quiet.Channel = "CQUIET"
	accept(t, in, said(quiet, 0, "UQ", "quiet"))
	got := far.wait(t, busy+1)
	took := time.Since(begun)
	mu.Lock()
	defer mu.Unlock()
	if least := (busy - 2) * every; took < least-every/2 {
		t.Errorf("%d posts took %v, want at least %v", busy, took, least)
	}
	if most := busy * every * 3; took > most {
		t.Errorf("%d posts took %v, want at most %v", busy, took, most)
	}
	if late := times["CQUIET"][0].Sub(begun); late > time.Second {
		t.Errorf("the quiet channel waited %v for the busy one", late)
	}
	for i, p := range got {
		if p.Address.Channel == "CQUIET" {
			got = append(got[:i:i], got[i+1:]...)
			break
		}
	}
	var last int64
	for i, p := range got {
		d, err := db.Delivery(t.Context(), p.Key)
		if err != nil {
			t.Fatal(err)
		}
		if i > 2 && d.Seq < last { // the burst may overtake itself
			t.Errorf("post %d was delivery %d, after %d: out of order in its channel", i, d.Seq, last)
		}
		last = d.Seq
	}
}

func TestRetryAfterRestsTheChannel(t *testing.T) {
	db := storetest.OpenSQLite(t, t.TempDir())
	far := newFarEnd()
	var limited, next time.Time
	far.script = func(try int, _ Delivery) (bool, error) {
		if try == 1 {
			limited = time.Now()
			return false, &PostError{Outcome: NotSent, After: time.Second, Code: RateLimited}
		}
		if next.IsZero() {
			next = time.Now()
		}
		return true, nil
	}
	in := start(t, db, echo{}, far, Config{Pace: map[string]Pace{"slack": {Every: time.Millisecond, Burst: 1}}})
	accept(t, in, said(at(5), 0, "U1", "a"))
	deadline := time.Now().Add(10 * time.Second)
	for { // until the limit is known
		if d, err := db.Unfinished(t.Context(), 5); err == nil && len(d) == 1 && d[0].Error != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first post did not fail")
		}
	}
	accept(t, in, said(at(10), 0, "U2", "b")) // the same channel
	far.wait(t, 2)
	if rested := next.Sub(limited); rested < 950*time.Millisecond {
		t.Errorf("the channel was posted to after %v, asked to rest 1 s", rested)
	}
}

func TestStopHandsBackWithinTenSeconds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		far := newFarEnd()
		posting := make(chan struct{}, 100)
		hang := make(chan struct{})
		far.script = func(try int, _ Delivery) (bool, error) {
			posting <- struct{}{}
			if try == 1 {
				<-hang
			}
			return true, nil
		}
		in := prepare(t, db, echo{}, far, Config{settle: 100 * time.Millisecond})
		if err := in.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		accept(t, in, said(at(1), 0, "U1", "a"))
		<-posting
		stopped := make(chan error)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			stopped <- in.Stop(ctx)
		}()
		close(hang) // the post ends while the inbox stops
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		if len(far.seen()) != 1 {
			t.Errorf("%d posts", len(far.seen()))
		}
		accept(t, in, said(at(2), 0, "U1", "b")) // accepted, not worked
		again := start(t, db, echo{}, far, Config{settle: 100 * time.Millisecond})
		far.wait(t, 2)
		idle(t, db)
		if again.replica == in.replica || len(far.seen()) != 2 {
			t.Errorf("%d posts after the restart, want 2", len(far.seen()))
		}
	})
}

// A child process is this test binary with childEnv set: an inbox on a database of its parent's, posting to a far end over HTTP.
const childEnv = "HAEDAP_INBOX_CHILD"

type httpFarEnd struct{ url string }

func (h httpFarEnd) call(ctx context.Context, what string, d Delivery) (answer struct {
	TS    string
	Found bool
}, err error) {
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
