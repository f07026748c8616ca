package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

type serveCommand struct {
	contentFlags `embed:""`
	storeFlags   `embed:""`
	Listen       string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address of the console and of Slack's HTTP door."`
}

// stopWithin is how long a stop may take in all.
const stopWithin = 9 * time.Second

// Run serves the console, and Slack when tokens are set, until it is told to stop.
func (s serveCommand) Run(ctx context.Context, t terminal) error {
	start := time.Now()
	env, err := readEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	listener, err := s.listen(ctx)
	if err != nil {
		return err
	}
	f := newFront()
	web := &http.Server{
		Handler: f.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }() // ends with web
	defer web.Close()                             //nolint:errcheck // what Shutdown left is cut off

	var d *daemon
	assembled := make(chan error, 1)
	go func() {
		var err error
		d, err = s.assemble(ctx, env, f.registry, slog.New(slog.NewTextHandler(t.err, nil)))
		assembled <- err
	}()
	select {
	case <-ctx.Done():
		return nil // training cannot be broken off: it ends with the process
	case err := <-assembled:
		if err != nil {
			return err
		}
	}
	if err := d.start(ctx); err != nil {
		return errors.Join(err, d.db.Close())
	}
	web.RegisterOnShutdown(d.console.Stop)
	f.open(d)
	if _, err := fmt.Fprint(t.out, s.screen(d, env, time.Since(start))); err != nil {
		d.log.Warn("start screen not written", "err", err)
	}
	select {
	case <-ctx.Done():
		err = nil
	case err = <-served:
		err = fmt.Errorf("serve %s: %w", s.Listen, err)
	}
	f.close()
	return errors.Join(err, d.stop(web))
}

// listen takes the address.
func (s serveCommand) listen(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		cause := err
		if op := (*net.OpError)(nil); errors.As(err, &op) {
			cause = op.Err
		}
		return nil, usageError{fmt.Errorf("--listen %s: %w: choose another address, such as 127.0.0.1:8081", s.Listen, cause)}
	}
	return listener, nil
}

// assemble reads the content, and trains it while the database is opened.
func (s serveCommand) assemble(ctx context.Context, env environment, registry registry, log *slog.Logger) (*daemon, error) {
	c, err := s.read()
	if err != nil {
		return nil, err
	}
	d := &daemon{log: log, awaited: newAwaitedDesk(), meaning: env.meaning}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		if err := s.train(c); err != nil {
			return err
		}
		d.awaited.set(c)
		return nil
	})
	both.Go(func() (err error) {
		if d.db, err = s.open(ctx); err != nil {
			return err
		}
		return d.openInbox(ctx, env, registry)
	})
	if err := both.Wait(); err != nil {
		if d.db != nil {
			err = errors.Join(err, d.db.Close())
		}
		return nil, err
	}
	slim()
	return d, d.openDoors(c, registry)
}

// slim gives back what training left behind. Most of what stays is the trained model: at Go's usual pace as much again
// would pile up beside it before it is swept.
func slim() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(15)
	}
	debug.FreeOSMemory()
}

// start begins to work. What it starts ends with stop.
func (d *daemon) start(ctx context.Context) error {
	if err := d.inbox.Start(ctx); err != nil {
		return usageError{fmt.Errorf("--data: %w", err)}
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx)) // stop ends it, in order
	d.cancel = cancel
	d.running.Go(func() { d.watch.Run(running) })
	if d.meaning != nil {
		d.running.Go(func() { d.learn(running) })
	}
	if d.doors != nil {
		d.running.Go(func() {
			if err := d.doors.Run(running); err != nil {
				d.log.Error("Slack is closed", "err", err)
			}
		})
	}
	return nil
}

// stop takes nothing new, finishes or hands back what is under way, and closes the database, within stopWithin.
func (d *daemon) stop(web *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	d.cancel()
	var all sync.WaitGroup
	all.Go(d.running.Wait)
	all.Go(func() {
		if err := web.Shutdown(ctx); err != nil {
			d.log.Warn("connections were cut off", "err", err)
		}
	})
	all.Go(func() {
		if err := d.inbox.Stop(ctx); err != nil {
			d.log.Warn("work is left for the next start", "err", err)
		}
	})
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		d.log.Warn("stopped before everything had ended; what was accepted is kept")
	}
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}
