package intents

import (
	"math"
	"slices"
)

// packed holds the weights of few classes, a byte each. A question has hundreds of features, and almost every one's weights are
// fetched from afar: the time goes into that, so a row is to be short. Eight classes are added at once, each pair of them by one
// multiplication.
type packed struct {
	words int       // of a row: eight classes each
	rows  []int32   // by feature: its row, or noRow
	bytes []uint64  // row × word
	steps []float32 // by class: what a step of its bytes weighs
}

// Bytes count steps from middle on, so that none is negative; a class's heaviest weight is farthest steps away.
const (
	middle   = 128
	farthest = 127
)

// faint is the share of the heaviest weight of all below which a feature's weights are dropped when all of them are. Nearly
// half of the features speak so softly; without them the engine is so much smaller and as good (leave one file out: answered
// right 86.8 and 87.1 %).
const faint = 0.04

// pack keeps the weights (feature × class) of features that are not faint.
func pack(weights []float32, features, classes int) packed {
	p := packed{words: wordsOf(classes), rows: make([]int32, features), steps: make([]float32, classes)}
	var heaviest float32
	for f := range features {
		for c, w := range weights[f*classes:][:classes] {
			p.steps[c] = max(p.steps[c], abs(w)/farthest)
			heaviest = max(heaviest, abs(w))
		}
	}
	for f := range p.rows {
		p.rows[f] = noRow
		row := weights[f*classes:][:classes]
		if !slices.ContainsFunc(row, func(w float32) bool { return abs(w) >= faint*heaviest }) {
			continue
		}
		p.rows[f] = int32(len(p.bytes) / p.words)
		words := make([]uint64, p.words)
		for c, w := range row {
			if step := p.steps[c]; step > 0 {
				words[c/8] |= uint64(math.Round(float64(w/step))+middle) << (8 * (c % 8))
			} else {
				words[c/8] |= middle << (8 * (c % 8))
			}
		}
		p.bytes = append(p.bytes, words...)
	}
	p.bytes = slices.Clip(p.bytes)
	return p
}

// wordsOf is how many words hold a byte for each class.
func wordsOf(classes int) int { return (classes + 7) / 8 }

// row is a feature's row, nil when it has none.
func (p *packed) row(feature int32) []uint64 {
	if at := p.rows[feature]; at != noRow {
		return p.bytes[int(at)*p.words:][:p.words]
	}
	return nil
}

// weight is what a feature says for a class.
func (p *packed) weight(feature int32, class int) float32 {
	row := p.row(feature)
	if row == nil {
		return 0
	}
	return float32(int(byte(row[class/8]>>(8*(class%8))))-middle) * p.steps[class]
}

// unit is how many steps the value 1 has. A text's families have length 1, so that the values of the longest one, which is cut into some
// 30,000 pieces, add up to less than 520, and those of an embedding to less: a sum of their products with bytes stays within 32 bits.
const unit = 1 << 13

// ahead is how many rows are fetched before the first of them is added: memory serves many at once, but not what is asked for only
// after a long sum.
const ahead = 16

// add adds what v's features say for each class to into. Sums are whole numbers, of which a word holds two: those of classes four apart.
func (p *packed) add(v vector, into []float32) {
	var sums [few / 2]uint64
	var times int64 // how many times middle each sum has too much
	var values [ahead]int64
	var rows [ahead][few / 8]uint64
	for len(v) > 0 {
		n := 0
		for len(v) > 0 && n < ahead {
			if row := p.row(v[0].feature); row != nil {
				copy(rows[n][:], row)
				values[n] = int64(v[0].value * unit)
				times += values[n]
				n++
			}
			v = v[1:]
		}
		for i := range n {
			addRow(sums[:], rows[i][:p.words], uint64(values[i]))
		}
	}
	for c, step := range p.steps {
		word := sums[c/8*4+c%4]
		sum := int64(int32(word))
		if c%8 >= 4 {
			sum = int64(int32((int64(word) - sum) >> 32))
		}
		into[c] += float32(sum-middle*times) * (step / unit)
	}
}

func addRow(sums, row []uint64, value uint64) {
	const pair = 0x000000ff_000000ff
	for _, w := range row {
		if len(sums) < 4 {
			return // never: this spares looking whether each sum is there
		}
		sums[0] += w & pair * value
		sums[1] += w >> 8 & pair * value
		sums[2] += w >> 16 & pair * value
		sums[3] += w >> 24 & pair * value
		sums = sums[4:]
	}
}
