package modeltext

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"tania/internal/lazyregexp"
)

// Thoughts, marks and turns in forms that are neither tags nor control marks.
var (
	// Open WebUI, Dify and the like fold a thought away: <details type="reasoning"><summary>Thought for 3 seconds</summary>…</details>.
	folded = lazyregexp.New(`(?is)<details\b([^<>]*)>\s*<summary>([^<]{0,120})</summary>.*?(?:</details>|$)\s*`)
	// A fence, and a line in brackets or italics at the head, that say to be a thought.
	fencedThought  = lazyregexp.New("(?is)(?:^|\n)[ \t]*```(?:think(?:ing)?|thoughts?|reasoning|analysis|scratchpad)[ \t]*\n.*?(?:\n[ \t]*```[ \t]*|$)")
	asideAtHead    = lazyregexp.New(`(?i)^\s*[(\[*_]{1,3}[ \t]*(?:internal )?(?:thinking|thoughts?|reasoning|pensando|pensamiento|pensamento|razonamiento|racioc[ií]nio)[ *_]*:[ \t]*\pL[^\n]*[)\]*_]{1,3}[ \t]*(?:\n|$)`)
	wordsOfThought = lazyregexp.New(`(?i)\b(?:think(?:ing)?|thoughts?|reasoning|reasoned|pens(?:ó|ou|ando|amiento|amento)|razonamiento|racioc[ií]nio)\b`)
	// The label of the answer that a labelled thought comes to.
	answerLabel = lazyregexp.New(`(?i)(?:^|\n)[ \t*#]*(?:final |my )?(?:answer|response|reply|respuesta|resposta|output)(?: final)?[ \t*]*(?::[ \t*]*|\n)|\bhere(?:'|’)?(?: i)?s my (?:answer|response|reply)[ \t*]*:\s*`)
	// headLabel is that label where it begins the reply.
	headLabel     = lazyregexp.New(`(?i)^\s*[*_]*(?:final |my )?(?:answer|response|reply|respuesta|resposta)(?: final)?[*_]*[ \t]*:[ \t*_]*\n?\s*`)
	characterData = lazyregexp.New(`(?s)<!\[CDATA\[(.*?)(?:\]\]>|$)`)
	// EXAONE's marks have square brackets, MiniMax's and Hunyuan's are like none; other models' have an underscore in place of bars.
	squareBars = lazyregexp.New(`\[[|｜]\s*(/?[A-Za-z_]{1,30})\s*[|｜]\]`)
	tildeMarks = lazyregexp.New(`\]~!?b[\[\]](?:ai|system|tool)?\n?|\[e~\[`)
	lowBars    = lazyregexp.New(`<(/?(?:(?:end|begin|start)_of_[a-z_]{2,30}|[A-Za-z_]{0,20}▁[\w▁]{0,60}|[a-z]{1,10}_(?:eos|bos|eot|eod|pad|unk)))>`)
	spelledEnd = lazyregexp.New(`(?i)\[(?:end of (?:text|turn|message|response)|unused\d{1,3})\]|\[(?-i:BOS|EOS|EOT|EOM|PAD|UNK|CLS|MASK)\]`)
	// A model that goes on for the customer, and answers itself.
	nextTurns = lazyregexp.New(`(?is)\n(?:[ \t*]*(?:human|user)|\n[ \t*]*(?:customer|client|cliente|usuario|usuário|humano))[ *]*:[^\n]*\n(?:.*\n)??[ \t*]*(?:assistant|ai|bot|agent|asistente|agente|assistente|model)[ *]*:.*$|\n\n[ \t*]*Human[ *]*:[^\n]*$`)
	// announced is a transfer in brackets, to whatever the model believes to be there.
	announced = lazyregexp.New(`\[[A-Z_]*(?:TRANSFER|ESCALAT)[A-Z_]*:[^\]\n]*\]`)
	callLabel = lazyregexp.New(`(?im)^[ \t*_#]*(?:tool|function)[ _]?(?:calls?|use|invocation)[ *_]*:[ *_]*(\n?[ \t]*(?:[\w.]+\(|[{\[<\x60]))`)
)

// plainly writes thoughts, marks and turns of those forms as others write them, or drops them.
func plainly(text string) string {
	text = characterData.ReplaceAllString(text, "$1")
	text = squareBars.ReplaceAllString(text, "<|$1|>")
	text = lowBars.ReplaceAllString(text, "<|$1|>")
	text = tildeMarks.ReplaceAllString(text, "")
	text = spelledEnd.ReplaceAllString(text, "")
	text = folded.ReplaceAllStringFunc(text, func(s string) string {
		if m := folded.FindStringSubmatch(s); wordsOfThought.MatchString(m[1]) || wordsOfThought.MatchString(m[2]) {
			return ""
		}
		return s
	})
	text = announced.ReplaceAllString(text, "")
	text = fencedThought.ReplaceAllString(text, "\n")
	text = asideAtHead.ReplaceAllString(text, "")
	if at := nextTurns.FindStringIndex(text); at != nil && hasWords(text[:at[0]]) {
		text = text[:at[0]]
	}
	return callLabel.ReplaceAllString(text, "$1")
}

// oddMarks are the ways in which models who were told to write [handoff: why], or who tell of a call in place of making it, write it.
type oddMarks struct{ bracket, line, command, told, listed *regexp.Regexp }

func oddMarksOf(t Tool) oddMarks {
	name := regexp.QuoteMeta(t.Name)
	first := "reason"
	if len(t.Parameters) > 0 {
		first = regexp.QuoteMeta(t.Parameters[0])
	}
	return oddMarks{
		// {{handoff: why}}, <<handoff>>, [[handoff|why]], [handoff reason="why"]
		bracket: regexp.MustCompile(`(?i)[*_\x60]*(?:\{\{?|<<|\[\[?|【)[ *_\x60]*(?:\w+_)?` + name +
			`(?:_\w+)?[ *_\x60]*(?:(?:[:|=]|[-–—]+|[ \t]+` + first +
			`[ \t]*[=:])[ \t]*["'“]?([^\]\n】)}>]*?)["'”]?)?[ *_\x60]*(?:\}\}?|>>|\]\]?|】)[*_\x60]*`),
		// handoff, **handoff**, #handoff on a line of its own, (handoff) at the end
		line: regexp.MustCompile(`(?im)^[ \t]*[*_\x60#/@>~-]*[ \t]*` + name + `[*_\x60!.:…]*[ \t]*$|\B\(` + name + `\)[.! ]*\s*\z`),
		// /handoff why
		command: regexp.MustCompile(`(?im)^[ \t]*[#/@!]` + name + `[ \t]+([^\n]*)$`),
		// *calls the handoff tool*
		told: regexp.MustCompile(`(?im)^[ \t]*[*_(\[]*(?:i(?:['’]ll| will| am|['’]m)? )?(?:now )?(?:calls?|calling|invok(?:e|es|ing)|us(?:e|es|ing)|trigger(?:s|ing)?|llamando|invocando|usando|chamando)(?: (?:to|the|a|al|la|o|tool|function|herramienta|función|ferramenta|função))* ["'\x60]?` +
			name + `["'\x60]?(?: (?:tool|function|now))?[*_)\].…! ]*$`),
		// tool: handoff, with its arguments in lines below, as YAML has them
		listed: regexp.MustCompile(`(?im)^[ \t*_>-]*(?:tool|function|action|call|name)(?:[ _]?(?:name|call|use))?[ \t*_]*[:=][ \t*_\x60"']*` +
			name + `[ \t*_\x60"']*$((?:\n[ \t-]*\w+[ \t]*:[^\n]*)*)`),
	}
}

func (m oddMarks) read(text, tool string) string {
	with := "<tool_call>" + tool + "\n$1</tool_call>"
	text = m.listed.ReplaceAllString(text, with)
	text = m.bracket.ReplaceAllString(text, with)
	text = m.command.ReplaceAllString(text, with)
	text = m.told.ReplaceAllString(text, "<tool_call>"+tool+"</tool_call>")
	return m.line.ReplaceAllString(text, "<tool_call>"+tool+"</tool_call>")
}

// nothingAtAll are the words by which programs write that there is no text.
var nothingAtAll = []string{"None", "null", "nil", "undefined", "NaN", "[object Object]"}

func saysNothing(text string) bool { return slices.Contains(nothingAtAll, strings.TrimSpace(text)) }

// flags finds the calls that an answer in an object names as one of its fields, {"answer":"…","handoff":true}, and that answer.
func flags(v any, tools []Tool) (said string, calls []written) {
	m, ok := v.(map[string]any)
	if !ok {
		return "", nil
	}
	said, ok = answerIn(m, 0)
	if !ok {
		return "", nil
	}
	for key, value := range m {
		if t, ok := toolNamed(key, tools); ok && wanted(value) {
			arguments := map[string]any{}
			for _, name := range t.Parameters {
				if given, ok := m[name]; ok {
					arguments[name] = given
				}
			}
			if inner, ok := value.(map[string]any); ok {
				arguments = inner
			}
			calls = append(calls, written{t.Name, arguments})
		}
	}
	return said, calls
}

// wanted reports whether a field's value says that the tool of its name is called.
func wanted(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return !slices.Contains([]string{"", "false", "no", "none", "null", "não"}, strings.ToLower(strings.TrimSpace(v)))
	case map[string]any:
		for _, inner := range v {
			if inner == false || inner == "false" || inner == "no" {
				return false
			}
		}
		return true
	case []any:
		return len(v) > 0
	}
	return false
}

// unquoted takes a reply out of the quotes in which JSON or Python would write it.
func unquoted(text string) string {
	trimmed := strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(trimmed, `"""`); ok && strings.HasSuffix(inner, `"""`) && len(inner) > 3 {
		return strings.TrimSuffix(inner, `"""`)
	}
	var inner string
	if strings.HasPrefix(trimmed, `"`) && json.Unmarshal([]byte(trimmed), &inner) == nil {
		return inner
	}
	return text
}
