package main

import (
	"fmt"
	"net"
	"strings"
	"time"

	"haedap/bot/internal/slackio"
)

// screen says where to look and what is missing.
func (s serveCommand) screen(d *daemon, env environment, took time.Duration) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("console", "http://%s/", s.Listen)
	if host, _, err := net.SplitHostPort(s.Listen); err == nil && !loopback(host) {
		row("", "it has no login and others can reach it: let only /slack/ through to the outside")
	}
	row("content", "%d articles; %s", len(d.content.library.IDs()), d.content.engine.Statement())
	row("database", "%s", s.storeFlags)
	row("Slack", "%s", slackLine(env.slack))
	row("tickets", "%s", ticketLine(env.slack))
	row("ready", "after %d ms; Ctrl-C stops", took.Milliseconds())
	return "Haedap serves\n" + b.String()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func slackLine(c slackio.Config) string {
	switch {
	case !c.Enabled():
		return "off: set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"
	case c.AppToken == "":
		return "HTTP at /slack/events, /slack/interactions and /slack/commands; /readyz tells whether it is open"
	case c.SigningSecret == "":
		return "Socket Mode; /readyz tells whether it is open"
	default:
		return "Socket Mode, and HTTP at /slack/…; /readyz tells whether they are open"
	}
}

func ticketLine(c slackio.Config) string {
	if c.Enabled() && c.DeskChannel != "" {
		return "in channel " + c.DeskChannel + " and in the console"
	}
	return "in the console alone: set HAEDAP_DESK_CHANNEL to a channel of your agents"
}
