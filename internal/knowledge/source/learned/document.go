// Package learned is the folder in which Tania keeps what sources of others say: a Markdown file for each document, beside bot.yaml. Who
// reads sources writes it, the bot reads it, and a person may look at it or keep it in git. What comes in is data that others wrote.
package learned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Folder is the folder's name, beside bot.yaml.
const Folder = "learned"

// MostBytes is the size of a document's file, at most. Of a longer text the beginning is kept.
const MostBytes = 512 << 10

// Document is one article, page or file of a source.
type Document struct {
	// ID names it among those of its source, and stays when the text changes.
	ID string
	// Source is where people find it: its address on the web, or the path of its file.
	Source string
	// Title is what it is called; it stands before the headings of the text.
	Title string
	// Text is Markdown.
	Text string
	Mark
}

// Mark is what is remembered of a page beside its text, so that it is sent again only if it changed.
type Mark struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Links are the pages that it leads to.
	Links []string `json:"links,omitempty"`
}

// mostHead bounds the lines above the text, each in bytes.
const mostHead = 2000

// encode is the document's file: front matter, and the text. whole is false where the text was too long.
func (d Document) encode() (file []byte, whole bool) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "---\nsource: %s\ntitle: %s\n---\n\n", quoted(d.Source), quoted(d.Title))
	text := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(d.Text, "\x00", ""), ""))
	if room := MostBytes - b.Len() - 1; len(text) > room {
		b.WriteString(beginning(text, room))
		b.WriteByte('\n')
		return b.Bytes(), false
	}
	b.WriteString(text)
	b.WriteByte('\n')
	return b.Bytes(), true
}

// quoted writes a text on one line, as JSON and YAML both read it.
func quoted(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if len(s) > mostHead {
		s = beginning(s, mostHead)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSpace(b.String())
}

// beginning is as much of a text as fits, up to the end of a paragraph where there is one in its second half.
func beginning(text string, room int) string {
	for room > 0 && !utf8.RuneStart(text[room]) {
		room--
	}
	text = text[:room]
	if at := strings.LastIndex(text, "\n\n"); at > room/2 {
		text = text[:at]
	}
	return strings.TrimSpace(text)
}

var errNotOurs = errors.New("does not begin with source and title as tania learn writes them")

// Decode reads a document's file. Its ID is empty: the file's name is as good.
func Decode(file []byte) (Document, error) {
	head, text, ok := bytes.Cut(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), []byte("\n---\n"))
	head, begins := bytes.CutPrefix(head, []byte("---\n"))
	if !ok || !begins {
		return Document{}, errNotOurs
	}
	d := Document{Text: strings.TrimSpace(string(text))}
	for line := range strings.Lines(string(head)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		to := map[string]*string{"source": &d.Source, "title": &d.Title}[key]
		if to == nil {
			continue
		}
		if err := json.Unmarshal([]byte(value), to); err != nil {
			return Document{}, errNotOurs
		}
	}
	if d.Source == "" {
		return Document{}, errNotOurs
	}
	return d, nil
}
