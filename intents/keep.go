package intents

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"haedap/knowledge/text"
)

// engineVersion changes whenever training gives another engine for the same catalogue.
const engineVersion = 31

// KeepDir is the folder in which the program keeps its engines and what it has embedded, or "" where the user has no such place.
func KeepDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "haedap")
}

// Open loads the catalogue of fsys and trains it, or takes the engine that an earlier call kept in dir for the very same files and
// settings. A kept engine that cannot be read is trained anew; one that cannot be kept is no error. An empty dir keeps nothing.
// Errors about the files are [Problems].
func Open(fsys fs.FS, cfg Config, dir string) (*Engine, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("train intents: %w", err)
	}
	if dir == "" {
		return loadAndTrain(fsys, cfg)
	}
	name, err := keptName(fsys, cfg)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, name)
	if e, err := openEngine(file); err == nil {
		return e, nil
	}
	e, err := loadAndTrain(fsys, cfg)
	if err != nil {
		return nil, err
	}
	if err := e.keep(dir, file); err != nil {
		slog.Debug("the trained engine is not kept", "error", err)
	}
	return e, nil
}

func loadAndTrain(fsys fs.FS, cfg Config) (*Engine, error) {
	c, err := Load(fsys)
	if err != nil {
		return nil, err
	}
	if err := c.readArticles(cfg.Articles); err != nil {
		return nil, err
	}
	return Train(c, cfg)
}

// keptName names an engine after all that it is made of.
func keptName(fsys fs.FS, cfg Config) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, engineVersion, text.Identity(), cfg) //nolint:errcheck // a hash never fails
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".tsv" {
			return err
		}
		raw, err := fs.ReadFile(fsys, path)
		fmt.Fprintln(h, path, len(raw)) //nolint:errcheck // as above
		h.Write(raw)
		return err
	})
	if err != nil {
		return "", Problems{fmt.Sprintf("intents: %v: make the files readable", err)}
	}
	return "engine-" + hex.EncodeToString(h.Sum(nil)[:16]) + ".bin", nil
}

// keep writes the engine beside others, of which the oldest go, so that the folder does not grow.
func (e *Engine) keep(dir, file string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	part, err := os.CreateTemp(dir, "part-*")
	if err != nil {
		return fmt.Errorf("make a file in the cache: %w", err)
	}
	if err = errors.Join(e.encode(part), part.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the engine: %w", err), os.Remove(part.Name()))
	}
	if err := os.Rename(part.Name(), file); err != nil {
		return fmt.Errorf("name the engine: %w", err)
	}
	return forget(dir)
}

// mostKept is how many engines a folder keeps: several checkouts, contents or budgets may take turns on one machine.
const mostKept = 4

// forget removes all but the newest engines of a folder.
func forget(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "engine-*.bin"))
	if err != nil {
		return fmt.Errorf("list the cache: %w", err)
	}
	made := map[string]time.Time{}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil { // else another process has removed it
			made[f] = info.ModTime()
		}
	}
	slices.SortFunc(files, func(a, b string) int { return made[b].Compare(made[a]) })
	for _, f := range files[min(mostKept, len(files)):] {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove an older engine: %w", err)
		}
	}
	return nil
}

// frozen is an engine as it is kept. Long rows of numbers are bytes, little-endian, because they load fast so.
type frozen struct {
	Catalogue *Catalogue
	Hashes    []byte // by feature
	Rarity    []byte
	Senses    bool
	Linear    frozenLinear
	Sections  map[string]frozenSections
	Initials  map[string]string
	Starts    []byte
	Postings  []byte
	Topics    []string
	Middle    frozenLists
	Right     logistic
	Within    logistic
	Double    logistic
	Sharpness float64
	Threshold float64
	Mass      float64
	Statement Statement
}

type frozenLinear struct {
	Bias               []byte
	Bytes, Rows, Steps []byte      // of few classes
	Lists              frozenLists // of many
}

type frozenLists struct{ Starts, Weights, Rows, Full []byte }

type frozenSections struct {
	Names    []string
	Features []byte // the subset's members
	Linear   frozenLinear
}

// encode writes the engine, and a checksum after it. Nothing is held in memory twice for long: an engine is large.
func (e *Engine) encode(w io.Writer) error {
	f := frozen{
		Catalogue: e.catalogue, Hashes: freeze(e.vocabulary.index.hashes), Rarity: freeze(e.vocabulary.rarity), Senses: e.vocabulary.senses, Linear: e.linear.freeze(), Initials: e.hearing.initials,
		Sections: map[string]frozenSections{}, Starts: freeze(e.nearest.starts), Postings: freeze(e.nearest.postings),
		Topics: e.topics.ids, Middle: e.topics.middle.freeze(),
		Right: e.gate.right, Within: e.gate.within, Double: e.gate.double,
		Sharpness: e.gate.sharpness, Threshold: e.gate.threshold, Mass: e.gate.mass, Statement: e.gate.statement,
	}
	for id, s := range e.sections {
		if s == nil {
			continue
		}
		f.Sections[id] = frozenSections{s.names, freeze(slices.Collect(s.local.each)), s.linear.freeze()}
	}
	sum := sha256.New()
	if err := gob.NewEncoder(io.MultiWriter(w, sum)).Encode(f); err != nil {
		return err
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// openEngine reads a kept engine.
func openEngine(file string) (*Engine, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only: nothing can be lost
	return decodeEngine(f)
}

// tee feeds what is read to a hash. It reads byte by byte where gob asks for a byte, so that gob does not read ahead
// into the checksum.
type tee struct {
	*bufio.Reader
	sum hash.Hash
}

// Read implements [io.Reader].
func (t tee) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.sum.Write(p[:n])
	return n, err
}

// ReadByte implements [io.ByteReader].
func (t tee) ReadByte() (byte, error) {
	b, err := t.Reader.ReadByte()
	if err == nil {
		t.sum.Write([]byte{b})
	}
	return b, err
}

// decodeEngine reads what encode wrote. Whatever is wrong with it, it fails without harm.
func decodeEngine(r io.Reader) (*Engine, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	sum := sha256.New()
	var f frozen
	if err := gob.NewDecoder(tee{buffered, sum}).Decode(&f); err != nil {
		return nil, err
	}
	wanted := make([]byte, sha256.Size)
	if _, err := io.ReadFull(buffered, wanted); err != nil || !bytes.Equal(wanted, sum.Sum(nil)) {
		return nil, errors.New("damaged")
	}
	e := &Engine{catalogue: f.Catalogue, linear: f.Linear.thaw(), hearing: hearing{f.Initials}, sections: map[string]*sections{}}
	e.gate = gate{f.Right, f.Within, f.Double, f.Sharpness, f.Threshold, f.Mass, f.Statement}
	hashes := thaw[uint64](f.Hashes)
	e.vocabulary = &vocabulary{indexOf(hashes), thaw[float32](f.Rarity), f.Senses}
	e.nearest = &nearest{sources: e.layOut(), starts: thaw[int32](f.Starts), postings: thaw[posting](f.Postings)}
	e.topics = topics{f.Topics, f.Middle.thaw(len(f.Topics))}
	for id, s := range f.Sections {
		local := newSubset(len(hashes))
		for _, feature := range thaw[int32](s.Features) {
			local.add(feature)
		}
		local.count()
		e.sections[id] = &sections{names: s.Names, local: local, linear: s.Linear.thaw()}
	}
	return e, nil
}

func (m *linear) freeze() frozenLinear {
	return frozenLinear{freeze(m.bias), freeze(m.packed.bytes), freeze(m.packed.rows), freeze(m.packed.steps), m.lists.freeze()}
}

func (f frozenLinear) thaw() *linear {
	m := &linear{bias: thaw[float32](f.Bias)}
	if m.few() {
		m.packed = packed{wordsOf(len(m.bias)), thaw[int32](f.Rows), thaw[uint64](f.Bytes), thaw[float32](f.Steps)}
	} else {
		m.lists = f.Lists.thaw(len(m.bias))
	}
	return m
}

func (l *lists) freeze() frozenLists {
	return frozenLists{freeze(l.starts), freeze(l.weights), freeze(l.rows), freeze(l.full)}
}

func (f frozenLists) thaw(classes int) lists {
	return lists{classes, thaw[int32](f.Starts), thaw[classWeight](f.Weights), thaw[int32](f.Rows), thaw[float32](f.Full)}
}

// freeze gives the bytes of fixed-size values.
func freeze[T any](values []T) []byte {
	raw, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		panic("freeze values without a fixed size: " + err.Error()) // a mistake of this file
	}
	return raw
}

// thaw gives the values that freeze made bytes of.
func thaw[T any](raw []byte) []T {
	var one T
	values := make([]T, len(raw)/binary.Size(one))
	if _, err := binary.Decode(raw, binary.LittleEndian, values); err != nil {
		panic("thaw values without a fixed size: " + err.Error()) // a mistake of this file
	}
	return values
}
