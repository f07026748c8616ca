package slackio

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Config says how to reach Slack and whom to listen to.
type Config struct {
	BotToken       string        // SLACK_BOT_TOKEN, xoxb-…
	AppToken       string        // SLACK_APP_TOKEN, xapp-…: Socket Mode
	SigningSecret  string        // SLACK_SIGNING_SECRET: the HTTP door
	APIURL         string        // SLACK_API_URL; "" is https://slack.com/api/
	DeskChannel    string        // HAEDAP_DESK_CHANNEL: where tickets go; "" keeps them in the console
	ListenChannels []string      // HAEDAP_LISTEN_CHANNELS: ids where a question needs no mention
	MaxAge         time.Duration // older messages are not caught up on after a gap; 0 is an hour
}

const (
	defaultAPI    = "https://slack.com/api/"
	defaultMaxAge = time.Hour
	callTimeout   = 10 * time.Second        // of every request to Slack
	ackTimeout    = 2500 * time.Millisecond // Slack waits 3 s for an acknowledgement
)

var (
	tokenShape   = regexp.MustCompile(`^[A-Za-z0-9-]{5,}$`)
	channelShape = regexp.MustCompile(`^[CGD][A-Z0-9]{2,}$`)
)

// Enabled tells whether any Slack setting is there.
func (c Config) Enabled() bool {
	return c.BotToken != "" || c.AppToken != "" || c.SigningSecret != ""
}

// Validate gives the first thing that is wrong, naming the setting and the mend.
// It never repeats a token.
func (c Config) Validate() error {
	switch {
	case c.BotToken == "":
		return errors.New("SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app")
	case c.AppToken == "" && c.SigningSecret == "":
		return errors.New("no Slack door is set: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
	}
	if err := token("SLACK_BOT_TOKEN", c.BotToken, "xoxb-", "the Bot User OAuth Token"); err != nil {
		return err
	}
	if c.AppToken != "" {
		if err := token("SLACK_APP_TOKEN", c.AppToken, "xapp-", "an App-Level Token with connections:write"); err != nil {
			return err
		}
	}
	if c.SigningSecret != "" && (len(c.SigningSecret) < 8 || strings.ContainsAny(c.SigningSecret, " \t\r\n")) {
		return errors.New("SLACK_SIGNING_SECRET is malformed: copy the Signing Secret from Basic Information of your Slack app")
	}
	if c.APIURL != "" {
		u, err := url.Parse(c.APIURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("SLACK_API_URL %q is not an http(s) address: leave it out for Slack itself", c.APIURL)
		}
	}
	if c.DeskChannel != "" && !channelShape.MatchString(c.DeskChannel) {
		return channelError("HAEDAP_DESK_CHANNEL", c.DeskChannel)
	}
	for _, id := range c.ListenChannels {
		if !channelShape.MatchString(id) {
			return channelError("HAEDAP_LISTEN_CHANNELS", id)
		}
	}
	return nil
}

func token(setting, value, prefix, what string) error {
	rest, ok := strings.CutPrefix(value, prefix)
	if !ok || !tokenShape.MatchString(rest) {
		return fmt.Errorf("%s is malformed: it must be %s, which starts with %s", setting, what, prefix)
	}
	return nil
}

func channelError(setting, id string) error {
	return fmt.Errorf("%s: %q is not a channel id such as C0123ABCD: open the channel's details in Slack and copy the id at their end", setting, id)
}

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = defaultAPI
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	if c.MaxAge == 0 {
		c.MaxAge = defaultMaxAge
	}
	return c
}
