// Command fakeslack runs the fake Slack of package slacktest as a process of its own,
// for fault campaigns and for tries by hand. It prints one JSON line with its addresses
// and tokens, then serves until it is interrupted or its standard input ends.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haedap/bot/internal/slacktest"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fakeslack:", err)
		os.Exit(1)
	}
}

func run() error {
	var cfg slacktest.Config
	flag.StringVar(&cfg.Listen, "listen", "127.0.0.1:0", "address to listen on")
	flag.StringVar(&cfg.Endpoint, "endpoint", "", "base URL of the app; empty: Socket Mode")
	flag.BoolVar(&cfg.Both, "both", false, "send every event through both doors")
	flag.Float64Var(&cfg.PostLimit, "post-limit", 0, "posts a second and channel; 0: no limit")
	flag.IntVar(&cfg.PostBurst, "post-burst", 1, "posts that may come at once")
	flag.DurationVar(&cfg.AckTimeout, "ack-timeout", 3*time.Second, "how long the app may take to acknowledge")
	flag.Uint64Var(&cfg.Seed, "seed", 1, "seed of faults with a probability")
	retries := flag.String("retries", "0,60,300", "waits before the retries, in seconds")
	verbose := flag.Bool("v", false, "log to standard error")
	flag.Parse()
	for _, word := range strings.Split(*retries, ",") {
		seconds, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil {
			return fmt.Errorf("read -retries %q: %w", *retries, err)
		}
		cfg.RetryDelays = append(cfg.RetryDelays, time.Duration(seconds*float64(time.Second)))
	}
	if *verbose {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	s, err := slacktest.New(cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	full := s.Config()
	err = json.NewEncoder(os.Stdout).Encode(map[string]string{
		"api": s.API(), "admin": s.URL() + "/admin/", "bot_token": full.BotToken, "app_token": full.AppToken,
		"signing_secret": full.SigningSecret, "team": slacktest.TeamID, "bot_user": slacktest.BotUser,
	})
	if err != nil {
		return fmt.Errorf("print the addresses: %w", err)
	}
	wait()
	return nil
}

// wait returns on an interrupt, or when the parent that holds our standard input is gone.
func wait() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // ends when the parent does
			stop <- os.Interrupt
		}()
	}
	<-stop
}
