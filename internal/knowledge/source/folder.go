package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"tania/internal/knowledge/source/formats"
	"tania/internal/knowledge/source/learned"
	"tania/internal/lazyregexp"
)

// Limits of one source.
const (
	mostFiles     = 2000
	mostFileBytes = 20 << 20
)

// readFiles reads a file, or all of a folder whose kinds are read. Hidden ones and what is linked to are left out, and so is what was
// learned.
func readFiles(name string) (r learned.Reading, err error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && schemed.MatchString(name):
		return r, fmt.Errorf("source: %s is no file, and of addresses those are read that begin with https:// or http://", name)
	case err != nil:
		return r, fmt.Errorf("source: %w", err)
	}
	if !info.IsDir() {
		d, err := readFile(name)
		if err != nil {
			return r, fmt.Errorf("source: %w", err)
		}
		r.Documents = append(r.Documents, d)
		return r, nil
	}
	err = filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case file != name && (strings.HasPrefix(d.Name(), ".") || d.IsDir() && d.Name() == learned.Folder):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.Type().IsRegular() || !formats.Readable(file):
		case len(r.Documents) == mostFiles:
			r.Partial = true
			return fs.SkipAll
		default:
			r.Add(readFile(file))
		}
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("source: %w", err)
	}
	if r.Partial {
		r.Notes = append(r.Notes, fmt.Sprintf("%s has more than %d files: the first are read", name, mostFiles))
	}
	return r, nil
}

// schemed is what begins as an address does, cleaned like a path; a drive of Windows has one letter.
var schemed = lazyregexp.New(`^[A-Za-z][A-Za-z\d+.-]+:`)

var errLarge = errors.New("is larger than what is read")

// readFile gives a document even where it cannot be read: its ID is what it is known by.
func readFile(name string) (learned.Document, error) {
	d := learned.Document{ID: filepath.ToSlash(name), Source: filepath.ToSlash(name)}
	info, err := os.Stat(name)
	if err != nil {
		return d, err
	}
	if !info.Mode().IsRegular() { // a pipe or a device may have no end
		return d, fmt.Errorf("%s is no regular file", name)
	}
	if info.Size() > mostFileBytes {
		return d, fmt.Errorf("%s %w (%d MiB)", name, errLarge, mostFileBytes>>20)
	}
	content, err := os.ReadFile(name) //nolint:gosec // named by who runs the command
	if err != nil {
		return d, err
	}
	t, err := formats.Read(formats.File{Name: name, Content: content})
	d.Title, d.Text = t.Title, t.Markdown
	if d.Title == "" {
		d.Title = strings.TrimSuffix(path.Base(d.ID), path.Ext(d.ID))
	}
	return d, err
}
