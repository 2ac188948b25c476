package pdftext

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writer makes paragraphs of texts that are placed on pages. They are taken in the order in which they are drawn, which programs that
// write text keep to the order of reading, also in columns.
type writer struct {
	paragraphs []paragraph
	// written is the size of all texts, in bytes.
	written int
	// open reports whether the last paragraph goes on; endX, y and height are where and how large its last text is.
	open            bool
	endX, y, height float64
	bold            bool
}

// paragraph is lines of one size; a row of a table is a line with its cells apart.
type paragraph struct {
	lines  []string
	height float64
	// bold reports whether all of it is.
	bold bool
}

func (w *writer) beginPage() { w.open = false }

// cell stands between two texts of a line that are far apart.
const cell = " | "

// place takes a text that begins at a place and ends at an x. Its height is that of the matrix.
func (w *writer) place(text string, at matrix, endX float64, bold bool) {
	height := math.Hypot(at[2], at[3])
	if strings.TrimSpace(text) == "" {
		if w.open && text != "" && math.Abs(at[5]-w.y) < height/2 {
			w.add(" ")
			w.endX = endX
		}
		return
	}
	w.written += len(text)
	down, gap := w.y-at[5], at[4]-w.endX
	switch {
	case !w.open || math.Abs(down) > height/2 && (math.Abs(height-w.height) > w.height*0.12 || bold != w.bold && down > 1.3*height):
		w.begin(height, bold)
	case math.Abs(down) <= math.Max(height, w.height)/2: // the same line
		switch {
		case gap < -2*height:
			w.begin(height, bold)
		case gap > 0.9*height:
			w.add(cell)
		case gap > 0.15*height:
			w.add(" ")
		}
	case down < 0 || down > 1.75*height:
		w.begin(height, bold)
	default:
		p := &w.paragraphs[len(w.paragraphs)-1]
		p.lines = append(p.lines, "")
	}
	w.add(text)
	last := &w.paragraphs[len(w.paragraphs)-1]
	last.bold = last.bold && bold
	w.open, w.endX, w.y, w.height, w.bold = true, endX, at[5], height, bold
}

func (w *writer) begin(height float64, bold bool) {
	w.paragraphs = append(w.paragraphs, paragraph{lines: []string{""}, height: height, bold: bold})
}

func (w *writer) add(text string) {
	p := &w.paragraphs[len(w.paragraphs)-1]
	p.lines[len(p.lines)-1] += text
}

// markdown is all that was placed. Short paragraphs in larger letters than most, or in bold ones, are headings.
func (w *writer) markdown() string {
	letters := map[float64]int{}
	body, most := 0.0, 0
	for _, p := range w.paragraphs {
		size := math.Round(p.height * 2)
		letters[size] += len(p.join())
		if letters[size] > most {
			body, most = p.height, letters[size]
		}
	}
	var b strings.Builder
	for _, p := range w.paragraphs {
		text := p.join()
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		if short := utf8.RuneCountInString(text) <= 150 && !strings.Contains(text, "\n") && !strings.Contains(text, cell); short {
			switch {
			case p.height > body*1.15:
				b.WriteString("## ")
			case p.bold && p.height > body*0.95:
				b.WriteString("### ")
			}
		}
		b.WriteString(text)
	}
	return b.String()
}

// join makes one text of the lines; rows of a table and points of a list stay lines.
func (p paragraph) join() string {
	text, row := "", false
	for _, line := range p.lines {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		isRow := strings.Contains(line, cell)
		switch {
		case text == "":
			text = line
		case isRow || row || startsPoint(line):
			text += "\n" + line
		case strings.HasSuffix(text, "-") && startsSmall(line):
			text = strings.TrimSuffix(text, "-") + line
		default:
			text += " " + line
		}
		row = isRow
	}
	return text
}

func startsPoint(line string) bool {
	return strings.ContainsRune("•▪●◦‣-–*", firstOf(line))
}

func startsSmall(line string) bool { return unicode.IsLower(firstOf(line)) }

func firstOf(line string) rune {
	r, _ := utf8.DecodeRuneInString(line)
	return r
}
