// Package knowledge finds the passages of what a team has written that a customer's message is about.
//
// It cuts texts into terms itself, where package language cuts them into words, numbers and signs: an index's file is made of terms, and
// questions must be cut as its documents were.
package knowledge

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"tania/internal/tania"
)

// Passage is a part of a document that stands for itself: an article, or a section of one.
type Passage struct {
	// ID names the passage among all. It stays the same when the text changes, so that a new reading replaces the old.
	ID string `json:"id"`
	// Source is the name of where it was read, as the settings have it: a help centre, a site, a folder.
	Source string `json:"source"`
	// URL is where a customer can read it, "" where they cannot.
	URL string `json:"url,omitempty"`
	// Title is the document's, and Headings the path of sections below it, the outermost first.
	Title    string   `json:"title"`
	Headings []string `json:"headings,omitempty"`
	Text     string   `json:"text"`
	// Language is that of the text, "" where nobody says.
	Language tania.Language `json:"language,omitempty"`
	// Marks say what the passage is about, in whatever words: they are compared like words with those of a View's Rank.
	Marks []string `json:"-"`
}

// Hash tells two versions of a passage apart: it is equal where all that is found or shown is.
func (p *Passage) Hash() string {
	h := sha256.New()
	for _, part := range slices.Concat([]string{p.ID, p.Source, p.URL, p.Title, p.Text, string(p.Language)}, p.Headings, p.Marks) {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// partLength is about how long a part of a passage is that has a vector of its own, in bytes: the vector of a long text means a little of
// everything in it.
const partLength = 300

// Parts are a passage's lines, as many together as are about partLength, each time below the heading.
func (p *Passage) Parts() []string { return Parts(p.Heading(), p.Text) }

// Parts are a text's lines in parts as a passage's are.
func Parts(heading, text string) []string {
	var parts []string
	part := heading
	for line := range strings.Lines(text) {
		if part != heading && len(part)+len(line) > partLength {
			parts = append(parts, part)
			part = heading
		}
		part += "\n" + line
	}
	return append(parts, part)
}

// Heading is the title with the path of sections, as a reader sees them: "Delivery › Sundays".
func (p *Passage) Heading() string {
	return strings.Join(append([]string{p.Title}, p.Headings...), " › ")
}
