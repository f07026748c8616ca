package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// replica is one place where the bot runs. Whenever its process ends it is started again, as a supervisor would,
// unless it is held down.
type replica struct {
	binary string
	args   []string
	env    []string
	listen string
	log    *os.File
	client *http.Client

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{} // of cmd; closed when it has ended
	held    bool
	own     int // ends that nobody asked for
	asked   bool
	closing bool
	stopped chan struct{} // the supervisor has ended
}

// newReplica starts the bot and keeps it running until close.
func newReplica(binary, logFile string, args, env []string) (*replica, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the bot's log: %w", err)
	}
	r := &replica{
		binary: binary, listen: listen, log: log, stopped: make(chan struct{}), env: append(os.Environ(), env...),
		args: append([]string{"serve", "--listen", listen}, args...), client: &http.Client{Timeout: 5 * time.Second},
	}
	go r.supervise() // ends with close
	return r, nil
}

func freeAddress() (string, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // it only held the number
	return l.Addr().String(), nil
}

// supervise starts the process again and again.
func (r *replica) supervise() {
	defer close(r.stopped)
	for {
		r.mu.Lock()
		if r.closing {
			r.mu.Unlock()
			return
		}
		if r.held {
			r.mu.Unlock()
			time.Sleep(20 * time.Millisecond)
			continue
		}
		cmd := exec.Command(r.binary, r.args...) //nolint:gosec,noctx // the bot; its end is ours to choose
		cmd.Env, cmd.Stdout, cmd.Stderr = r.env, r.log, r.log
		ended := make(chan struct{})
		err := cmd.Start()
		if err == nil {
			r.cmd, r.ended, r.asked = cmd, ended, false
		}
		r.mu.Unlock()
		if err != nil {
			fmt.Fprintln(os.Stderr, "start the bot:", err)
			time.Sleep(time.Second)
			continue
		}
		_ = cmd.Wait() // how it ended is in cmd.ProcessState
		close(ended)
		r.mu.Lock()
		own := !r.asked
		if own {
			r.own++
		}
		r.mu.Unlock()
		if own {
			time.Sleep(300 * time.Millisecond)
		}
	}
}

// hold keeps the process from being started, or lets it start again.
func (r *replica) hold(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = on
}

// signal sends a signal; ends says that it is meant to end the process. It returns what is closed at its end.
func (r *replica) signal(s syscall.Signal, ends bool) (ended <-chan struct{}, cmd *exec.Cmd) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cmd == nil {
		gone := make(chan struct{})
		close(gone)
		return gone, nil
	}
	r.asked = r.asked || ends
	_ = r.cmd.Process.Signal(s) // it may be gone
	return r.ended, r.cmd
}

func (r *replica) pid() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cmd.Process.Pid
}

// kill ends the process as a power cut does.
func (r *replica) kill() {
	ended, _ := r.signal(syscall.SIGKILL, true)
	<-ended
}

// stop asks the process to end, as an operator does, and returns how long that took and its exit code (-1: killed).
func (r *replica) stop() (took time.Duration, code int) {
	begin := time.Now()
	ended, cmd := r.signal(syscall.SIGTERM, true)
	select {
	case <-ended:
	case <-time.After(15 * time.Second):
		r.kill()
		return time.Since(begin), -1
	}
	if cmd == nil {
		return 0, 0
	}
	return time.Since(begin), cmd.ProcessState.ExitCode()
}

// ready reports whether /readyz says so.
func (r *replica) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.listen+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// await waits until the replica is ready.
func (r *replica) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for !r.ready(ctx) {
		if !sleep(ctx, 20*time.Millisecond) {
			return fmt.Errorf("the bot at %s is not ready: %w", r.listen, ctx.Err())
		}
	}
	return nil
}

// close ends the process for good.
func (r *replica) close() {
	r.mu.Lock()
	r.closing = true
	r.mu.Unlock()
	r.kill()
	<-r.stopped
	_ = r.log.Close()
}

// sleep waits; it is false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
