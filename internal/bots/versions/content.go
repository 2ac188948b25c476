// Package versions keeps the versions of a bot: it reads the bot's files as one content, publishes it when the files change, and has every
// process answer with the version that is current in the store.
package versions

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"tania/internal/bot"
	"tania/internal/knowledge/source/learned"
)

// largest bounds the files of one version together, in bytes.
const largest = 64 << 20

// Files are the bot.yaml of a version and what it read beside it, by their paths.
type Files map[string]string

// read gives the bot in a file system. Where optional, a missing bot.yaml leaves the built-in bot with what was learned.
func read(by *bot.Reader, fsys fs.FS, name string, optional bool) (*bot.Bot, error) {
	b, err := by.LoadFS(fsys, name)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return by.BuiltIn(fsys), nil
	}
	return b, err
}

// pack makes the content of a version of files; name is bot.yaml's. It is a ZIP archive whose comment is that name.
func pack(name string, files Files) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	// Every change is packed whole, of thousands of small files: quickly, and by one compressor, which is large.
	packer, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		packer.Reset(to)
		return packer, nil
	})
	err = errors.Join(err, w.SetComment(name))
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

// Bot gives the bot of a content, with what it and those that are assigned were taught.
func Bot(content []byte) (*bot.Bot, error) { return botOf(content, nil) }

func botOf(content []byte, by *bot.Reader) (*bot.Bot, error) {
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	b, err := read(by, r, r.Comment, true)
	if err != nil {
		return nil, err
	}
	taught, err := unpack(r, bot.IsTaught)
	if err != nil || len(taught) == 0 {
		return b, err
	}
	return b.Taught(taught)
}

// Unpack gives the files of a content.
func Unpack(content []byte) (Files, error) {
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	return unpack(r, func(string) bool { return true })
}

// unpack gives the wanted files of an archive.
func unpack(r *zip.Reader, wanted func(name string) bool) (Files, error) {
	files := Files{}
	for _, f := range r.File {
		if !wanted(f.Name) {
			continue
		}
		text, err := fs.ReadFile(r, f.Name)
		if err != nil {
			return nil, fmt.Errorf("versions: content: %w", err)
		}
		files[f.Name] = string(text)
	}
	return files, nil
}

// same reports whether two contents hold the same files, however they were packed. What was taught is no file of the bot's.
func same(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	if differ(x, y, func(name string) bool { return !bot.IsTaught(name) }) {
		return false
	}
	a, errA := Unpack(x)
	b, errB := Unpack(y)
	maps.DeleteFunc(a, taught)
	maps.DeleteFunc(b, taught)
	return errA == nil && errB == nil && maps.Equal(a, b)
}

// differ reports whether two contents surely have other files of those that count, by their names, sizes and checksums: of thousands of
// files that takes a hundredth of what unpacking them does.
func differ(x, y []byte, counts func(name string) bool) bool {
	type sum struct {
		size uint64
		crc  uint32
	}
	list := func(content []byte) map[string]sum {
		r, err := archive(content)
		if err != nil {
			return nil
		}
		sums := make(map[string]sum, len(r.File))
		for _, f := range r.File {
			if counts(f.Name) {
				sums[f.Name] = sum{f.UncompressedSize64, f.CRC32}
			}
		}
		return sums
	}
	a, b := list(x), list(y)
	return a != nil && b != nil && !maps.Equal(a, b)
}

// taught reports whether a file has what people taught.
func taught(name, _ string) bool { return bot.IsTaught(name) }

// learnedOf are the files of a content that were learned, and the others.
func learnedOf(content []byte) (found, others Files, err error) {
	files, err := Unpack(content)
	found, others = Files{}, Files{}
	for name, text := range files {
		if strings.HasPrefix(name, learned.Folder+"/") {
			found[name] = text
		} else {
			others[name] = text
		}
	}
	return found, others, err
}

// withLearned is a content with what was learned in another, where that has anything.
func withLearned(content, other []byte) ([]byte, error) {
	published, _, err := learnedOf(other)
	if err != nil || len(published) == 0 {
		return content, nil //nolint:nilerr // a version that cannot be read here has nothing to keep
	}
	_, own, err := learnedOf(content)
	if err != nil {
		return nil, err
	}
	maps.Copy(own, published)
	r, err := archive(content)
	if err != nil {
		return nil, err
	}
	return pack(r.Comment, own)
}

// sameLearned reports whether what was learned is the same in two contents.
func sameLearned(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	if differ(x, y, func(name string) bool { return strings.HasPrefix(name, learned.Folder+"/") }) {
		return false
	}
	a, _, errA := learnedOf(x)
	b, _, errB := learnedOf(y)
	return errA == nil && errB == nil && maps.Equal(a, b)
}

// Learned are the files of a content that were learned, by their paths in the folder of them.
func Learned(content []byte) (Files, error) {
	found, _, err := learnedOf(content)
	files := Files{}
	for name, text := range found {
		files[strings.TrimPrefix(name, learned.Folder+"/")] = text
	}
	return files, err
}
