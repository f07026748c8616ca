package intents

// table finds the number of a hash. It is what questions spend most of their time in, and the hashes are well mixed
// already, so it is a bare array with linear probing, at most three quarters full: twice as fast here as Go's map.
type table struct {
	slots []slot
	used  int
}

// slot holds one entry; number is one more than what was put, so that 0 means empty.
type slot struct {
	hash   uint64
	number int32
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
	for n, h := range hashes {
		t.put(h, int32(n))
	}
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
	for i := hash & last; ; i = (i + 1) & last {
		if s := &t.slots[i]; s.hash == hash || s.number == 0 {
			return s
		}
	}
}

// put enters a hash that the table does not have.
func (t *table) put(hash uint64, number int32) {
	if t.used++; 4*t.used > 3*len(t.slots) {
		t.grow()
	}
	*t.at(hash) = slot{hash, number + 1}
}

func (t *table) grow() {
	before := t.slots
	t.slots = make([]slot, 2*len(before))
	for _, s := range before {
		if s.number != 0 {
			*t.at(s.hash) = s
		}
	}
}
