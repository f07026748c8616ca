package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"path"
	"time"
)

//go:embed static templates
var files embed.FS

// asset is a file that pages load. Its address changes with its content, so that browsers may keep it.
type asset struct {
	name string
	data []byte
	hash string
}

func readAssets() (map[string]asset, error) {
	entries, err := files.ReadDir("static")
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("static", e.Name()))
		if err != nil {
			return nil, err
		}
		all[e.Name()] = asset{e.Name(), data, digest(data)}
	}
	return all, nil
}

// readTemplates reads each page into a set of its own, so that all may fill the same frame.
func readTemplates(assets map[string]asset) (map[string]*template.Template, error) {
	asset := func(name string) string { return "/static/" + name + "?v=" + assets[name].hash }
	frame, err := template.New("frame").Funcs(template.FuncMap{"asset": asset}).ParseFS(files, "templates/frame.html")
	if err != nil {
		return nil, err
	}
	all := map[string]*template.Template{}
	for _, name := range []string{"thread", "tickets", "quality", "articles", "article", "lost"} {
		page, err := frame.Clone()
		if err != nil {
			return nil, err
		}
		if all[name], err = page.ParseFS(files, "templates/"+name+".html", "templates/bars.html"); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (c *Console) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := c.assets[r.PathValue("file")]
	if !ok {
		c.notFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == a.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("ETag", `"`+a.hash+`"`)
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.data))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
