package intents

// table numbers hashes in the order in which they are added. It is what questions spend most of their time in, and the hashes are well
// mixed already, so it is a bare array with linear probing, at most three quarters full: several times as fast here as Go's map.
type table struct {
	hashes []uint64 // by number
	slots  []slot
}

// slot holds one entry in half the memory of a hash and a number, because most of the time goes into fetching it. That the upper
// halves of two different hashes are equal where their lower bits are, too, does not happen once in a billion looks.
type slot struct {
	upper  uint32 // half of the hash
	number int32  // one more than the number, so that 0 means empty
}

// smallest is how many slots a table begins with.
const smallest = 1 << 10

// newTable has room for entries without growing.
func newTable(entries int) *table {
	size := smallest
	for 3*size < 4*entries {
		size *= 2
	}
	return &table{slots: make([]slot, size)}
}

// indexOf numbers hashes by their place.
func indexOf(hashes []uint64) *table {
	t := newTable(len(hashes))
	t.hashes = hashes
	t.enter()
	return t
}

// find gives the number of a hash, and whether the table has it.
func (t *table) find(hash uint64) (int32, bool) {
	s := t.at(hash)
	return s.number - 1, s.number != 0
}

// at is the hash's slot, or the empty one that it would take.
func (t *table) at(hash uint64) *slot {
	last := uint64(len(t.slots) - 1)
	upper := uint32(hash >> 32)
	for i := hash & last; ; i = (i + 1) & last {
		if s := &t.slots[i]; s.upper == upper || s.number == 0 {
			return s
		}
	}
}

// add numbers a hash that the table does not have.
func (t *table) add(hash uint64) int32 {
	t.hashes = append(t.hashes, hash)
	if 4*len(t.hashes) > 3*len(t.slots) {
		t.slots = make([]slot, 2*len(t.slots))
		t.enter()
	} else {
		*t.at(hash) = slot{uint32(hash >> 32), int32(len(t.hashes))}
	}
	return int32(len(t.hashes) - 1)
}

// enter fills the slots, which are empty.
func (t *table) enter() {
	for n, hash := range t.hashes {
		*t.at(hash) = slot{uint32(hash >> 32), int32(n + 1)}
	}
}
