package slackio

import (
	"net/url"
	"regexp"
	"strings"
)

// mark is one thing in angle brackets: a mention, a channel, a special word or a link.
var mark = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain turns Slack markup into the text that its writer saw, without mentions of bot.
// mentioned tells whether bot was one of those addressed.
func plain(markup, bot string) (text string, mentioned bool) {
	var b strings.Builder
	last := 0
	for _, at := range mark.FindAllStringSubmatchIndex(markup, -1) {
		b.WriteString(entities.Replace(markup[last:at[0]]))
		last = at[1]
		target, label := markup[at[2]:at[3]], ""
		if at[4] >= 0 {
			label = entities.Replace(markup[at[4]:at[5]])
		}
		if bot != "" && target == "@"+bot {
			mentioned = true
			continue
		}
		b.WriteString(spoken(entities.Replace(target), label))
	}
	b.WriteString(entities.Replace(markup[last:]))
	return strings.TrimSpace(b.String()), mentioned
}

// spoken is how people would read a mark.
func spoken(target, label string) string {
	kind, rest := "", ""
	if target != "" {
		kind, rest = target[:1], target[1:]
	}
	switch kind {
	case "@", "#":
		if label == "" {
			label = rest
		}
		return kind + strings.TrimPrefix(label, kind)
	case "!":
		if label != "" {
			return label
		}
		word, _, _ := strings.Cut(rest, "^")
		return "@" + word
	}
	if label != "" {
		return label
	}
	target = strings.TrimPrefix(target, "mailto:")
	return strings.TrimPrefix(target, "tel:")
}

// escape makes text inert in Slack: no link, no mention, no ping.
func escape(text string) string {
	return escapes.Replace(text)
}

var addresses = strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", " ", "%20", "&", "&amp;")

// link makes a Slack link of a web address, or just the label of anything else.
func link(address, label string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(address) > 1000 {
		return escape(label)
	}
	safe := addresses.Replace(u.String())
	if label == "" || label == address {
		return "<" + safe + ">"
	}
	return "<" + safe + "|" + strings.ReplaceAll(escape(label), "|", "¦") + ">"
}
