// Package modeltext reads what a model wrote: which of it is for the customer, and which tools it calls. Models and the servers before them
// leave thoughts, channels, calls and control marks in the text; what comes out of here is words, in Markdown, or nothing.
package modeltext

import (
	"strings"
	"unicode/utf8"

	"tania/internal/answer/modeltext/markup"
)

// Tool is one that the model may call.
type Tool struct {
	Name string
	// Parameters are the names of its arguments, the one that a bare text is meant for first.
	Parameters []string
	// Declared is a tool that does something: it is called by its very name and in the forms of calls alone, never by a word of a text.
	Declared bool
}

// Call is a call of a known tool. Calls of others are made up by the model, and dropped.
type Call struct {
	Tool      string
	Arguments map[string]string
	// Given are the arguments of a declared tool as they were written, nil where they could not be read.
	Given map[string]any
}

// Reading is a reply as it was read.
type Reading struct {
	// Text is for the customer, in Markdown. It is empty, or has words.
	Text  string
	Calls []Call
	// Lost reports whether there was something which could not be read as an answer: a thought without an end, a call of an unknown tool.
	Lost bool
	// Cut reports whether the reply was longer than LongestReply and its end was not read.
	Cut bool
}

// LongestReply is how much of a reply is read, in bytes. Thoughts are long; an answer is not.
const LongestReply = 256 << 10

// mostRounds is how often what was read is read again. Text may hide in entities, or come together when a mark in its middle is taken out.
const mostRounds = 5

// Reader reads the replies of a model that may call some tools. It is safe for concurrent use.
type Reader struct {
	tools []Tool
	marks []toolMarks
}

// NewReader makes a reader for a model that may call these tools.
func NewReader(tools ...Tool) *Reader {
	d := &Reader{tools: tools}
	for _, t := range tools {
		if t.Declared {
			continue
		}
		d.marks = append(d.marks, marksOf(t))
	}
	return d
}

// Read reads a reply's text.
func (d *Reader) Read(text string) Reading {
	var r Reading
	if len(text) > LongestReply {
		text, r.Cut = whole(text[:LongestReply]), true
	}
	given := strings.TrimSpace(text) != ""
	for range mostRounds {
		before := text
		var calls []Call
		text, calls = d.once(text)
		r.Calls = append(r.Calls, calls...)
		if text == before {
			break
		}
	}
	if again, calls := d.once(text); again != text || len(calls) > 0 || !hasWords(text) || saysNothing(text) || machinery(text) {
		text = ""
	}
	r.Text = text
	r.Lost = given && r.Text == "" && len(r.Calls) == 0
	return r
}

// once reads a text from the characters to the markup.
func (d *Reader) once(text string) (string, []Call) {
	text = Tidy(text)
	text = d.spellOut(text)
	s := &scanner{text: text, tools: d.tools, closers: closersIn(text), code: codeIn(text)}
	s.scan()
	said := unwrapped(unquoted(s.answer()))
	said = Tidy(strings.TrimSpace(withoutEmptyFences(outsideCode(said, markup.Markdown))))
	return withoutPlaceholders(said), s.calls
}

// whole drops the character that a cut left unfinished.
func whole(s string) string {
	for i := 0; i < utf8.UTFMax && s != ""; i++ {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}
