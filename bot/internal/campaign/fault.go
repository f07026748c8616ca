package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"haedap/bot/internal/slacktest"
)

// fault is one thing that goes wrong: run breaks and mends it.
type fault struct {
	name string
	fits func(*leg) bool // nil: always
	run  func(context.Context, *leg) error
}

func byHTTP(l *leg) bool   { return l.door == "http" }
func bySocket(l *leg) bool { return l.door == "socket" }
func onSQLite(l *leg) bool { return l.database.kind == "sqlite" }
func onPG(l *leg) bool     { return l.database.kind == "postgres" }
func small(l *leg) bool    { return l.database.small }

// postFault is a fault of chat.postMessage.
func postFault(name string, hold time.Duration, f slacktest.Fault) fault {
	return fault{name, nil, func(ctx context.Context, l *leg) error {
		f.Method = "chat.postMessage"
		l.slack.Inject(f)
		l.wait(ctx, hold)
		l.slack.ClearFaults()
		return nil
	}}
}

// inFault is a fault on the way in.
func inFault(name string, t trouble) fault {
	return fault{name, byHTTP, func(ctx context.Context, l *leg) error {
		l.ingress.misbehave(t)
		l.wait(ctx, 4*time.Second)
		l.ingress.misbehave(trouble{})
		return nil
	}}
}

// socketFault befalls every socket, again and again.
func socketFault(name string, do func(*slacktest.Server)) fault {
	return fault{name, bySocket, func(ctx context.Context, l *leg) error {
		for range 3 {
			do(l.slack)
			l.wait(ctx, 1500*time.Millisecond)
		}
		return nil
	}}
}

// slackFaults are those in Slack and on the way from and to it.
var slackFaults = []fault{
	postFault("post made, connection dropped", 4*time.Second, slacktest.Fault{Kind: slacktest.DropAfter, Probability: .3}),
	postFault("connection dropped before the post", 4*time.Second, slacktest.Fault{Kind: slacktest.DropBefore, Probability: .3}),
	postFault("post made, 5xx", 4*time.Second, slacktest.Fault{Kind: slacktest.ServerErrorAfter, Status: 502, Probability: .3}),
	postFault("5xx, no post made", 4*time.Second, slacktest.Fault{Kind: slacktest.ServerError, Probability: .5}),
	postFault("post made, garbage answered", 4*time.Second, slacktest.Fault{Kind: slacktest.Garbage, Probability: .3}),
	postFault("429 with Retry-After", 5*time.Second, slacktest.Fault{Kind: slacktest.RateLimit, RetryAfter: 1, Probability: .7}),
	postFault("429 without Retry-After", 5*time.Second, slacktest.Fault{Kind: slacktest.RateLimit, Probability: .5}),
	postFault("ratelimited in a 200", 5*time.Second, slacktest.Fault{Kind: slacktest.RateLimitedIn200, Probability: .5}),
	postFault("half-open before the post", 4*time.Second, slacktest.Fault{Kind: slacktest.HangBefore, Probability: .2}),
	postFault("half-open after the post", 4*time.Second, slacktest.Fault{Kind: slacktest.HangAfter, Probability: .2}),
	postFault("slow posts", 5*time.Second, slacktest.Fault{Kind: slacktest.SlowAnswer, Delay: 3 * time.Second, Probability: .7}),
	{"every method fails", nil, func(ctx context.Context, l *leg) error {
		l.slack.Inject(slacktest.Fault{Kind: slacktest.ServerError, Status: 500, Probability: .7})
		l.wait(ctx, 4*time.Second)
		l.slack.ClearFaults()
		return nil
	}},
	inFault("event dropped", trouble{lost: .4}),
	inFault("event taken, ack dropped", trouble{unheard: .4}),
	inFault("event twice at once", trouble{twice: 1}),
	inFault("event late", trouble{late: 1500 * time.Millisecond}),
	{"events again under other ids", nil, func(ctx context.Context, l *leg) error {
		for range 5 {
			l.repeat(20)
			l.wait(ctx, 500*time.Millisecond)
		}
		return nil
	}},
	socketFault("sockets dropped", (*slacktest.Server).DropSockets),
	socketFault("sockets half-open, then dropped", func(s *slacktest.Server) {
		s.MuteSockets()
		time.AfterFunc(time.Second, s.DropSockets)
	}),
	socketFault("sockets asked to leave", func(s *slacktest.Server) { s.Disconnect(1, "refresh_requested") }),
	{"events never sent during a gap of the sockets", bySocket, func(ctx context.Context, l *leg) error {
		l.slack.Inject(slacktest.Fault{Method: "apps.connections.open", Kind: slacktest.Refuse, Code: "internal_error"})
		l.slack.DropSockets()
		l.clerk.hush(true)
		l.wait(ctx, 2*time.Second)
		l.clerk.hush(false)
		l.slack.ClearFaults()
		return l.ready(ctx)
	}},
}

// machineFaults are those of the processes and their database.
var machineFaults = []fault{
	{"kill -9", nil, func(ctx context.Context, l *leg) error {
		for range 2 {
			l.any().kill()
			l.wait(ctx, time.Duration(l.rand.IntN(2500))*time.Millisecond)
		}
		return l.ready(ctx)
	}},
	{"kill -9 of all, some time down", nil, func(ctx context.Context, l *leg) error {
		up := l.down()
		l.wait(ctx, 2*time.Second)
		up()
		return l.ready(ctx)
	}},
	{"events never sent while down", nil, func(ctx context.Context, l *leg) error {
		up := l.down()
		l.clerk.hush(true)
		l.wait(ctx, 1500*time.Millisecond)
		l.clerk.hush(false)
		up()
		return l.ready(ctx)
	}},
	{"rolling restart", nil, func(ctx context.Context, l *leg) error {
		for _, r := range l.replicas {
			took, code := r.stop()
			l.stopped(took, code)
			if err := l.ready(ctx); err != nil {
				return err
			}
		}
		return nil
	}},
	{"process frozen", nil, func(ctx context.Context, l *leg) error {
		r := l.any()
		r.signal(syscall.SIGSTOP, false)
		sleep(ctx, l.scaled(time.Duration(5+l.rand.IntN(15))*time.Second)) // up to longer than any silence that is borne
		r.signal(syscall.SIGCONT, false)
		return l.ready(ctx)
	}},
	{"clock set back", nil, func(ctx context.Context, l *leg) error { return l.jump(ctx, time.Hour) }},
	{"clock set forward", nil, func(ctx context.Context, l *leg) error { return l.jump(ctx, -20*time.Minute) }},
	{"database locked by another", nil, func(ctx context.Context, l *leg) error { return l.database.lock(ctx, l.scaled(5*time.Second)) }},
	{"database locked for longer than a request", onSQLite, func(ctx context.Context, l *leg) error { return l.database.lock(ctx, 12*time.Second) }},
	{"PostgreSQL connections cut", onPG, func(ctx context.Context, l *leg) error {
		for range 4 {
			if err := l.database.cut(ctx); err != nil {
				return err
			}
			l.wait(ctx, time.Second)
		}
		return nil
	}},
	{"PostgreSQL restarted", onPG, func(ctx context.Context, l *leg) error { return l.database.restart(ctx, 0) }},
	{"PostgreSQL down", onPG, func(ctx context.Context, l *leg) error { return l.database.restart(ctx, l.scaled(6*time.Second)) }},
	{"disk full", small, func(ctx context.Context, l *leg) error { return l.database.fill(ctx, l.scaled(4*time.Second)) }},
}

// jump kills all, moves what is stored in time, and starts again.
func (l *leg) jump(ctx context.Context, by time.Duration) error {
	up := l.down()
	defer up()
	if err := l.database.shift(ctx, by); err != nil {
		return fmt.Errorf("shift times: %w", err)
	}
	up()
	return l.ready(ctx)
}
