// Command campaign holds the real bot to its promise while everything around it fails: once Slack has its
// acknowledgement, exactly one visible reply appears, in order within its thread, and what goes to humans gets exactly
// one ticket.
//
//	go run ./bot/internal/campaign                       10,000 questions, both databases, both doors
//	go run ./bot/internal/campaign -short                a few hundred, in less than two minutes
//	go run ./bot/internal/campaign load -rate 200        how fast it is (see -help)
//
// It builds the bot, starts it against the fake Slack of package slacktest and asks scripts of questions in many
// channels. What each script is answered while all is well is the reference. Then two streams of faults begin, one
// in Slack and on the way to it, one in the processes and their database, in an order that follows from -seed. At
// the end everything is mended and killed once more, and each thread must hold what the reference holds, no more, no
// less, in the same order. Everything stays on this machine, in a temporary folder, which is kept when something is off.
//
// As root it also fills a small file system. Without PostgreSQL's programs its part is left out, and it says so.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run, args := faults, os.Args[1:]
	if len(args) > 0 && args[0] == "load" {
		run, args = load, args[1:]
	}
	if err := run(ctx, args); err != nil {
		fmt.Fprintln(os.Stderr, "campaign:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// plan is what a campaign is to do.
type plan struct {
	questions int
	rate      float64
	seed      uint64
	haste     float64 // factor of every fault's time
	only      string  // part of the names of faults; empty: all
	bot       string
	folder    string
	legs      [][2]string // database, door
}

// faults runs the fault campaign.
func faults(ctx context.Context, args []string) (err error) {
	p, err := readPlan(args)
	if err != nil {
		return err
	}
	if p.folder, err = os.MkdirTemp("/tmp", "haedap-c"); err != nil { // short: PostgreSQL puts a socket into it
		return fmt.Errorf("make a folder: %w", err)
	}
	if err := os.Chmod(p.folder, 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return fmt.Errorf("open the folder: %w", err)
	}
	if p.bot, err = build(ctx, p.bot, p.folder); err != nil {
		return err
	}
	begin := time.Now()
	reports := make([]*report, len(p.legs))
	var all sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i, leg := range p.legs {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			reports[i] = p.leg(ctx, leg[0], leg[1], i)
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("stopped; %s is kept", p.folder)
	}
	good := true
	for _, r := range reports {
		fmt.Print(r)
		good = good && r.good()
	}
	fmt.Print(summary(reports, time.Since(begin)))
	if !good {
		return fmt.Errorf("something is off; logs and databases are in %s", p.folder)
	}
	return os.RemoveAll(p.folder)
}

func readPlan(args []string) (plan, error) {
	p := plan{haste: 1}
	flags := flag.NewFlagSet("campaign", flag.ContinueOnError)
	flags.IntVar(&p.questions, "questions", 10_000, "questions in all, at least")
	flags.Float64Var(&p.rate, "rate", 20, "questions a second, per database and door")
	flags.Uint64Var(&p.seed, "seed", 1, "of the order of faults")
	flags.StringVar(&p.only, "only", "", "only faults whose name contains this")
	flags.StringVar(&p.bot, "bot", "", "binary to hold to it; empty: built from this checkout")
	databases := flags.String("databases", "sqlite,postgres", "databases")
	doors := flags.String("doors", "http,socket", "doors")
	short := flags.Bool("short", false, "the short form: SQLite through sockets and PostgreSQL through HTTP at once")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	for _, database := range strings.Split(*databases, ",") {
		if database != "sqlite" && database != "postgres" {
			return p, fmt.Errorf("-databases: %q is neither sqlite nor postgres", database)
		}
		if database == "postgres" && !havePostgres() {
			fmt.Println("PostgreSQL NOT TESTED: no initdb found. Install it (Debian: apt-get install postgresql).")
			continue
		}
		for _, door := range strings.Split(*doors, ",") {
			if door != "http" && door != "socket" {
				return p, fmt.Errorf("-doors: %q is neither http nor socket", door)
			}
			p.legs = append(p.legs, [2]string{database, door})
		}
	}
	if *short {
		p.haste, p.questions = 0.4, 600
		p.legs = [][2]string{{"sqlite", "socket"}}
		if havePostgres() {
			p.legs = append(p.legs, [2]string{"postgres", "http"})
		}
	}
	p.questions /= max(len(p.legs), 1)
	return p, nil
}

// build makes the bot, unless there is one, and lets it train its engine once.
func build(ctx context.Context, given, folder string) (string, error) {
	file := given
	if file == "" {
		file = filepath.Join(folder, "bot")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", file, "haedap/bot").CombinedOutput(); err != nil { //nolint:gosec // the file is ours
			return "", fmt.Errorf("build the bot: %w\n%s", err, out)
		}
	}
	if out, err := exec.CommandContext(ctx, file, "ask", "안녕하세요").CombinedOutput(); err != nil { //nolint:gosec // the binary that is held to its promise
		return "", fmt.Errorf("first run of the bot: %w\n%s", err, out)
	}
	return filepath.Abs(file)
}
