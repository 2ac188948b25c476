package formats

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// Limits of an office file, which is an archive of XML.
const (
	// mostParts is how many files the archive has.
	mostParts = 10_000
	// mostUnpacked is what all parts that are read have together, in bytes.
	mostUnpacked = 32 << 20
)

// archive is an office file. What is read of it is counted.
type archive struct {
	parts map[string]*zip.File
	left  int64
}

func openArchive(content []byte) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errBroken
	}
	if len(z.File) > mostParts {
		return nil, ErrBomb
	}
	a := &archive{parts: map[string]*zip.File{}, left: mostUnpacked}
	for _, f := range z.File {
		a.parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	return a, nil
}

// each gives the elements and texts of a part in their order, until the function says that it has enough. A part that is not there has
// none. Nothing here calls itself, so that no depth of elements is too deep, and entities that a file defines are not known.
func (a *archive) each(name string, do func(xml.Token) bool) error {
	f := a.parts[name]
	if f == nil {
		return nil
	}
	part, err := f.Open()
	if err != nil {
		return errBroken
	}
	defer func() { _ = part.Close() }()
	bounded := &io.LimitedReader{R: part, N: a.left + 1}
	d := xml.NewDecoder(bounded)
	for {
		token, err := d.RawToken()
		if bounded.N <= 0 {
			return ErrBomb
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errBroken
		}
		if !do(token) {
			break
		}
	}
	a.left = bounded.N - 1
	return nil
}

// attribute gives the value of one by its name without the namespace.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// related gives the parts that a part refers to, by the names of the references.
func (a *archive) related(part string) (map[string]string, error) {
	found := map[string]string{}
	dir, name := path.Split(part)
	err := a.each(path.Join(dir, "_rels", name+".rels"), func(t xml.Token) bool {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			found[attribute(e, "Id")] = strings.TrimPrefix(target, "/")
		}
		return true
	})
	return found, err
}

// coreTitle is the title in the file's properties.
func (a *archive) coreTitle() (title string, err error) {
	in := false
	err = a.each("docProps/core.xml", func(t xml.Token) bool {
		switch t := t.(type) {
		case xml.StartElement:
			in = t.Name.Local == "title"
		case xml.EndElement:
			in = false
		case xml.CharData:
			if in && len(title) < 1000 {
				title += string(t)
			}
		}
		return true
	})
	return strings.TrimSpace(title), err
}
