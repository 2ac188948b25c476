package channels

import (
	"slices"
	"strings"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

var (
	headingLine = lazyregexp.New(`^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$`)
	fenceLine   = lazyregexp.New("^ {0,3}(```|~~~)[`~]*([^`]*)$")
	inlineCode  = lazyregexp.New("`+[^`]+`+")
	blankLines  = lazyregexp.New(`\n{3,}`)
	ruleLine    = lazyregexp.New(`^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$`)
	scheme      = lazyregexp.New(`^https?://(www\.)?`)
	tableRule   = lazyregexp.New(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
	image       = lazyregexp.New(`!\[([^\]]*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
	link        = lazyregexp.New(`\[([^\]]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
)

// plainMarkdown turns what only the widget shows (fences, tables, headings, links, images) into text that reads well.
// Bold, italic and inline code stay: the channels show them.
func plainMarkdown(text string, channel tania.Channel) string {
	var out []string
	lines := strings.Split(text, "\n")
	fence := ""
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		m := fenceLine.FindStringSubmatch(line)
		switch {
		case fence != "":
			if m != nil && strings.HasPrefix(m[1], fence) && strings.TrimSpace(m[2]) == "" {
				fence = ""
			} else {
				out = append(out, line)
			}
		case m != nil:
			fence = m[1]
		case ruleLine.MatchString(line):
			out = append(out, "")
		case headsTable(lines[i:]):
			rows := tableRows(lines[i+2:])
			for _, row := range tableLines(line, rows) {
				out = append(out, inline(row, channel))
			}
			i += 1 + len(rows)
		default:
			if m := headingLine.FindStringSubmatch(line); m != nil {
				line = m[1]
			}
			out = append(out, inline(line, channel))
		}
	}
	return strings.TrimSpace(blankLines.ReplaceAllString(strings.Join(out, "\n"), "\n\n"))
}

// headsTable reports whether the first line is a table's header and the second the rule below it.
func headsTable(lines []string) bool {
	return len(lines) > 1 && strings.Contains(lines[0], "|") && strings.Contains(lines[1], "|") && tableRule.MatchString(lines[1]) &&
		len(cells(lines[0])) == len(cells(lines[1]))
}

// tableRows are the lines up to the table's end.
func tableRows(lines []string) []string {
	for i, line := range lines {
		if !strings.Contains(line, "|") {
			return lines[:i]
		}
	}
	return lines
}

// cells splits a row at its pipes, but for escaped ones.
func cells(line string) []string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "|")
	if !strings.HasSuffix(line, `\|`) {
		line = strings.TrimSuffix(line, "|")
	}
	const escaped = "\x00"
	list := strings.Split(strings.ReplaceAll(line, `\|`, escaped), "|")
	for i := range list {
		list[i] = strings.TrimSpace(strings.ReplaceAll(list[i], escaped, "|"))
	}
	return list
}

// tableLines gives a line for each row: "• Small: 300" under the header in tables of two columns, else
// "• Cake: Small · Price: 300 · For: 20".
func tableLines(header string, rows []string) []string {
	names := cells(header)
	var lines []string
	if len(names) == 2 || len(rows) == 0 {
		lines = append(lines, join(names, " · "))
	}
	for _, row := range rows {
		values := cells(row)
		if len(names) == 2 && len(values) == 2 {
			lines = append(lines, "• "+join(values, ": "))
			continue
		}
		for i := range values {
			if i < len(names) && names[i] != "" && values[i] != "" {
				values[i] = names[i] + ": " + values[i]
			}
		}
		lines = append(lines, "• "+join(values, " · "))
	}
	return lines
}

// join joins what is not empty.
func join(list []string, between string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), between)
}

// inline flattens the links and images of a line, outside its code.
func inline(line string, channel tania.Channel) string {
	if !strings.Contains(line, "](") {
		return line
	}
	var b strings.Builder
	end := 0
	for _, code := range inlineCode.FindAllStringIndex(line, -1) {
		b.WriteString(flat(line[end:code[0]], channel))
		b.WriteString(line[code[0]:code[1]])
		end = code[1]
	}
	b.WriteString(flat(line[end:], channel))
	return b.String()
}

func flat(s string, channel tania.Channel) string {
	s = image.ReplaceAllStringFunc(s, func(s string) string {
		m := image.FindStringSubmatch(s)
		return linked(m[1], m[2], channel)
	})
	return link.ReplaceAllStringFunc(s, func(s string) string {
		m := link.FindStringSubmatch(s)
		return linked(m[1], m[2], channel)
	})
}

// linked is a link's label with its address, where the label is not the address already.
func linked(label, url string, channel tania.Channel) string {
	label = strings.TrimSpace(label)
	target := strings.TrimPrefix(strings.TrimPrefix(url, "mailto:"), "tel:")
	switch {
	case label == "" || label == target || strings.TrimSuffix(label, "/") == strings.TrimSuffix(scheme.ReplaceAllString(target, ""), "/"):
		return target
	case channel == tania.ChannelWhatsApp || channel == tania.ChannelTwilioWhatsApp:
		// In brackets WhatsApp would take the closing one for a part of the address.
		return label + ": " + target
	}
	return label + " (" + target + ")"
}
