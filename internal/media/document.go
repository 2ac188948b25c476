package media

import (
	"errors"
	"net/url"
	"path"
	"strings"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/formats"
)

// mostWritten bounds what is taken of a document, in characters: about four pages.
const mostWritten = 12_000

var (
	errNoDocument = errors.New("the file is no document of a kind that is read")
	errNoWords    = errors.New("the document has no text in it")
)

// written gives the text of a document. The name at the end of its address serves to tell its kind, and is in no error.
func written(address string, file *fetch.Answer) (string, error) {
	name := "document"
	if u, err := url.Parse(address); err == nil {
		name += strings.ToLower(path.Ext(u.Path))
	}
	text, err := formats.Read(formats.File{Name: name, Type: file.ContentType, Content: file.Body})
	if errors.Is(err, formats.ErrKind) {
		return "", errNoDocument
	}
	if err != nil {
		return "", err
	}
	said := strings.TrimSpace(text.Markdown)
	if said == "" {
		return "", errNoWords
	}
	return shortened(said, mostWritten), nil
}
