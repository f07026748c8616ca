package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kong"
)

// usageError is a wrong flag, setting or file: exit code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// errHelp ends a command line that only asked for help.
var errHelp = errors.New("help was shown")

// dispatch parses a command line and runs its command.
func dispatch(ctx context.Context, args []string, t terminal) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("bot"), kong.Description("Haedap: a customer-support desk in Slack."),
		kong.Writers(t.out, t.err), kong.Exit(func(int) { panic(errHelp) }), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t))
	if err != nil {
		return fmt.Errorf("set up the command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parse(parser, args)
	switch {
	case errors.Is(err, errHelp):
		return nil
	case err != nil:
		return usageError{fmt.Errorf("%w: see bot --help", err)}
	}
	return parsed.Run()
}

// parse turns the help flag's exit into errHelp.
func parse(parser *kong.Kong, args []string) (parsed *kong.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			if r != any(errHelp) {
				panic(r)
			}
			err = errHelp
		}
	}()
	return parser.Parse(slices.Clone(args))
}
