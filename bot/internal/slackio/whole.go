package slackio

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"haedap/bot/internal/desk"
)

// showWhole opens a window with the whole of an article, for the one who asked: the thread stays short for
// everybody else. When the window cannot be opened (its trigger lives 3 s) the article comes as a message
// that only they see.
func (d *Doors) showWhole(ctx context.Context, req wholeRequest) {
	title, markdown, ok := d.whole(req.article, req.lang)
	if !ok {
		d.respond(ctx, req.responseURL, post{text: escape(desk.In(req.lang).SuggestNone)})
		return
	}
	_, err := d.poster.api.OpenViewContext(ctx, req.trigger, wholeView(title, markdown, req.lang))
	if err == nil {
		return
	}
	d.log.Warn("window not opened; the article is shown as a message", "err", err)
	p := post{text: escape(title), blocks: sections(bold(title) + "\n\n" + mrkdwn(markdown))}
	d.respond(ctx, req.responseURL, p.fit())
}

// checkResponseURL lets answers go to Slack only: to the API's host, or to one of Slack's own.
func (p *Poster) checkResponseURL(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("read response_url: %w", err)
	}
	api, err := url.Parse(p.cfg.APIURL)
	if err != nil {
		return fmt.Errorf("read SLACK_API_URL: %w", err)
	}
	own := u.Scheme == api.Scheme && u.Host == api.Host
	slacks := u.Scheme == "https" && (u.Host == "slack.com" || strings.HasSuffix(u.Host, ".slack.com") || strings.HasSuffix(u.Host, ".slack-gov.com"))
	if !own && !slacks {
		return fmt.Errorf("response_url points to %q, which is not Slack", u.Host)
	}
	return nil
}
