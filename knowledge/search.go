package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"haedap/knowledge/text"
)

// A search finds an article when it holds at least leastCovered of what the query says
// (by weight), and scores at least leastOfBest of the best score.
const (
	leastCovered = 0.12
	leastOfBest  = 0.4
)

// Results is what a search found.
type Results struct {
	Lang  string
	Total int   // how many articles match
	Hits  []Hit // the best of them, best first
}

// Hit is one article that matches.
type Hit struct {
	Article *Article
	Section string  // id of the section that matches best; the primary one when none stands out
	Excerpt string  // plain text around the match, at most 120 characters and an ellipsis at either end
	Score   float64 // BM25; comparable within one search only
}

// Search finds articles for a query in a language of [Langs] (another one counts as the first
// of them), at most limit articles, or all that match when limit is 0 or less. It needs no
// spaces between words and tolerates typing errors. Equal scores stand in the order of the ids.
func (l *Library) Search(query, lang string, limit int) Results {
	if l.indexes[lang] == nil {
		lang = Langs[0]
	}
	r := l.indexes[lang].search(query, limit)
	r.Lang = lang
	return r
}

// List shows the results as the help centre does: their number, then for each article its
// facets in brackets, its title, and the excerpt below.
func (r Results) List() string {
	var b strings.Builder
	if r.Lang == "en" {
		fmt.Fprintf(&b, "Search results (%d in total)\n", r.Total)
	} else {
		fmt.Fprintf(&b, "검색 결과 (총 %d건)\n", r.Total)
	}
	for _, h := range r.Hits {
		fmt.Fprintf(&b, "\n%s %s\n  %s\n", h.Article.Facets, h.Article.Title, h.Excerpt)
	}
	return b.String()
}

func (x *index) search(query string, limit int) Results {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	asked := x.ask(s, query)
	defer s.forget()
	for _, id := range s.held {
		x.score(s, id)
	}
	found := x.rank(s, asked)
	r := Results{Total: len(found)}
	if limit > 0 && len(found) > limit {
		found = found[:limit]
	}
	for _, i := range found {
		r.Hits = append(r.Hits, x.hit(s, i))
	}
	return r
}

// ask weighs the terms of a query and returns the weight of all it says, known or not.
func (x *index) ask(s *scratch, query string) (asked float64) {
	s.cutter.Cut(text.Normalize(query))
	for _, p := range s.cutter.Pieces {
		id, ok := x.terms[p.Hash]
		switch {
		case !ok && !s.unknown[p.Hash]:
			s.unknown[p.Hash] = true
			asked += x.unseen[p.Family]
		case !ok:
		case s.weight[id] == 0 && x.weights[id] > 0:
			s.weight[id] = x.weights[id]
			s.held = append(s.held, id)
			asked += x.weights[id]
		}
	}
	return asked
}

// forget makes the working memory ready for the next query.
func (s *scratch) forget() {
	for _, id := range s.held {
		s.weight[id] = 0
	}
	s.held = s.held[:0]
	clear(s.unknown)
	clear(s.scores)
	clear(s.covered)
	clear(s.sections)
}

// score adds what one term says for each article and unit that holds it.
func (x *index) score(s *scratch, id int32) {
	w := s.weight[id]
	list := x.postings[id]
	for i := 0; i < len(list); {
		article, count := list[i].article, 0.0
		for ; i < len(list) && list[i].article == article; i++ {
			unit, inUnit := list[i].unit, float64(list[i].inUnit)
			count += float64(list[i].all)
			s.sections[unit] += w * inUnit * (saturation + 1) / (inUnit + x.units[unit].length)
		}
		s.scores[article] += w * count * (saturation + 1) / (count + x.lengths[article])
		s.covered[article] += w
	}
}

// rank lists the articles that match, best first.
func (x *index) rank(s *scratch, asked float64) []int {
	if len(s.held) == 0 {
		return nil
	}
	best := slices.Max(s.scores)
	var found []int
	for i, score := range s.scores {
		if score > 0 && score >= leastOfBest*best && s.covered[i] >= leastCovered*asked {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(s.scores[b], s.scores[a]) })
	return found
}

// hit describes a matching article by the unit of it that matches best.
func (x *index) hit(s *scratch, i int) Hit {
	best := x.firsts[i]
	for u := best + 1; u < x.firsts[i+1]; u++ {
		if s.sections[u] > s.sections[best] {
			best = u
		}
	}
	a := x.articles[i]
	return Hit{Article: a, Section: cmp.Or(x.units[best].section, a.Primary), Excerpt: x.units[best].excerpt(s.weight), Score: s.scores[i]}
}
