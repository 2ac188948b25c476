package bot

import "strings"

// yamlFixes say what to write instead, by a part of the YAML library's message. The first that fits counts. All of these are
// mistakes of people who write sentences into a file that they do not know to be YAML.
var yamlFixes = []struct{ message, fix string }{
	{"cannot start any token", "indent with spaces; a tab is not allowed"},
	{"end character of double-quoted", `close the quotation marks: "text"; a quotation mark inside is written \"`},
	{"end character of single-quoted", "close the apostrophes: 'text'; an apostrophe inside is written twice: 'Don''t'"},
	{"unknown escape character", `write a backslash inside quotation marks twice: \\`},
	{"is a reserved character", `put the text into quotation marks: "text"`},
	{"could not find alias", `put a text that begins with * into quotation marks: "*text"`},
	{"directive value", `put a text that begins with % into quotation marks: "%text"`},
	{"already defined", "keep one of the two, with all that belongs under it"},
	{"must be specified", "close the list: [first, second]"},
	{"sequence end token", `close the list: [first, second]; or put a text that begins with [ into quotation marks: "[text"`},
	{"mapping end token", `put a text that begins with { into quotation marks: "{name}, hello"`},
	{"block sequence entries are not allowed", "put each element of a list on a line of its own, behind a dash and indented"},
	{"invalid header option", "begin the text on the line below | or >, indented by two spaces"},
	{"non-map value", "indent the lines of the text by two spaces more than its key"},
	{
		"map key-value is pre-defined",
		`put the whole text into quotation marks once: a quotation mark inside "…" is written \", an apostrophe inside '…' twice`,
	},
	{
		"mapping value is not allowed",
		`put a text with a colon into quotation marks: "Hello: I am Carmen"; or, if this is a key, indent it like the keys around it`,
	},
	{"value is not allowed", `put the text into quotation marks: "{name}, hello"; or indent this line like the lines around it`},
}

// yamlFix says what to write where the YAML library found a mistake.
func yamlFix(message string) string {
	for _, f := range yamlFixes {
		if strings.Contains(message, f.message) {
			return f.fix
		}
	}
	return `compare it with examples/bot.yaml: keys are indented by two spaces, and texts with signs in them stand in quotation marks: "text"`
}
