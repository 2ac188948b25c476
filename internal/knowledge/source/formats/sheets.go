package formats

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// sheets is an XLSX: each visible sheet is a section, each row a paragraph.
func sheets(f File) (Text, error) {
	a, err := openArchive(f.Content)
	if err != nil {
		return Text{}, err
	}
	if a.parts["xl/workbook.xml"] == nil {
		return Text{}, errBroken
	}
	b, err := a.openBook()
	if err != nil {
		return Text{}, err
	}
	var text strings.Builder
	for _, s := range b.sheets {
		t, err := b.sheet(s.part)
		if err != nil {
			return Text{}, err
		}
		if rows := t.String(); rows != "" {
			text.WriteString("# " + strings.Join(strings.Fields(s.name), " ") + "\n\n" + rows + "\n\n")
		}
		if text.Len() > mostText {
			break
		}
	}
	title, err := a.coreTitle()
	return Text{Title: title, Markdown: strings.TrimSpace(text.String())}, err
}

// book is what the sheets of a file share.
type book struct {
	*archive
	sheets []struct{ name, part string }
	// texts are the strings that cells name by number, dates the styles of cells that are dates.
	texts []string
	dates []bool
	// epoch is the day 0 of dates.
	epoch time.Time
}

func (a *archive) openBook() (*book, error) {
	parts, err := a.related("xl/workbook.xml")
	if err != nil {
		return nil, err
	}
	b := &book{archive: a, epoch: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	err = a.each("xl/workbook.xml", func(t xml.Token) bool {
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr" && (attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"):
			b.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case e.Name.Local == "sheet" && (attribute(e, "state") == "" || attribute(e, "state") == "visible"):
			b.sheets = append(b.sheets, struct{ name, part string }{attribute(e, "name"), parts[attribute(e, "id")]})
		}
		return true
	})
	if err == nil {
		err = b.readTexts()
	}
	if err == nil {
		err = b.readStyles()
	}
	return b, err
}

// readTexts reads the shared strings. Readings for Japanese (rPh) are no part of them.
func (b *book) readTexts() error {
	var text strings.Builder
	reads, phonetic := false, 0
	return b.each("xl/sharedStrings.xml", func(t xml.Token) bool {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				text.Reset()
			case "rPh":
				phonetic++
			case "t":
				reads = phonetic == 0
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "si":
				b.texts = append(b.texts, text.String()[:min(text.Len(), mostCell)])
			case "rPh":
				phonetic--
			case "t":
				reads = false
			}
		case xml.CharData:
			if reads {
				text.Write(t)
			}
		}
		return true
	})
}

// readStyles finds the styles that show a number as a date: built-in formats 14 to 22 and 45 to 47, and own ones with a year or a day.
func (b *book) readStyles() error {
	own, inCells := map[string]bool{}, false
	return b.each("xl/styles.xml", func(t xml.Token) bool {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				own[attribute(t, "numFmtId")] = isDate(attribute(t, "formatCode"))
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					id := attribute(t, "numFmtId")
					n, _ := strconv.Atoi(id)
					b.dates = append(b.dates, own[id] || n >= 14 && n <= 22 || n >= 45 && n <= 47)
				}
			}
		case xml.EndElement:
			inCells = inCells && t.Name.Local != "cellXfs"
		}
		return true
	})
}

// isDate reports whether a format has a year, a day or an hour outside of quoted text and of brackets, which hold colours.
func isDate(format string) bool {
	quoted, bracket := false, false
	for _, r := range strings.ToLower(format) {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[' || r == ']':
			bracket = r == '['
		case !bracket && strings.ContainsRune("ydh", r):
			return true
		}
	}
	return false
}

// cell is one of a sheet while it is read.
type cell struct {
	kind  string
	style int
	text  strings.Builder
}

// sheet reads one.
func (b *book) sheet(part string) (*table, error) {
	t, row, c, reads := &table{}, []string{}, cell{}, false
	err := b.each(part, func(token xml.Token) bool {
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				row = row[:0]
			case "c":
				c = cell{kind: attribute(e, "t")}
				c.style, _ = strconv.Atoi(attribute(e, "s"))
				for range min(column(attribute(e, "r")), mostColumns) - len(row) {
					row = append(row, "")
				}
			case "v", "t":
				reads = true
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v", "t":
				reads = false
			case "c":
				if len(row) < mostColumns {
					row = append(row, b.shown(&c))
				}
			case "row":
				t.add(row)
			}
		case xml.CharData:
			if reads {
				c.text.Write(e)
			}
		}
		return !t.full()
	})
	return t, err
}

// Limits of a row: how many cells are read, and how much of each, in bytes. A cell of a few letters can name a text of megabytes.
const (
	mostColumns = 500
	mostCell    = 32 << 10
)

// column is the number of a cell's, from 0: "AB12" is 27. It is 0 for a cell that does not say.
func column(name string) int {
	n := 0
	for _, r := range name {
		if r < 'A' || r > 'Z' || n > mostColumns {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return max(0, n-1)
}

// shown is a cell's text as a person sees it.
func (b *book) shown(c *cell) string {
	text := c.text.String()
	switch c.kind {
	case "s":
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(b.texts) {
			return b.texts[n]
		}
		return ""
	case "", "n":
	case "b":
		return map[string]string{"1": "✓"}[text]
	case "e":
		return ""
	default: // inlineStr, str, d
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	if c.style >= 0 && c.style < len(b.dates) && b.dates[c.style] && n >= 0 && n < 3e6 {
		return b.date(n)
	}
	return strconv.FormatFloat(math.Round(n*1e6)/1e6, 'f', -1, 64)
}

// date is a number of days since the epoch, with the time of day where there is one.
func (b *book) date(days float64) string {
	at := b.epoch.Add(time.Duration(math.Round(days*24*60)) * time.Minute)
	switch {
	case days < 1:
		return at.Format("15:04")
	case at.Hour() == 0 && at.Minute() == 0:
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02 15:04")
}
