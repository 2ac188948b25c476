// Package formats writes the text of files as Markdown: pages, office documents and tables. What comes in is a file that others made,
// which may be broken or made to do harm; sizes are bounded however small the file is.
package formats

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"tania/internal/knowledge/source/pdftext"
)

// Text is what a file says.
type Text struct {
	// Title is what the file calls itself, empty where it does not.
	Title string
	// Markdown is its text.
	Markdown string
	// Links are the addresses of the pages that a page refers to, in their order.
	Links []string
}

// File is a file with what is known of it.
type File struct {
	// Name is its path or address; Type its media type as a web server says, empty where nobody says.
	Name, Type string
	Content    []byte
}

var (
	// ErrKind is for a file of a kind that is not read.
	ErrKind = errors.New("is of a kind that is not read")
	// ErrBomb is for a file that would be too large when unpacked.
	ErrBomb = errors.New("is too large when it is unpacked")
	// errBroken is for a file that is not what it says it is.
	errBroken = errors.New("cannot be read")
)

// mostText is how much text a file gives, about, in bytes. What is behind it is not looked at.
const mostText = 1 << 20

type reader func(File) (Text, error)

// byExtension are the kinds of files that are read.
var byExtension = map[string]reader{
	".md": plain, ".markdown": plain, ".txt": plain, ".html": page, ".htm": page, ".xhtml": page, ".csv": separated, ".tsv": separated,
	".docx": word, ".xlsx": sheets, ".pdf": portable,
}

var byType = map[string]string{
	"text/markdown": ".md", "text/plain": ".txt", "text/html": ".html", "application/xhtml+xml": ".html", "text/csv": ".csv",
	"text/tab-separated-values": ".tsv", "application/pdf": ".pdf",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
}

// Readable reports whether a file of this name is of a kind that is read.
func Readable(name string) bool { return byExtension[strings.ToLower(path.Ext(name))] != nil }

// Read gives the text of a file.
func Read(f File) (Text, error) {
	read := byExtension[f.kind()]
	if read == nil {
		return Text{}, fmt.Errorf("%s %w", f.Name, ErrKind)
	}
	t, err := read(f)
	if err != nil {
		return Text{}, fmt.Errorf("%s %w", f.Name, err)
	}
	t.Title = strings.Join(strings.Fields(t.Title), " ")
	return t, nil
}

// portable is a PDF.
func portable(f File) (Text, error) {
	t, err := pdftext.Read(f.Content)
	return Text{Title: t.Title, Markdown: t.Markdown}, err
}

// kind is the file's, as its server says, or its name, or its content.
func (f File) kind() string {
	media, _, _ := mime.ParseMediaType(f.Type)
	if kind := byType[media]; kind != "" && kind != ".txt" {
		return kind
	}
	name := f.Name
	if u, err := url.Parse(name); err == nil && u.Host != "" {
		name = u.Path
	}
	extension := strings.ToLower(path.Ext(name))
	if byExtension[extension] != nil {
		return extension
	}
	if media == "" && extension == "" {
		media, _, _ = mime.ParseMediaType(http.DetectContentType(f.Content))
	}
	return byType[media]
}
