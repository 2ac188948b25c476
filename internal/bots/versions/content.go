// Package versions keeps the versions of a bot: it reads the bot's files as one content, publishes it when the files change, and has every
// process answer with the version that is current in the store.
package versions

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"tania/internal/bot"
)

// largest bounds the files of one version together, in bytes.
const largest = 64 << 20

// Files are the bot.yaml of a version and what it read beside it, by their paths.
type Files map[string]string

// read gives the bot in a file system. Where optional, a missing bot.yaml leaves the built-in bot with what was learned.
func read(fsys fs.FS, name string, optional bool) (*bot.Bot, error) {
	b, err := bot.LoadFS(fsys, name)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return bot.BuiltIn(fsys), nil
	}
	return b, err
}

// pack makes the content of a version of files; name is bot.yaml's. It is a ZIP archive whose comment is that name.
func pack(name string, files Files) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	err := w.SetComment(name)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		f, createErr := w.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate})
		if createErr != nil {
			return nil, fmt.Errorf("versions: %s: %w", path, createErr)
		}
		_, writeErr := io.WriteString(f, files[path])
		err = errors.Join(err, writeErr)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("versions: pack: %w", err)
	}
	return out.Bytes(), nil
}

// archive opens a content.
func archive(content []byte) (*zip.Reader, error) {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("versions: content: %w", err)
	}
	size := uint64(0)
	for _, f := range r.File {
		size += f.UncompressedSize64
	}
	if size > largest {
		return nil, fmt.Errorf("versions: content: more than %d MiB", largest>>20)
	}
	return r, nil
}

// Bot gives the bot of a content.
func Bot(content []byte) (*bot.Bot, error) {
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	return read(r, r.Comment, true)
}

// Unpack gives the files of a content.
func Unpack(content []byte) (Files, error) {
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, f := range r.File {
		text, err := fs.ReadFile(r, f.Name)
		if err != nil {
			return nil, fmt.Errorf("versions: content: %w", err)
		}
		files[f.Name] = string(text)
	}
	return files, nil
}

// same reports whether two contents hold the same files, however they were packed.
func same(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	a, errA := Unpack(x)
	b, errB := Unpack(y)
	return errA == nil && errB == nil && maps.Equal(a, b)
}
