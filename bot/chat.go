package main

import (
	"context"

	"haedap/bot/internal/repl"
)

type chatCommand struct {
	contentFlags `embed:""`
	Lang         string `default:"ko" enum:"ko,en" help:"Language of everything but replies: ko or en."`
}

// Run talks with the desk in a terminal, or through a pipe.
func (c chatCommand) Run(ctx context.Context, t terminal) error {
	now, err := c.understand(ctx, t)
	if err != nil {
		return err
	}
	cfg := repl.Config{Lang: c.Lang, History: repl.HistoryFile()}
	if c.Content != "" {
		cfg.Reload = func() (repl.Content, []string) { return c.reload(ctx, t) }
	}
	return repl.Run(ctx, t.in, t.out, now.forRepl(), cfg)
}

// reload reads the content again: it, or all that is wrong with it.
func (c chatCommand) reload(ctx context.Context, t terminal) (repl.Content, []string) {
	now, err := c.understand(ctx, t)
	if err != nil {
		return repl.Content{}, lines(err)
	}
	return now.forRepl(), nil
}

func (c *content) forRepl() repl.Content {
	return repl.Content{Library: c.library, Engine: c.engine, Desk: c}
}
