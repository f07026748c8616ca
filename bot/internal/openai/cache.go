package openai

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
)

// Cache embeds texts of the editors, each once: it keeps embeddings on disk by model, version of the texts' writing, and
// hash of the text. Several processes may share its folder; what is damaged there counts as absent.
type Cache struct {
	client *Client
	dir    string
}

// NewCache keeps what client embeds in a folder below dir. An empty dir keeps nothing. version changes whenever the same text
// is written otherwise.
func NewCache(client *Client, dir string, version int) *Cache {
	if dir != "" {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s", version, client.model))
		dir = filepath.Join(dir, "embeddings-"+hex.EncodeToString(sum[:8]))
	}
	return &Cache{client: client, dir: dir}
}

// Model is the name of the model.
func (c *Cache) Model() string { return c.client.Model() }

// textsInFile is how many texts are embedded before they are kept: what an interruption may cost.
const textsInFile = 8 * batch

// most is how many bytes a folder may hold; beyond it the oldest files go.
const most = 1 << 30

// key is the hash of a text.
type key [sha256.Size]byte

// Embed gives the embedding of each text in order. It asks the endpoint for those that are not kept, and keeps them as they
// come, so that after an error the next call goes on where this one ended.
func (c *Cache) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	kept, err := c.load()
	if err != nil {
		return nil, err
	}
	keys := make([]key, len(texts))
	var missing []int // places in texts
	for i, t := range texts {
		keys[i] = sha256.Sum256([]byte(t))
		if _, ok := kept[keys[i]]; !ok {
			missing = append(missing, i)
			kept[keys[i]] = nil // ask for it once
		}
	}
	if len(missing) > textsInFile { // for whoever waits
		slog.InfoContext(ctx, "many texts are embedded for the first time", "texts", len(missing))
	}
	for part := range slices.Chunk(missing, textsInFile) {
		wanted := make([]string, len(part))
		for i, at := range part {
			wanted[i] = texts[at]
		}
		vectors, err := c.client.Embed(ctx, wanted)
		if err != nil {
			return nil, err
		}
		p := page{Width: len(vectors[0])}
		for i, at := range part {
			kept[keys[at]] = vectors[i]
			p.Keys = append(p.Keys, keys[at][:]...)
			if p.Vectors, err = binary.Append(p.Vectors, binary.LittleEndian, vectors[i]); err != nil {
				return nil, fmt.Errorf("keep embeddings: %w", err)
			}
		}
		if err := c.save(p); err != nil {
			return nil, err
		}
	}
	out := make([][]float32, len(texts))
	for i, k := range keys {
		out[i] = kept[k]
		if len(out[i]) != len(out[0]) {
			return nil, fmt.Errorf("embeddings kept in %s are of several widths: remove the folder", c.dir)
		}
	}
	return out, nil
}

// page is one file: vectors, all of one width, with the hashes of their texts. Numbers are little-endian.
type page struct {
	Width   int
	Keys    []byte
	Vectors []byte
}

// load reads all that is kept.
func (c *Cache) load() (map[key][]float32, error) {
	out := map[key][]float32{}
	if c.dir == "" {
		return out, nil
	}
	files, err := filepath.Glob(filepath.Join(c.dir, "*.bin"))
	if err != nil {
		return nil, fmt.Errorf("list kept embeddings: %w", err)
	}
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			decodePage(raw, out)
		}
	}
	return out, nil
}

// decodePage adds what a file holds to out; nothing when it is damaged.
func decodePage(raw []byte, out map[key][]float32) {
	if len(raw) < sha256.Size {
		return
	}
	if sum := sha256.Sum256(raw[sha256.Size:]); !bytes.Equal(sum[:], raw[:sha256.Size]) {
		return
	}
	var p page
	if gob.NewDecoder(bytes.NewReader(raw[sha256.Size:])).Decode(&p) != nil {
		return
	}
	n := len(p.Keys) / sha256.Size
	if p.Width <= 0 || p.Width > len(p.Vectors) || len(p.Vectors) != 4*n*p.Width {
		return
	}
	all := make([]float32, n*p.Width)
	if _, err := binary.Decode(p.Vectors, binary.LittleEndian, all); err != nil {
		return
	}
	for i := range n {
		out[key(p.Keys[i*sha256.Size:])] = all[i*p.Width:][:p.Width:p.Width]
	}
}

// save writes a page under the name of its content, whole or not at all.
func (c *Cache) save(p page) error {
	if c.dir == "" {
		return nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(p); err != nil {
		return fmt.Errorf("encode embeddings: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of embeddings: %w", err)
	}
	part, err := os.CreateTemp(c.dir, "part-*")
	if err != nil {
		return fmt.Errorf("make a file of embeddings: %w", err)
	}
	_, err = part.Write(append(sum[:], b.Bytes()...))
	if err = errors.Join(err, part.Close()); err != nil {
		return errors.Join(fmt.Errorf("write embeddings: %w", err), os.Remove(part.Name()))
	}
	if err := os.Rename(part.Name(), filepath.Join(c.dir, hex.EncodeToString(sum[:16])+".bin")); err != nil {
		return fmt.Errorf("name a file of embeddings: %w", err)
	}
	return c.prune()
}

// prune removes the oldest files beyond what a folder may hold.
func (c *Cache) prune() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("list kept embeddings: %w", err)
	}
	var files []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	var total int64
	for _, f := range files {
		if total += f.Size(); total > most {
			if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("remove old embeddings: %w", err)
			}
		}
	}
	return nil
}
