package slackio

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
)

// Slack's limits, in characters.
const (
	sectionLimit = 3000
	buttonLimit  = 75
	valueLimit   = 2000
	contextLimit = 2000
	blockLimit   = 50
	viewLimit    = 100
	titleLimit   = 24
)

// What our buttons are called; a number after the colon keeps them apart in a block.
const (
	actionPrefix = "haedap:"
	wholeAction  = "whole"
)

// post is a message ready for Slack.
type post struct {
	text   string // what notifications and screen readers say
	blocks []slack.Block
}

// live makes a text object of mrkdwn. It is verbatim: Slack must not find names to ping in it.
func live(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

func sections(mrkdwn string) []slack.Block {
	var out []slack.Block
	for _, piece := range split(mrkdwn, sectionLimit) {
		out = append(out, slack.NewSectionBlock(live(piece), nil, nil))
	}
	return out
}

// contextLine shows mrkdwn small, as far as one line of Slack's takes it.
func contextLine(mrkdwn string) []slack.Block {
	for _, piece := range split(mrkdwn, contextLimit) {
		return []slack.Block{slack.NewContextBlock("", live(piece))}
	}
	return nil
}

func button(action string, n int, value, label string, style slack.Style) *slack.ButtonBlockElement {
	id := fmt.Sprintf("%s%s:%d", actionPrefix, action, n)
	// Slack refuses a button without a label, and the whole message with it.
	label = first(clip(label, buttonLimit), clip(value, buttonLimit), "…")
	b := slack.NewButtonBlockElement(id, value, slack.NewTextBlockObject(slack.PlainTextType, label, false, false))
	return b.WithStyle(style)
}

// render makes what people see of a reply. revised marks one that replaces another.
func render(r desk.Reply, revised bool) post {
	w := desk.In(r.Lang)
	var p post
	if revised {
		p.blocks = append(p.blocks, contextLine("_"+escape(w.Revised)+"_")...)
	}
	p.blocks = append(p.blocks, sections(mrkdwn(r.Lead))...)
	for i, part := range r.Parts {
		p.blocks = append(p.blocks, article(part, r.Lang, i)...)
	}
	p.blocks = append(p.blocks, sections(mrkdwn(r.Tail))...)
	if r.Decision == desk.Answer {
		p.blocks = append(p.blocks, contextLine(escape(w.FeedbackAsk))...)
	}
	if row := buttons(r, w); len(row) > 0 {
		p.blocks = append(p.blocks, slack.NewActionBlock("", row...))
	}
	p.text = spokenReply(r)
	return p.fit()
}

// article shows one answered article: what answers, its source, the way to the rest.
func article(part desk.Part, lang string, n int) []slack.Block {
	w := desk.In(lang)
	out := sections(bold(part.Title) + "\n" + mrkdwn(part.Shown))
	if part.Source != "" {
		out = append(out, contextLine(strings.ReplaceAll(escape(w.Source), "{}", link(part.URL, part.Source)))...)
	}
	if part.Folded != "" {
		out = append(out, slack.NewActionBlock("", button(wholeAction, n, clip(part.Article+"|"+lang, valueLimit), w.ButtonWhole, "")))
	}
	return out
}

func buttons(r desk.Reply, w desk.Words) []slack.BlockElement {
	human := button(string(desk.Human), 0, "", w.ButtonHuman, "")
	switch r.Decision {
	case desk.Answer:
		return []slack.BlockElement{
			button(string(desk.Helpful), 0, "", w.ButtonHelpful, slack.StylePrimary),
			button(string(desk.Unhelpful), 0, "", w.ButtonUnhelpful, ""), human,
		}
	case desk.Clarify:
		var row []slack.BlockElement
		r.Offered = r.Offered[:min(len(r.Offered), 20)]
		for i, c := range r.Choices() {
			row = append(row, button(string(c.Action), i, clip(c.Intent, valueLimit), c.Label, ""))
		}
		return row
	case desk.Chat:
		return []slack.BlockElement{human}
	}
	return nil
}

// spokenReply is a reply in plain words.
func spokenReply(r desk.Reply) string {
	if text := clip(r.Plain(), sectionLimit); text != "" {
		return escape(text)
	}
	return "…" // Slack takes no message without words
}

// renderTicket makes what agents see in the desk channel.
func renderTicket(d inbox.Delivery) post {
	w := desk.In(d.Reply.Lang)
	t := d.Reply.Ticket
	if t == nil {
		t = &desk.Ticket{}
	}
	p := post{text: escape(clip(w.TicketTitle+": "+t.Question, sectionLimit))}
	p.blocks = append(p.blocks, sections(bold(w.TicketTitle))...)
	question := escape(clip(t.Question, sectionLimit))
	p.blocks = append(p.blocks, sections("> "+strings.ReplaceAll(question, "\n", "\n> "))...)
	why := w.Reasons[t.Reason]
	if why == "" {
		why = t.Reason
	}
	lines := []string{bold(w.TicketReason) + " " + escape(why)}
	if t.Topic != "" {
		lines = append(lines, bold(w.TicketTopic)+" "+escape(t.Topic))
	}
	if near := likely(t.Candidates); len(near) > 0 {
		lines = append(append(lines, bold(w.TicketCandidates)), near...)
	}
	if d.Link != "" {
		lines = append(lines, link(d.Link, w.TicketLink))
	}
	p.blocks = append(p.blocks, sections(strings.Join(lines, "\n"))...)
	return p.fit()
}

// likely lists the candidates that a human should look at, each with its share.
func likely(candidates []desk.Candidate) []string {
	var lines []string
	for _, c := range candidates {
		if c.Score >= 0.01 && len(lines) < 3 {
			lines = append(lines, fmt.Sprintf("• %s  %.0f%%", escape(c.Label), 100*c.Score))
		}
	}
	return lines
}

// fit keeps a post within Slack's number of blocks: what is beyond it stands in the article.
func (p post) fit() post {
	if len(p.blocks) > blockLimit {
		last := p.blocks[len(p.blocks)-1] // the buttons
		p.blocks = append(p.blocks[:blockLimit-1:blockLimit-1], last)
	}
	return p
}

func (p post) options() []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(p.text, false), slack.MsgOptionBlocks(p.blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

// wholeView is the window with the whole of an article.
func wholeView(title, markdown, lang string) slack.ModalViewRequest {
	w := desk.In(lang)
	blocks := sections(bold(title) + "\n\n" + mrkdwn(markdown))
	if len(blocks) > viewLimit {
		blocks = blocks[:viewLimit]
	}
	label := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, clip(s, titleLimit), false, false)
	}
	return slack.ModalViewRequest{Type: slack.VTModal, Title: label(title), Close: label(w.ButtonClose), Blocks: slack.Blocks{BlockSet: blocks}}
}
