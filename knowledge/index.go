package knowledge

import (
	"math"
	"strings"
	"sync"

	"haedap/knowledge/text"
)

// The weights of BM25 and of where a piece stands: the middle of a plateau on the questions of
// testdata/search.tsv. Of 216 settings around it none missed more than 6 of them.
const (
	saturation    = 2.5  // k1: how soon more of the same piece stops to count
	lengthPenalty = 0.75 // b: how much a long text must say more
	titleWeight   = 3.0
	headingWeight = 2.0
	// A piece that more than one article in three holds tells little; in a large library
	// such pieces are passed over, which keeps the time of a query bounded.
	largeLibrary = 100
)

// familyWeight evens out that a text has many more letter pieces than syllable pieces.
var familyWeight = [text.Families]float64{text.Letters: 0.3, text.Syllables: 1, text.Stems: 2}

// index is an inverted index over the articles of one language. It is immutable.
type index struct {
	articles []*Article
	units    []unit
	firsts   []int32 // for each article its first unit (the lead), and the number of units at the end
	lengths  []float64
	terms    map[uint64]int32
	postings [][]posting // by term, in article and unit order
	weights  []float64   // by term: family weight × inverse document frequency
	unseen   [text.Families]float64
	scratch  sync.Pool // of *scratch
}

// unit is what may be shown as an excerpt: a lead or a section.
type unit struct {
	section string // "" for the lead
	length  float64
	plain   string
	words   []word
}

// posting says how much of a term stands in a unit; what stands in the title counts for the lead.
type posting struct {
	article, unit int32
	inUnit, all   float32 // weighted counts: without the title, and with it
}

// scratch is the working memory of one query.
type scratch struct {
	cutter   text.Cutter
	weight   []float64       // by term, 0 where the query does not hold it
	held     []int32         // terms with a weight
	unknown  map[uint64]bool // pieces of the query that are no term
	scores   []float64       // by article
	covered  []float64       // by article: weight of the query's terms that it holds
	sections []float64       // by unit
}

func newIndex(articles []*Article) *index {
	x := &index{articles: articles, terms: map[uint64]int32{}, lengths: make([]float64, len(articles))}
	c := text.Cutter{Literal: true}
	for i, a := range articles {
		x.firsts = append(x.firsts, int32(len(x.units)))
		x.addUnit(&c, int32(i), "", Plain(a.Lead), a.Title, titleWeight)
		for _, s := range a.Sections {
			x.addUnit(&c, int32(i), s.ID, Plain(s.Body), s.Heading, headingWeight)
		}
	}
	x.firsts = append(x.firsts, int32(len(x.units)))
	x.weigh()
	x.evenLengths()
	x.scratch.New = func() any {
		return &scratch{
			cutter: text.Cutter{Literal: true},
			weight: make([]float64, len(x.postings)), unknown: map[uint64]bool{}, scores: make([]float64, len(articles)),
			covered: make([]float64, len(articles)), sections: make([]float64, len(x.units)),
		}
	}
	return x
}

// addUnit indexes a text and its heading, which weighs more.
func (x *index) addUnit(c *text.Cutter, article int32, section, plain, heading string, weight float32) {
	u := unit{section: section, plain: strings.Join(strings.Fields(plain), " ")}
	at := int32(len(x.units))
	c.Cut(text.Normalize(heading))
	for _, p := range c.Pieces {
		if section == "" {
			x.count(p, article, at, 0, weight)
		} else {
			x.count(p, article, at, weight, weight)
			u.length += float64(weight)
		}
	}
	x.lengths[article] += float64(weight) * float64(len(c.Pieces))
	c.Cut(text.Normalize(u.plain))
	for _, p := range c.Pieces {
		x.count(p, article, at, 1, 1)
	}
	u.length += float64(len(c.Pieces))
	x.lengths[article] += float64(len(c.Pieces))
	u.words = x.cutWords(c, u.plain)
	x.units = append(x.units, u)
}

func (x *index) count(p text.Piece, article, unit int32, inUnit, all float32) {
	id, ok := x.terms[p.Hash]
	if !ok {
		id = int32(len(x.postings))
		x.terms[p.Hash] = id
		x.postings = append(x.postings, nil)
		x.weights = append(x.weights, familyWeight[p.Family])
	}
	list := x.postings[id]
	if n := len(list); n > 0 && list[n-1].unit == unit {
		list[n-1].inUnit += inUnit
		list[n-1].all += all
		return
	}
	x.postings[id] = append(list, posting{article: article, unit: unit, inUnit: inUnit, all: all})
}

// weigh turns the family weights of the terms into weights by rarity.
func (x *index) weigh() {
	n := float64(len(x.articles))
	idf := func(holders float64) float64 { return math.Log(1 + (n-holders+0.5)/(holders+0.5)) }
	for id, list := range x.postings {
		holders, last := 0.0, int32(-1)
		for _, p := range list {
			if p.article != last {
				holders, last = holders+1, p.article
			}
		}
		x.weights[id] *= idf(holders)
		if len(x.articles) > largeLibrary && holders > n/3 {
			x.weights[id] = 0
		}
	}
	for f := range x.unseen {
		x.unseen[f] = familyWeight[f] * idf(0)
	}
}

// evenLengths turns lengths into the factor by which BM25 damps long texts.
func (x *index) evenLengths() {
	even := func(length, mean float64) float64 {
		return saturation * (1 - lengthPenalty + lengthPenalty*length/max(mean, 1))
	}
	mean := 0.0
	for _, l := range x.lengths {
		mean += l / float64(len(x.lengths))
	}
	for i, l := range x.lengths {
		x.lengths[i] = even(l, mean)
	}
	mean = 0
	for _, u := range x.units {
		mean += u.length / float64(len(x.units))
	}
	for i, u := range x.units {
		x.units[i].length = even(u.length, mean)
	}
}
