package chatwoot

import (
	"regexp"
	"strings"

	"tania/internal/tania"
)

var (
	headingLine = regexp.MustCompile(`^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	fenceLine   = regexp.MustCompile("^ {0,3}(```|~~~)")
	ruleLine    = regexp.MustCompile(`^ {0,3}([-*_])(\s*[-*_]){2,}\s*$`)
	tableRule   = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
	image       = regexp.MustCompile(`!\[([^\]]*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
	link        = regexp.MustCompile(`\[([^\]]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
)

// plainMarkdown turns what only the widget shows (fences, tables, headings, links, images) into text that reads well.
// Bold, italic and inline code stay: the channels show them.
func plainMarkdown(text string, channel tania.Channel) string {
	var out []string
	var header []string
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case fenceLine.MatchString(line) || ruleLine.MatchString(line) && !strings.Contains(line, "|"):
			continue
		case isTableRow(line) && i+1 < len(lines) && strings.Contains(lines[i+1], "-") && tableRule.MatchString(lines[i+1]):
			header = cells(line)
			i++
			continue
		case header != nil && isTableRow(line):
			out = append(out, inline(tableLine(header, cells(line)), channel))
			continue
		}
		header = nil
		if m := headingLine.FindStringSubmatch(line); m != nil {
			line = m[1]
		}
		out = append(out, inline(line, channel))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func isTableRow(line string) bool { return strings.Contains(strings.TrimSpace(line), "|") }

func cells(line string) []string {
	line = strings.Trim(strings.TrimSpace(line), "|")
	var list []string
	for cell := range strings.SplitSeq(line, "|") {
		list = append(list, strings.TrimSpace(cell))
	}
	return list
}

// tableLine is a row as a line: "cake: 300 · size: 20 people", or "small: 300" for two columns.
func tableLine(header, row []string) string {
	if len(row) == 2 {
		return "• " + row[0] + ": " + row[1]
	}
	var pairs []string
	for i, cell := range row {
		if cell == "" {
			continue
		}
		if i > 0 && i < len(header) && header[i] != "" {
			cell = header[i] + ": " + cell
		}
		pairs = append(pairs, cell)
	}
	return "• " + strings.Join(pairs, " · ")
}

// inline flattens links and images of a line.
func inline(line string, channel tania.Channel) string {
	line = image.ReplaceAllString(line, "$2")
	return link.ReplaceAllStringFunc(line, func(s string) string {
		m := link.FindStringSubmatch(s)
		label, url := strings.TrimSpace(m[1]), m[2]
		target := strings.TrimPrefix(strings.TrimPrefix(url, "mailto:"), "tel:")
		if channel == tania.ChannelWhatsApp && label != "" && label != target && !strings.Contains(target, label) {
			return label + ": " + target
		}
		if label == target || strings.Contains(target, label) {
			return target
		}
		return label + " (" + target + ")"
	})
}
