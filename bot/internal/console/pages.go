package console

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
	"haedap/knowledge"
)

// frame is what every page has.
type frame struct {
	Lang     string
	W        desk.Words
	Q        desk.QualityWords
	Langs    []langChoice
	Title    string
	Here     string // which entry of the menu this is
	OnlyHere bool
	Tickets  int  // open ones
	Warned   bool // the answers need a look
	Body     any
}

type langChoice struct {
	Lang, Name string
	Chosen     bool
}

// show writes a page. It is made in memory first, so that a fault becomes an error page and not half a page.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, page, title, here string, body any) {
	lang := pageLang(r)
	f := frame{Lang: lang, W: desk.In(lang), Q: desk.Quality(lang), Title: title, Here: here, OnlyHere: onLoopback(r), Body: body}
	for _, l := range knowledge.Langs {
		f.Langs = append(f.Langs, langChoice{l, desk.LangNames[l], l == lang})
	}
	open, err := c.Store.OpenTickets(r.Context(), ticketsMost)
	if err != nil {
		c.broken(w, r, err)
		return
	}
	f.Tickets = len(open)
	if report, ok := c.Watch.Last(); ok {
		f.Warned = report.Warns()
	}
	var out bytes.Buffer
	if err := c.templates[page].ExecuteTemplate(&out, "frame.html", f); err != nil {
		c.broken(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // nobody is left to tell when the browser has gone
}

// broken says that the server failed, without details.
func (c *Console) broken(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		c.log.ErrorContext(r.Context(), "page failed", "path", r.Pattern, "err", err)
	}
	c.fail(w, r, http.StatusServiceUnavailable, c.words(r).Failure)
}

// notFound says that there is no such page.
func (c *Console) notFound(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		c.fail(w, r, http.StatusNotFound, c.words(r).Page.NotFound)
		return
	}
	c.show(w, r, http.StatusNotFound, "lost", c.words(r).Page.NotFound, "", nil)
}

// threadPage is the body of the page that shows a thread.
type threadPage struct {
	ID      string
	New     bool // nothing was said yet
	AsAgent bool
	ETag    string
	Samples []string
	Items   []template.HTML
	Status  string
}

func (c *Console) showStart(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	lang := pageLang(r)
	body := threadPage{ID: rand.Text(), New: true}
	for _, id := range c.Library.IDs() {
		if a, ok := c.Library.Article(id, lang); ok && len(body.Samples) < 5 {
			body.Samples = append(body.Samples, a.Title)
		}
	}
	c.show(w, r, http.StatusOK, "thread", c.words(r).Page.Title, "thread", body)
}

func (c *Console) showThread(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	id := r.PathValue("thread")
	s, err := c.read(r, id)
	switch {
	case isUnknown(err):
		c.notFound(w, r)
		return
	case err != nil:
		c.broken(w, r, err)
		return
	}
	body := threadPage{ID: id, AsAgent: r.URL.Query().Get("as") == agent, ETag: s.etag, Items: s.items, Status: s.status}
	c.show(w, r, http.StatusOK, "thread", c.words(r).Page.Title, "", body)
}

// ticketsMost is how many open tickets are listed.
const ticketsMost = 100

// ticketsPage is the body of the list of open tickets.
type ticketsPage struct {
	Tickets []ticketView
	Choices []choice // of the ticket that is being corrected
}

// ticketView is an open ticket as the page shows it.
type ticketView struct {
	store.Ticket
	Reason     string
	Candidates []bar
	Link       string
	Said       string // name of the article that an agent said is right
	Correcting bool
}

func (c *Console) showTickets(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	words, lang := c.words(r), pageLang(r)
	open, err := c.Store.OpenTickets(r.Context(), ticketsMost)
	if err != nil {
		c.broken(w, r, err)
		return
	}
	var body ticketsPage
	correcting := r.URL.Query().Get("correct")
	for _, k := range open {
		v := ticketView{Ticket: k, Reason: words.Reasons[k.Ticket.Reason], Candidates: c.bars(k.Ticket.Candidates, lang)}
		if k.Address.Door == Door {
			v.Link = "/t/" + k.Address.Thread + "?as=" + agent
		} else {
			v.Link = c.cfg.Link(inbox.Address(k.Address))
		}
		if k.Right != "" {
			v.Said = c.right(k.Right, lang)
		}
		if v.Correcting = strconv.FormatInt(k.ID, 10) == correcting; v.Correcting {
			body.Choices = c.choices(lang)
		}
		body.Tickets = append(body.Tickets, v)
	}
	c.show(w, r, http.StatusOK, "tickets", words.Page.Tickets, "tickets", body)
}

// articlesPage is the body of the list of articles.
type articlesPage struct {
	Query string
	Found string // how many
	Hits  []knowledge.Hit
}

func (c *Console) showArticles(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	lang := pageLang(r)
	body := articlesPage{Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	if body.Query != "" {
		found := c.Library.Search(body.Query, lang, 0)
		body.Hits = found.Hits
		body.Found, _, _ = strings.Cut(found.List(), "\n")
	} else {
		for _, id := range c.Library.IDs() {
			a, _ := c.Library.Article(id, lang)
			body.Hits = append(body.Hits, knowledge.Hit{Article: a, Excerpt: knowledge.Plain(a.Lead)})
		}
	}
	c.show(w, r, http.StatusOK, "articles", c.words(r).Page.Articles, "articles", body)
}

// articlePage is the body of the page with a whole article.
type articlePage struct {
	*knowledge.Article
	Text    template.HTML
	Source  string
	Related []*knowledge.Article
}

func (c *Console) showArticle(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	a, ok := c.Library.Article(r.PathValue("id"), r.PathValue("lang"))
	if !ok {
		c.notFound(w, r)
		return
	}
	body := articlePage{Article: a, Source: desk.Fill(desk.In(a.Lang).Source, desk.Source(a, desk.In(a.Lang)))}
	body.Text = template.HTML(knowledge.HTML(a.Markdown())) //nolint:gosec // sanitised
	for _, id := range a.Related {
		if other, ok := c.Library.Article(id, a.Lang); ok {
			body.Related = append(body.Related, other)
		}
	}
	c.show(w, r, http.StatusOK, "article", a.Title, "articles", body)
}
