// Command bot is Haedap: a customer-support desk in Slack, in a browser and in a terminal.
//
// Exit codes: 0 fine; 1 failed; 2 wrong usage, configuration, or a file that is not there, with exactly one line on
// stderr that names the place and the mend.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// cli is the command line. Each command stands in a file of its own.
type cli struct {
	Ask     askCommand     `cmd:"" help:"Answer one question, or lines of questions with --json."`
	Chat    chatCommand    `cmd:"" help:"Talk with the desk in this terminal and see why it says what it says."`
	Eval    evalCommand    `cmd:"" help:"Measure on labelled questions."`
	Search  searchCommand  `cmd:"" help:"Find help articles."`
	Article articleCommand `cmd:"" help:"Show one whole article."`
	Lint    lintCommand    `cmd:"" help:"Check articles and intents."`
	Replay  replayCommand  `cmd:"" help:"Replay conversations from a file and compare with what it expects."`
	Serve   serveCommand   `cmd:"" help:"Serve the console, and Slack when tokens are set."`
	Doctor  doctorCommand  `cmd:"" help:"Check settings, Slack, database, clock and content, and say how to mend them."`
	Jobs    jobsCommand    `cmd:"" help:"List deliveries that are stuck or failed, or send one again."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)                                             // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})) //nolint:gocritic // the process ends here
}

// run executes one command line and gives its exit code.
func run(ctx context.Context, args []string, t terminal) int {
	err := dispatch(ctx, args, t)
	if err == nil {
		return 0
	}
	if message := err.Error(); message != "" {
		_, _ = fmt.Fprintln(t.err, "bot: "+strings.ReplaceAll(message, "\n", " "))
	}
	if usage := (usageError{}); errors.As(err, &usage) {
		return 2
	}
	return 1
}
