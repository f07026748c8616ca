package console

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"time"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
	"haedap/knowledge"
)

// shown is how much of a long thread the page shows: its end.
const shown = 200

// threadShape is what [rand.Text] makes.
var threadShape = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// address is where a thread of this page lives.
func address(thread string) inbox.Address {
	return inbox.Address{Door: Door, Channel: "page", Thread: thread}
}

// customer is the user who opens a thread. Each thread has its own, since nobody logs in.
func customer(thread string) string { return "customer-" + thread }

// agent is the user who speaks for the desk.
const agent = "agent"

// item is one thing in a thread. Once shown it does not change.
type item struct {
	ID     string
	At     time.Time
	Author string     // "customer", "agent" or "bot"
	Who    string     // the author's name
	Lang   string     // of Text
	Text   string     // what was said, or the label of the button that was pressed
	Button bool       // a button was pressed
	Reply  *replyView // of the bot
	Silent bool       // the bot did not reply
	Last   bool       // nothing follows: its buttons can be pressed
	Page   desk.Words
}

// replyView is a reply as the page shows it: in the words of its own language, explained in the page's.
type replyView struct {
	desk.Reply
	Key    string
	W      desk.Words
	Shown  []partView
	Why    why
	Ticket bool
}

// partView is an article in a reply.
type partView struct {
	desk.Part
	Open   template.HTML
	Folded template.HTML
	Source string
	Whole  string // address of the whole article
}

// threadView is a thread as the page shows it.
type threadView struct {
	Items  []item
	Status string // what is going on now
}

// view reads a thread, or gives [store.ErrNotFound].
func (c *Console) view(ctx context.Context, id, lang string) (threadView, error) {
	thread, err := c.Store.Find(ctx, store.Address(address(id)))
	if err != nil {
		return threadView{}, err
	}
	messages, err := c.Store.Messages(ctx, thread.ID, shown)
	if err != nil {
		return threadView{}, err
	}
	turns, err := c.Store.Turns(ctx, thread.ID, shown)
	if err != nil {
		return threadView{}, err
	}
	deliveries, err := c.Store.Deliveries(ctx, thread.ID, shown)
	if err != nil {
		return threadView{}, err
	}
	b := builder{console: c, page: desk.In(lang), lang: lang, labels: map[string]string{}}
	b.addReplies(deliveries)
	b.addMessages(messages, thread.Opener)
	b.addSilence(turns, thread.Opener)
	return b.finish(thread), nil
}

// builder puts a thread together.
type builder struct {
	console *Console
	page    desk.Words
	lang    string
	labels  map[string]string // of what was offered, by intent
	items   []item
	working bool
}

// addReplies adds what the bot said: see [Poster] for which deliveries are visible.
func (b *builder) addReplies(deliveries []store.Delivery) {
	for _, d := range deliveries {
		if d.Kind != inbox.Reply {
			continue
		}
		b.working = b.working || !d.State.Final()
		if d.State != store.Sending && d.State != store.Sent {
			continue
		}
		for _, c := range d.Reply.Choices() {
			b.labels[c.Intent] = c.Label
		}
		b.items = append(b.items, item{
			ID: "r" + d.Key, At: d.Created, Author: "bot", Who: b.page.BotName, Page: b.page,
			Lang: d.Reply.Lang, Reply: b.reply(d.Key, d.Reply),
		})
	}
}

func (b *builder) reply(key string, r desk.Reply) *replyView {
	v := &replyView{Reply: r, Key: key, W: desk.In(r.Lang), Why: b.console.explain(r, b.lang), Ticket: r.Ticket != nil}
	for _, p := range r.Parts {
		v.Shown = append(v.Shown, partView{
			Part: p, Open: html(p.Shown), Folded: html(p.Folded), Source: desk.Fill(v.W.Source, p.Source),
			Whole: "/articles/" + r.Lang + "/" + p.Article,
		})
	}
	return v
}

// headings moves the headings of an article below that of its title.
var headings = strings.NewReplacer("<h2>", "<h3>", "</h2>", "</h3>")

// html shows article text under its title; [knowledge.HTML] lets nothing dangerous through.
func html(markdown string) template.HTML {
	return template.HTML(headings.Replace(knowledge.HTML(markdown))) //nolint:gosec // sanitised
}

// addMessages adds what people said or pressed.
func (b *builder) addMessages(messages []store.Message, opener string) {
	for _, m := range messages {
		if m.State == store.Dropped {
			continue
		}
		b.working = b.working || m.State == store.Open || m.State == store.Revise
		i := item{ID: fmt.Sprintf("m%d", m.ID), At: m.At, Author: agent, Who: b.page.Page.Agent, Text: m.Message.Text, Page: b.page}
		if byOpener(m, opener) {
			i.Author, i.Who = "customer", b.page.Page.Customer
		}
		if m.Message.Action != desk.NoAction {
			i.Button, i.Lang, i.Text = true, b.lang, b.pressed(m.Message)
		}
		b.items = append(b.items, i)
	}
}

func byOpener(m store.Message, opener string) bool { return strings.HasSuffix(m.Author, "/"+opener) }

// pressed names a button.
func (b *builder) pressed(m desk.Message) string {
	switch m.Action {
	case desk.Choose:
		if label := b.labels[m.Intent]; label != "" {
			return label
		}
		return b.console.label(m.Intent, b.lang)
	case desk.OtherThan:
		return b.page.ButtonOther
	case desk.Human:
		return b.page.ButtonHuman
	case desk.Helpful:
		return b.page.ButtonHelpful
	default:
		return b.page.ButtonUnhelpful
	}
}

// addSilence says where the bot passed a customer's message over; that it leaves agents alone goes without saying.
func (b *builder) addSilence(turns []store.Turn, opener string) {
	for _, t := range turns {
		if t.Reply.Decision == desk.Ignore && t.ReplyKey == "" && byOpener(t.Message, opener) {
			b.items = append(b.items, item{
				ID: fmt.Sprintf("s%d", t.MessageID), At: t.At, Author: "bot", Who: b.page.BotName, Page: b.page, Silent: true,
			})
		}
	}
}

// finish puts all in order of time; at the same time, as when added: replies before what is said upon them.
func (b *builder) finish(thread store.Thread) threadView {
	slices.SortStableFunc(b.items, func(x, y item) int { return x.At.Compare(y.At) })
	if n := len(b.items); n > 0 {
		b.items[n-1].Last = true
	}
	v := threadView{Items: b.items}
	switch {
	case b.working:
		v.Status = b.page.Page.Working
	case thread.State.AgentHere:
		v.Status = b.page.Page.AgentHere
	}
	return v
}

// isUnknown tells whether err says that there is no such thread.
func isUnknown(err error) bool { return errors.Is(err, store.ErrNotFound) }
