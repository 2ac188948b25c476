// Package assets serves the styles, scripts and pictures of the dashboard, and compresses what browsers take compressed.
package assets

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
// their licences are in licences.
//
//go:embed *.js *.css *.svg
var files embed.FS

// asset is a file, and compressed when it is first asked for.
type asset struct {
	kind, hash string
	plain      []byte
	compressed func() []byte
}

// Assets are the files by name.
type Assets map[string]*asset

// Load reads the files that are in the binary.
func Load() Assets {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // they are in the binary
	}
	all := Assets{}
	for _, e := range entries {
		plain, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(plain)
		all[e.Name()] = &asset{
			kind: map[string]string{
				".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
				".svg": "image/svg+xml",
			}[path.Ext(e.Name())],
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

// Address names an asset with its hash, so that browsers may keep it for good.
func (a Assets) Address(name string) string { return "/assets/" + name + "?v=" + a[name].hash }

// Addresses are those of several assets, with spaces between.
func (a Assets) Addresses(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, a.Address(name))
	}
	return strings.Join(all, " ")
}

// Serve answers a request for the file that its path names.
func (a Assets) Serve(w http.ResponseWriter, r *http.Request) {
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
