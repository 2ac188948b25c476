package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
)

// files are the styles and scripts. Those of others are as npm has them: htmx.org 2.0.11, htmx-ext-sse 2.2.4, uplot 1.6.32;
// their licences are in assets/licences.
//
//go:embed assets/*.js assets/*.css assets/*.svg
var files embed.FS

// asset is a file, and compressed when it is first asked for.
type asset struct {
	kind, hash string
	plain      []byte
	compressed func() []byte
}

type assets map[string]*asset

func loadAssets() assets {
	entries, err := files.ReadDir("assets")
	if err != nil {
		panic(err) // they are in the binary
	}
	all := assets{}
	for _, e := range entries {
		plain, err := files.ReadFile("assets/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(plain)
		all[e.Name()] = &asset{
			kind: map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(e.Name())],
			hash: hex.EncodeToString(sum[:6]), plain: plain, compressed: sync.OnceValue(func() []byte { return compress(plain) }),
		}
	}
	return all
}

func compress(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one there is
	_, _ = w.Write(plain)                                 // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}

// address names an asset with its hash, so that browsers may keep it for good.
func (a assets) address(name string) string { return "/assets/" + name + "?v=" + a[name].hash }

// addresses are those of several assets, with spaces between.
func (a assets) addresses(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, a.address(name))
	}
	return strings.Join(all, " ")
}

func (a assets) serve(w http.ResponseWriter, r *http.Request) {
	found := a[r.PathValue("name")]
	if found == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", found.kind)
	if r.URL.Query().Get("v") == found.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	body := found.plain
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = found.compressed()
	}
	_, _ = w.Write(body) // an error is the client's going away
}

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}
