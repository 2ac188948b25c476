package formats

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// word is a DOCX: its paragraphs, headings by their styles, lists and tables.
func word(f File) (Text, error) {
	a, err := openArchive(f.Content)
	if err != nil {
		return Text{}, err
	}
	if a.parts["word/document.xml"] == nil {
		return Text{}, errBroken
	}
	levels, err := a.headingStyles()
	if err != nil {
		return Text{}, err
	}
	w := wordText{levels: levels}
	if err := a.each("word/document.xml", w.token); err != nil {
		return Text{}, err
	}
	title, err := a.coreTitle()
	if title == "" {
		title = w.title
	}
	return Text{Title: title, Markdown: strings.TrimSpace(w.text.String())}, err
}

// titleLevel is the level of the style for a document's title.
const titleLevel = -1

// headingStyles are the levels of the styles that are headings. A style's id is in the language of who wrote the document, its name is
// in English.
func (a *archive) headingStyles() (map[string]int, error) {
	levels, id := map[string]int{}, ""
	err := a.each("word/styles.xml", func(t xml.Token) bool {
		e, ok := t.(xml.StartElement)
		if !ok {
			return true
		}
		switch e.Name.Local {
		case "style":
			id = attribute(e, "styleId")
		case "name":
			if name := strings.ToLower(attribute(e, "val")); name == "title" {
				levels[id] = titleLevel
			} else if n, ok := strings.CutPrefix(name, "heading "); ok {
				levels[id] = level(n, 1)
			}
		case "outlineLvl":
			if levels[id] == 0 {
				levels[id] = level(attribute(e, "val"), 0)
			}
		}
		return true
	})
	return levels, err
}

// level is that of a Markdown heading, 0 where a number is none of a heading.
func level(number string, first int) int {
	n, err := strconv.Atoi(number)
	if n -= first; err != nil || n < 0 || n > 8 {
		return 0
	}
	return min(n+1, 6)
}

// wordText collects a document.
type wordText struct {
	levels map[string]int
	title  string
	text   strings.Builder

	paragraph strings.Builder
	style     int
	listed    bool
	reads     bool // within w:t
	// removed counts the elements around that hold what was deleted, or repeats another part for older programs.
	removed int
	// rows are those of the tables around, the innermost last: nested tables are read as cells.
	tables int
	cell   strings.Builder
	row    []string
	table  table
}

func (w *wordText) token(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		w.begin(t)
	case xml.EndElement:
		w.end(t.Name.Local)
	case xml.CharData:
		if w.reads && w.removed == 0 {
			w.paragraph.Write(t)
		}
	}
	return w.text.Len() < mostText
}

func (w *wordText) begin(e xml.StartElement) {
	switch e.Name.Local {
	case "p":
		w.endParagraph() // of the text around a text box
		w.style, w.listed = 0, false
	case "pStyle":
		w.style = w.levels[attribute(e, "val")]
	case "outlineLvl":
		w.style = level(attribute(e, "val"), 0)
	case "numPr":
		w.listed = true
	case "t":
		w.reads = true
	case "tab", "br", "cr":
		w.paragraph.WriteByte(' ')
	case "del", "moveFrom", "Fallback":
		w.removed++
	case "tbl":
		if w.tables++; w.tables == 1 {
			w.table = table{}
		}
	}
}

func (w *wordText) end(name string) {
	switch name {
	case "t":
		w.reads = false
	case "del", "moveFrom", "Fallback":
		w.removed--
	case "p":
		w.endParagraph()
	case "tc":
		if w.tables == 1 {
			w.row = append(w.row, w.cell.String())
			w.cell.Reset()
		}
	case "tr":
		if w.tables == 1 && !w.table.full() {
			w.table.add(w.row)
			w.row = nil
		}
	case "tbl":
		if w.tables--; w.tables == 0 {
			w.text.WriteString(w.table.String() + "\n\n")
		}
	}
}

func (w *wordText) endParagraph() {
	text := strings.Join(strings.Fields(w.paragraph.String()), " ")
	w.paragraph.Reset()
	switch {
	case text == "":
	case w.tables > 0:
		w.cell.WriteString(text + " ")
	case w.style == titleLevel:
		if w.title == "" {
			w.title = text
		}
	case w.style > 0:
		w.text.WriteString(strings.Repeat("#", w.style) + " " + text + "\n\n")
	case w.listed:
		w.text.WriteString("- " + text + "\n\n")
	default:
		w.text.WriteString(escaped(text) + "\n\n")
	}
}
