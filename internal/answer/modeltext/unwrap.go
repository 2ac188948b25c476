package modeltext

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tania/internal/lazyregexp"
)

// answerFields are where models put an answer that they wrap in an object.
var answerFields = []string{
	"answer", "response", "reply", "text", "content", "message", "final", "final_answer", "output", "output_text", "result", "respuesta",
	"resposta", "mensaje", "mensagem",
	"assistant", "value",
}

// answerWords name an answer within a longer name, customer_message say, or beside a thought.
var answerWords = []string{
	"answer", "response", "reply", "text", "message", "respuesta", "resposta", "mensaje", "mensagem", "texto", "contenido", "conteudo",
	"conteúdo", "speak", "say", "utterance",
	"completion", "salida", "saida", "saída",
}

var (
	wholeFence = lazyregexp.New("(?s)^\\s*```(\\w*)[ \t]*\n(.*?)\n?[ \t]*```\\s*$")
	fencedText = []string{"", "text", "txt", "markdown", "md", "plaintext", "html"}
)

// unwrapped takes an answer out of an object or a fence that is all of a reply. An object that is none, and stands there bare, is no
// answer; within a fence somebody may have asked for it.
func unwrapped(text string) string {
	inner, fenced := text, false
	if m := wholeFence.FindStringSubmatch(text); m != nil && !strings.Contains(m[2], "```") {
		if slices.Contains(fencedText, strings.ToLower(m[1])) && !strings.ContainsAny(m[2], "{}=;<") {
			return m[2]
		}
		inner, fenced = m[2], true
	}
	inner = strings.TrimSpace(inner)
	if inner == "" || inner[0] != '{' && inner[0] != '[' {
		return text
	}
	var v any
	if json.Unmarshal([]byte(inner), &v) != nil && !valuesOf(inner, &v) {
		if inner[0] == '{' && !fenced && opensObject.MatchString(inner) {
			return ""
		}
		return text
	}
	if said, ok := answerIn(v, 0); ok {
		return said
	}
	if list, ok := v.([]any); fenced || ok && !holdsObject(list) {
		return text
	}
	return ""
}

// valuesOf reads values one after the other, an object a line, as a list.
func valuesOf(text string, v *any) bool {
	var list []any
	d := json.NewDecoder(strings.NewReader(text))
	for d.More() { // false before a bracket that closes nothing, too
		var one any
		if d.Decode(&one) != nil {
			return false
		}
		list = append(list, one)
	}
	*v = list
	return strings.TrimSpace(text[d.InputOffset():]) == "" && holdsObject(list)
}

// opensObject recognises the beginning of JSON that is broken further on.
var opensObject = lazyregexp.New(`^\{\s*"[^"\n]{1,60}"\s*:`)

func holdsObject(list []any) bool {
	return slices.ContainsFunc(list, func(v any) bool { _, ok := v.(map[string]any); return ok })
}

// answerIn finds the text of an answer in a value: that of its parts, or of the one field that is named like one.
func answerIn(v any, depth int) (string, bool) {
	if depth > 4 {
		return "", false
	}
	switch v := v.(type) {
	case []any:
		var texts []string
		for _, item := range v {
			if m, ok := item.(map[string]any); ok {
				if said, ok := answerIn(m, depth+1); ok {
					texts = append(texts, said)
				}
			}
		}
		return strings.Join(texts, "\n"), len(texts) > 0
	case map[string]any:
		for _, field := range answerFields {
			switch inner := v[field].(type) {
			case string:
				return inner, strings.TrimSpace(inner) != ""
			case map[string]any, []any:
				return answerIn(inner, depth+1)
			}
		}
		return wordedAnswer(v, depth)
	}
	return "", false
}

// wordedAnswer finds an answer in a field that is named in more words, or in the arguments of a tool that stands for answering.
func wordedAnswer(m map[string]any, depth int) (string, bool) {
	for _, field := range nameFields {
		name, _ := m[field].(string)
		if c, _ := classOf(name); c != final {
			continue
		}
		for _, arguments := range argumentFields {
			switch inner := m[arguments].(type) {
			case string:
				return inner, strings.TrimSpace(inner) != ""
			case map[string]any:
				return answerIn(inner, depth+1)
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(m)) {
		if said, ok := m[field].(string); ok && hasAny(wordsOf(field), answerWords) && strings.Contains(strings.TrimSpace(said), " ") {
			return said, true
		}
	}
	return "", false
}

// remains recognises what is left of a mark or a call when it came apart in a way nobody foresaw.
var remains = lazyregexp.New(`(?i)<[|｜]\s*[\w/▁]|assistantfinal|\bto=functions\.|\bfunctions\.[a-z_]|\[/?TOOL_|"(?:arguments|tool_calls|function_call|tool_call_id)"\s*:|</?\s*(?:[\w]+:)?(?:think(?:ing)?|tool_calls?|function_calls?|invoke)\b|<function=|\[unknown\b.{0,40}\[unknown`)

// machinery reports whether a text still shows what is for machines.
func machinery(text string) bool { return remains.MatchString(text) }
