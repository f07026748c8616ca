package slackio

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"haedap/bot/internal/slacktest"
)

func TestValidate(t *testing.T) {
	good := Config{BotToken: "xoxb-123-abc", AppToken: "xapp-1-abc", SigningSecret: "0123456789abcdef"}
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string // the setting that the error names, or ""
	}{
		{"good", func(*Config) {}, ""},
		{"no bot token", func(c *Config) { c.BotToken = "" }, "SLACK_BOT_TOKEN"},
		{"user token", func(c *Config) { c.BotToken = "xoxp-123-abc" }, "SLACK_BOT_TOKEN"},
		{"cut token", func(c *Config) { c.BotToken = "xoxb-" }, "SLACK_BOT_TOKEN"},
		{"token with a line break", func(c *Config) { c.BotToken = "xoxb-123-abc\n" }, "SLACK_BOT_TOKEN"},
		{"bot token as app token", func(c *Config) { c.AppToken = "xoxb-123-abc" }, "SLACK_APP_TOKEN"},
		{"no door", func(c *Config) { c.AppToken, c.SigningSecret = "", "" }, "SLACK_APP_TOKEN"},
		{"secret with spaces", func(c *Config) { c.SigningSecret = "0123 4567" }, "SLACK_SIGNING_SECRET"},
		{"API without a scheme", func(c *Config) { c.APIURL = "slack.com/api" }, "SLACK_API_URL"},
		{"desk by name", func(c *Config) { c.DeskChannel = "#desk" }, "HAEDAP_DESK_CHANNEL"},
		{"channel by name", func(c *Config) { c.ListenChannels = []string{"C0123", "help"} }, "HAEDAP_LISTEN_CHANNELS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := good
			c.change(&cfg)
			err := cfg.Validate()
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Fatalf("Validate = %v, want it to name %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "123-abc")) {
				t.Errorf("error repeats a token or has two lines: %v", err)
			}
		})
	}
}

func TestDoctor(t *testing.T) {
	s := slacktest.Start(t, slacktest.Config{})
	s.AddChannel("C0HELP", "channel", slacktest.BotUser)
	s.AddChannel("C0DESK", "channel", slacktest.BotUser)
	s.AddChannel("C0OUT", "channel", "U1")
	cfg := Config{BotToken: s.Config().BotToken, AppToken: s.Config().AppToken, APIURL: s.API(), DeskChannel: "C0DESK", ListenChannels: []string{"C0HELP"}}
	bad := func(cfg Config) (names []string) {
		for _, c := range Doctor(t.Context(), cfg) {
			if c.Err != nil {
				if c.Mend == "" {
					t.Errorf("%s: no mend for %v", c.Name, c.Err)
				}
				names = append(names, c.Name)
			}
		}
		return names
	}
	if got := bad(cfg); got != nil {
		t.Errorf("a good set-up has faults: %v", got)
	}
	cfg.ListenChannels = []string{"C0HELP", "C0OUT", "C0NONE"}
	cfg.DeskChannel = ""
	s.Archive("C0HELP")
	want := []string{"HAEDAP_DESK_CHANNEL", "HAEDAP_LISTEN_CHANNELS C0HELP", "HAEDAP_LISTEN_CHANNELS C0OUT", "HAEDAP_LISTEN_CHANNELS C0NONE"}
	if got := bad(cfg); !slices.Equal(got, want) {
		t.Errorf("faults = %v, want %v", got, want)
	}
	if calls := len(s.Calls("chat.postMessage")); calls != 0 {
		t.Errorf("the doctor posted %d times", calls)
	}
	cfg.BotToken = "xoxb-wrong-one"
	if got := bad(cfg); !slices.Equal(got, []string{"SLACK_BOT_TOKEN"}) {
		t.Errorf("faults = %v", got)
	}
	poor := slacktest.Start(t, slacktest.Config{Scopes: []string{"chat:write"}})
	if got := bad(Config{BotToken: poor.Config().BotToken, AppToken: "xapp-wrong-one", APIURL: poor.API()}); !slices.Equal(got, []string{"scopes", "SLACK_APP_TOKEN", "HAEDAP_DESK_CHANNEL"}) {
		t.Errorf("faults = %v", got)
	}
}

// The manifest, the doctor and the fake Slack speak of the same scopes, shortcut and command.
func TestManifest(t *testing.T) {
	raw, err := os.ReadFile("../../../deploy/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			Shortcuts []struct {
				Callback string `yaml:"callback_id"`
			} `yaml:"shortcuts"`
			Commands []struct{ Command string } `yaml:"slash_commands"`
		} `yaml:"features"`
		OAuth struct {
			Scopes struct{ Bot []string } `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	var doctors []string
	for _, s := range scopes {
		doctors = append(doctors, s.name)
	}
	slices.Sort(doctors)
	if got := slices.Sorted(slices.Values(m.OAuth.Scopes.Bot)); !slices.Equal(got, doctors) || !slices.Equal(got, slacktest.DefaultScopes) {
		t.Errorf("scopes differ:\nmanifest %v\ndoctor   %v\nfake     %v", got, doctors, slacktest.DefaultScopes)
	}
	if len(m.Features.Shortcuts) != 1 || m.Features.Shortcuts[0].Callback != suggestCallback || m.Features.Commands[0].Command != "/haedap" {
		t.Errorf("features = %+v", m.Features)
	}
	for _, e := range []string{"app_mention", "message.im", "message.channels", "tokens_revoked", "app_uninstalled"} {
		if !slices.Contains(m.Settings.Events.Bot, e) {
			t.Errorf("the manifest does not subscribe to %s", e)
		}
	}
}
