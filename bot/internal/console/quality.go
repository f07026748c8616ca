package console

import (
	"net/http"
	"strconv"
	"strings"

	"haedap/bot/internal/desk"
	"haedap/bot/internal/store"
	"haedap/bot/internal/watch"
	"haedap/intents"
)

// correctionsMost is how many corrections the page lists; the command line lists more.
const correctionsMost = 20

// qualityPage is the body of the page that sets the promise beside what became of answers.
type qualityPage struct {
	Promise     string
	Ready       bool // the watch has looked
	Report      watch.Report
	Drift       []driftView
	Corrections []correctionView
	statement   intents.Statement
}

// Questions words how many questions the promise stands on.
func (p qualityPage) Questions(template string) string {
	return desk.Fill(template, strconv.Itoa(p.statement.Questions))
}

// Budget words a sentence about the limit.
func (p qualityPage) Budget(template string) string { return p.Share(template, p.statement.Budget) }

// Share words a sentence about a share.
func (qualityPage) Share(template string, share float64) string {
	return desk.Fill(template, desk.Percent(share))
}

// driftView is how the questions in one language have changed.
type driftView struct {
	watch.Drift
	Name  string // of the language, in its own
	Gap   float64
	Rows  []shiftView
	Warns bool
}

// shiftView is a figure among the questions asked and among those of the calibration.
type shiftView struct{ Name, Live, Calibrated string }

// correctionView is a correction with the names of its articles.
type correctionView struct {
	store.Correction
	Shown, Right string
}

func (c *Console) showQuality(w http.ResponseWriter, r *http.Request) {
	if chooseLang(w, r) {
		return
	}
	lang := pageLang(r)
	words := desk.Quality(lang)
	corrections, err := c.Store.Corrections(r.Context(), correctionsMost)
	if err != nil {
		c.broken(w, r, err)
		return
	}
	promise := c.Engine.Statement()
	body := qualityPage{Promise: c.words(r).Why.Stated(promise), statement: promise}
	body.Report, body.Ready = c.Watch.Last()
	for _, d := range body.Report.Drift {
		body.Drift = append(body.Drift, driftView{
			Drift: d, Name: desk.LangNames[d.Lang], Gap: max(d.Confidence.Sure, d.Familiarity.Sure), Warns: d.Warns(),
			Rows: []shiftView{
				{words.Count, strconv.Itoa(d.Questions), strconv.Itoa(d.Calibration)},
				{words.Answered, desk.Percent(d.Answered.Live), desk.Percent(d.Answered.Calibrated)},
				{words.Seen, desk.Percent(d.Seen.Live), desk.Percent(d.Seen.Calibrated)},
			},
		})
	}
	for _, k := range corrections {
		body.Corrections = append(body.Corrections, correctionView{k, c.right(k.Shown, lang), c.right(k.Intent, lang)})
	}
	c.show(w, r, http.StatusOK, "quality", words.Title, "quality", body)
}

// right names the articles of intents that are joined by +, or says that there is none.
func (c *Console) right(joined, lang string) string {
	if joined == "" || joined == intents.OutOfScope {
		return desk.Quality(lang).NoArticle
	}
	var names []string
	for intent := range strings.SplitSeq(joined, "+") {
		names = append(names, c.label(intent, lang))
	}
	return strings.Join(names, " + ")
}

// choice is an article that an agent may say is right.
type choice struct{ ID, Label string }

// choices are all that an agent may choose from.
func (c *Console) choices(lang string) []choice {
	var out []choice
	classes := c.Engine.Catalogue().Classes
	for i := range classes {
		if classes[i].Kind == intents.Answerable {
			out = append(out, choice{classes[i].ID, c.label(classes[i].ID, lang)})
		}
	}
	return append(out, choice{intents.OutOfScope, desk.Quality(lang).NoArticle})
}

// correct keeps what an agent says is the right article of a ticket's question.
func (c *Console) correct(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
	id, err := strconv.ParseInt(r.PathValue("ticket"), 10, 64)
	intent := r.PostFormValue("intent")
	class, known := c.Engine.Catalogue().Class(intent)
	if err != nil || intent != intents.OutOfScope && (!known || class.Kind != intents.Answerable) {
		c.fail(w, r, http.StatusBadRequest, c.words(r).Page.Malformed)
		return
	}
	switch err := c.Store.Correct(r.Context(), id, intent, agent, c.now()); {
	case isUnknown(err):
		c.notFound(w, r)
	case err != nil:
		c.broken(w, r, err)
	default:
		http.Redirect(w, r, "/tickets#ticket-"+strconv.FormatInt(id, 10), http.StatusSeeOther)
	}
}
