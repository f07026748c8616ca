package slackio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// Check is one thing that the doctor looked at.
type Check struct {
	Name string // what was looked at
	Err  error  // nil: it is well
	Mend string // what to do about Err
}

// scopes are what the app needs, with what each is for.
var scopes = []struct{ name, use string }{
	{"app_mentions:read", "to hear mentions"},
	{"chat:write", "to reply"},
	{"commands", "for /haedap and the message shortcut"},
	{"channels:history", "to hear questions in public channels and to catch up"},
	{"channels:read", "to catch up and to check channels"},
	{"groups:history", "to hear questions in private channels"},
	{"groups:read", "to catch up in private channels"},
	{"im:history", "to hear direct messages"},
	{"im:read", "to catch up on direct messages"},
	{"mpim:history", "to hear mentions in group messages"},
	{"mpim:read", "to catch up in group messages"},
}

// Doctor asks Slack whether everything is there that the settings need: token, scopes, the app token, the desk
// channel, the channels to listen to. It changes and posts nothing.
func Doctor(ctx context.Context, cfg Config) []Check {
	poster, err := NewPoster(cfg)
	if err != nil {
		return []Check{{Name: "Slack settings", Err: err, Mend: "set what the line above names"}}
	}
	out := []Check{{Name: "Slack settings"}}
	ctx, cancel := context.WithTimeout(ctx, 3*callTimeout)
	defer cancel()
	who, err := poster.api.AuthTestContext(ctx)
	if err != nil {
		return append(out, Check{
			Name: "SLACK_BOT_TOKEN", Err: fmt.Errorf("ask Slack who we are: %w", err),
			Mend: "install the app to the workspace and copy its Bot User OAuth Token; check that this machine reaches " + poster.cfg.APIURL,
		})
	}
	out = append(out, Check{Name: fmt.Sprintf("SLACK_BOT_TOKEN (%s in %s)", who.User, who.Team)},
		checkScopes(who.Header.Get("X-OAuth-Scopes")))
	if poster.cfg.AppToken != "" {
		out = append(out, poster.checkAppToken(ctx))
	}
	if poster.cfg.DeskChannel == "" {
		out = append(out, Check{
			Name: "HAEDAP_DESK_CHANNEL", Err: errors.New("is not set: tickets are shown in the console alone"),
			Mend: "set it to the id of the channel where your agents work",
		})
	} else {
		out = append(out, poster.checkChannel(ctx, "HAEDAP_DESK_CHANNEL", poster.cfg.DeskChannel))
	}
	for _, id := range poster.cfg.ListenChannels {
		out = append(out, poster.checkChannel(ctx, "HAEDAP_LISTEN_CHANNELS", id))
	}
	return out
}

func checkScopes(header string) Check {
	c := Check{Name: "scopes"}
	given := strings.Split(strings.ReplaceAll(header, " ", ""), ",")
	var missing []string
	for _, s := range scopes {
		if !slices.Contains(given, s.name) {
			missing = append(missing, s.name+" ("+s.use+")")
		}
	}
	if len(missing) > 0 {
		c.Err = fmt.Errorf("missing: %s", strings.Join(missing, ", "))
		c.Mend = "add them under OAuth & Permissions, or use deploy/slack-manifest.yaml, and install the app again"
	}
	return c
}

// checkAppToken asks for a Socket Mode address without connecting to it.
func (p *Poster) checkAppToken(ctx context.Context) Check {
	c := Check{Name: "SLACK_APP_TOKEN"}
	if _, _, err := p.api.StartSocketModeContext(ctx); err != nil {
		c.Err = fmt.Errorf("open Socket Mode: %w", err)
		c.Mend = "enable Socket Mode and make an App-Level Token with connections:write"
	}
	return c
}

func (p *Poster) checkChannel(ctx context.Context, setting, id string) Check {
	c := Check{Name: setting + " " + id}
	channel, err := p.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch {
	case err != nil:
		c.Err = fmt.Errorf("look at channel: %w", err)
		c.Mend = "copy the id from the channel's details; a private channel is visible only once the app is invited"
	case channel.IsArchived:
		c.Err = fmt.Errorf("#%s is archived", channel.Name)
		c.Mend = "unarchive it, or name another channel"
	case !channel.IsMember && !channel.IsIM:
		c.Err = fmt.Errorf("the app is not in #%s", channel.Name)
		c.Mend = "invite it there: /invite @haedap"
	}
	return c
}
