package modeltext

import (
	"regexp"
	"strings"

	"tania/internal/lazyregexp"
)

// Marks that lost their brackets, or never had any, are written as what they stand for.
var (
	// gpt-oss without its control tokens: "analysisWe need …assistantfinalAbrimos", "assistantcommentary to=functions.handoff json{…}".
	gluedChannel = lazyregexp.New(`assistant(?:\s*\n\s*)?(analysis|commentary|final)((?: ?to=[\w.]+(?: ?(?:json|code)\b)?)?)`)
	headChannel  = lazyregexp.New(`^\s*(analysis|commentary|final)((?: ?to=[\w.]+)(?: ?(?:json|code))?)?(\s*\n|\p{Lu}|[¿¡"'{])`)
	// The role that a Llama template leaves at the head.
	headRole = lazyregexp.New(`^\s*(?:assistant|model)\s*\n+|^\s*(?:Assistant|AI)\s*:\s*`)
	// A thought that a word at the head opens, and the answer it comes to.
	headThought = lazyregexp.New(`(?i)^[\s*#]*(?:(?:here(?:(?:'|’)s| is) (?:a|my) )?(?:thinking|thought) process|` +
		`chain of thought|thoughts?|thinking|reasoning|pensamiento|pensamento|razonamiento|racioc[ií]nio)[\s*]*(?::|\n)`)
	laterThought = lazyregexp.New(`(?:^|\n)[\s*]*Thought[\s*]*:`)
	finalLabel   = lazyregexp.New(`(?i)(?:^|\n)[\s*#]*final (?:answer|response|reply)[\s*]*:[\s*]*`)
	// The call of a ReAct prompt.
	react = lazyregexp.New(`(?is)(?:^|\n)[\s*]*Action[\s*]*:[\s*]*([\w.\-]+|` +
		`\x60{3}.*?\x60{3})[ \t]*(?:\n[\s*]*Action Input[\s*]*:[\s*]*([^\n]*))?(\n[\s*]*Observation[\s*]*:.*$)?`)
	// Functionary names the recipient on a line of its own.
	functionary = lazyregexp.New(`(?m)^>>>([a-z][\w.\-]*)[ \t]*\n`)
	// The end of a control mark whose beginning is lost; characters that a tokenizer gave as bytes.
	markTail = lazyregexp.New(`(?i)(?:^|\s)(?:im_start|im_end|start|end|channel|message|return|call|eot_id|endoftext)[|｜]>`)
	byteMark = lazyregexp.New(`<0x([0-9A-Fa-f]{2})>`)
	// Brackets that only look like the others, and other signs of ours.
	otherBrackets = lazyregexp.New(`[＜◁〈⟨﹤]\s*(/?\s*[|｜]?[\w:|｜▁ /]{1,40})\s*[＞▷〉⟩﹥]`)
	// A mark that the end of the text cut.
	cutTag     = lazyregexp.New(`<(/?)([A-Za-z_][\w:▁]*)$|<[|｜/]$|\[/?([A-Z]{3,}_?[A-Z_]*)$`)
	echoedName = lazyregexp.New(`^\s*\[agent\b[^\]\n]*\]\s*`)
)

// spellOut writes marks that lost their brackets as marks.
func (d *Reader) spellOut(text string) string {
	text = strings.ReplaceAll(text, `<|"|>`, `"`)
	text = byteMark.ReplaceAllStringFunc(text, func(s string) string {
		if strings.EqualFold(s, "<0x0a>") {
			return "\n"
		}
		return ""
	})
	text = otherBrackets.ReplaceAllStringFunc(text, func(s string) string {
		inside := otherBrackets.FindStringSubmatch(s)[1]
		if c, alone := classOf(strings.Trim(inside, "/|｜ ")); strings.ContainsAny(inside, "|｜") || c != other && c != plain && alone {
			return "<" + strings.TrimSpace(inside) + ">"
		}
		return s
	})
	text = plainly(text)
	text = templates(text)
	text = channels(text)
	text = headRole.ReplaceAllString(text, "")
	text = markTail.ReplaceAllString(text, " ")
	if at := headThought.FindStringIndex(text); at != nil {
		text = "<think>\n" + answerLabel.ReplaceAllString(text[at[1]:], "\n<final>")
	}
	text = headLabel.ReplaceAllString(text, "")
	if react.MatchString(text) {
		text = laterThought.ReplaceAllString(text, "\n<think>")
	}
	if strings.HasPrefix(text, "<think>") && !strings.Contains(text, "</think>") || react.MatchString(text) {
		text = finalLabel.ReplaceAllString(text, "\n<final>")
	}
	text = reactCalls(text)
	text = d.recipients(text)
	text = echoedName.ReplaceAllString(text, "")
	text = withoutCutTag(text)
	for _, m := range d.marks {
		text = m.namedAlone(text)
	}
	return text
}

// recipients reads the lines by which Functionary names who is spoken to: all, or a tool. Another name is a call only where its arguments
// follow: ">>>" also begins a quotation.
func (d *Reader) recipients(text string) string {
	var b strings.Builder
	end := 0
	for _, at := range functionary.FindAllStringSubmatchIndex(text, -1) {
		name, behind := text[at[2]:at[3]], text[at[1]:]
		_, isTool := toolNamed(name, d.tools)
		switch {
		case name == "all":
			b.WriteString(text[end:at[0]])
		case isTool || beginsWithObject(behind):
			b.WriteString(text[end:at[0]] + "<tool_call>" + name + "\n")
		default:
			continue
		}
		end = at[1]
	}
	return b.String() + text[end:]
}

// beginsWithObject reports whether a text begins with an object that has a field.
func beginsWithObject(text string) bool {
	v, _, ok := valueAt(text, 0)
	fields, isObject := v.(map[string]any)
	return ok && isObject && len(fields) > 0
}

// channels writes the bare channel names of gpt-oss as marks.
func channels(text string) string {
	text = headChannel.ReplaceAllStringFunc(text, func(s string) string {
		m := headChannel.FindStringSubmatch(s)
		return "<|channel|>" + m[1] + m[2] + messageMark + m[3]
	})
	if !strings.Contains(text, "assistant") {
		return text
	}
	return gluedChannel.ReplaceAllStringFunc(text, func(s string) string {
		m := gluedChannel.FindStringSubmatch(s)
		return "<|start|>assistant<|channel|>" + m[1] + m[2] + messageMark
	})
}

// reactCalls writes "Action: …, Action Input: …" as a call. An Action alone is one in a known tool's name, or with code beside it.
func reactCalls(text string) string {
	if !strings.Contains(text, "Action") {
		return text
	}
	return react.ReplaceAllStringFunc(text, func(s string) string {
		m := react.FindStringSubmatch(s)
		if m[2] == "" && !strings.HasPrefix(m[1], "`") && m[3] == "" {
			return s
		}
		return "\n<tool_call>" + m[1] + "\n" + m[2] + "</tool_call>"
	})
}

// withoutCutTag drops a mark that the end of the text cut, if it began as one of ours.
func withoutCutTag(text string) string {
	m := cutTag.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	cut := text[m[0]:]
	if m[4] < 0 && m[6] < 0 {
		return text[:m[0]]
	}
	name := strings.ToLower(strings.TrimLeft(cut, "<[/"))
	for _, full := range []string{
		"think", "thinking", "thought", "reasoning", "final", "answer", "response", "tool_call", "tool_calls",
		"function", "function_call", "invoke",
	} {
		if len(name) >= 2 && strings.HasPrefix(full, name) {
			return text[:m[0]]
		}
	}
	if c, alone := classOf(name); c != other && c != plain && alone || m[6] >= 0 && strings.HasPrefix(name, "tool") {
		return text[:m[0]]
	}
	return text
}

// toolMarks are the ways to name a tool without calling it.
type toolMarks struct {
	tool Tool
	// bracket is [handoff: why], also without its end; label is "handoff: why" on a line of its own.
	bracket, label *regexp.Regexp
	odd            oddMarks
}

func marksOf(t Tool) toolMarks {
	name := regexp.QuoteMeta(t.Name)
	return toolMarks{
		tool: t,
		odd:  oddMarksOf(t),
		bracket: regexp.MustCompile(`(?i)[*_\x60]*[\[【(]{1,2}[ *_\x60]*` + name +
			`[ *_\x60]*(?::[ \t]*([^\]\n】]*?)[ *_\x60]*(?:[\]】)]{1,2}[*_\x60]*|$)|(?:\]\]?|】)[ \t:]*([^\n]*))`),
		label: regexp.MustCompile(`(?im)^[ \t*_\x60#>-]*` + name + `[*_\x60]*[ \t]*:[*_ \t]*(.*)$`),
	}
}

// namedAlone reads a tool's name that is all of a reply, or begins a line as a label or in brackets, as a call of it.
func (m toolMarks) namedAlone(text string) string {
	if !strings.Contains(strings.ToLower(text), strings.ToLower(m.tool.Name)) {
		return text
	}
	if strings.EqualFold(strings.Trim(text, " \n\t`*_.:!<>()[]{}\"'"), m.tool.Name) {
		return "<tool_call>" + m.tool.Name + "</tool_call>"
	}
	text = m.bracket.ReplaceAllString(text, "<tool_call>"+m.tool.Name+"\n$1$2</tool_call>")
	text = m.odd.read(text, m.tool.Name)
	return m.label.ReplaceAllString(text, "<tool_call>"+m.tool.Name+"\n$1</tool_call>")
}
