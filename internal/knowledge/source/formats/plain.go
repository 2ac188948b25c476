package formats

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded is a text in UTF-8: one in UTF-16 has a mark, and what is not UTF-8 is Windows-1252, as Windows and old pages write in the
// languages of our customers.
func decoded(content []byte) (string, error) {
	utf16 := bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff})
	var from transform.Transformer
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(content, []byte{0, 0, 0xfe, 0xff}): // UTF-32
		return "", errBroken
	case utf16:
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.IndexByte(content, 0) >= 0:
		return "", errBroken
	case utf8.Valid(content):
		return strings.TrimPrefix(string(content), "\ufeff"), nil
	default:
		from = charmap.Windows1252.NewDecoder()
	}
	text, _, err := transform.Bytes(from, content)
	if err != nil {
		return "", errBroken
	}
	return string(text), nil
}

// plain is Markdown, or text that is read as such. Its title is its first heading, where it begins with one.
func plain(f File) (Text, error) {
	text, err := decoded(f.Content)
	if err != nil {
		return Text{}, err
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if rest, ok := strings.CutPrefix(text, "---\n"); ok {
		if _, body, ok := strings.Cut(rest, "\n---\n"); ok {
			text = body
		}
	}
	text = strings.TrimSpace(text)
	first, _, _ := strings.Cut(text, "\n")
	title, _ := strings.CutPrefix(first, "# ")
	if title == first {
		title = ""
	}
	return Text{Title: title, Markdown: text}, nil
}

// separated is a table with its cells between commas, semicolons or tabs.
func separated(f File) (Text, error) {
	text, err := decoded(f.Content)
	if err != nil {
		return Text{}, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator(text), true, -1
	var t table
	for !t.full() {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Text{}, errBroken
		}
		t.add(row)
	}
	return Text{Markdown: t.String()}, nil
}

// separator is the sign of which the first line has most.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, sign := range ",;\t" {
		if n := strings.Count(first, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}

// table writes each row as a paragraph with the names of its columns, so that a row is understood wherever the table is divided.
type table struct {
	names []string
	rows  int
	text  strings.Builder
}

func (t *table) full() bool { return t.text.Len() > mostText }

func (t *table) add(row []string) {
	cells := make([]string, len(row))
	filled := 0
	for i, c := range row {
		if cells[i] = strings.Join(strings.Fields(c), " "); cells[i] != "" {
			filled++
		}
	}
	if filled == 0 {
		return
	}
	if t.rows++; t.rows == 1 && areNames(cells) {
		t.names = cells
		return
	}
	var parts []string
	size := 0
	for i, c := range cells {
		if size += len(c); size > mostText {
			break
		}
		switch {
		case c == "":
		case i < len(t.names) && t.names[i] != "":
			parts = append(parts, t.names[i]+": "+c)
		default:
			parts = append(parts, c)
		}
	}
	t.text.WriteString(escaped(strings.Join(parts, "; ")) + "\n\n")
}

// longestName is how long the name of a column may be, in bytes: it is written with every row.
const longestName = 200

// areNames reports whether a first row names the columns: two words or more, no long text and no number.
func areNames(cells []string) bool {
	words := 0
	for _, c := range cells {
		_, err := strconv.ParseFloat(strings.ReplaceAll(strings.Trim(c, "$€ %"), ",", "."), 64)
		if err == nil || len(c) > longestName {
			return false
		}
		if c != "" {
			words++
		}
	}
	return words > 1
}

// String is the table's text; a single row of words is no heading.
func (t *table) String() string {
	if t.text.Len() == 0 && len(t.names) > 0 {
		return escaped(strings.Join(t.names, "; "))
	}
	return strings.TrimSpace(t.text.String())
}

// escaped keeps a paragraph from being read as a heading or as a rule.
func escaped(paragraph string) string {
	if strings.HasPrefix(paragraph, "#") || strings.HasPrefix(paragraph, "---") || strings.HasPrefix(paragraph, "===") {
		return `\` + paragraph
	}
	return paragraph
}
