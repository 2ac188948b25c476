package llm

import (
	"encoding/json"
	"regexp"
	"strings"
)

// handoffOf finds a call of the handoff tool, also in the older function_call form; other tools' names are made up by the
// model and passed over.
func handoffOf(m chatReply) *Handoff {
	for _, c := range m.ToolCalls {
		if strings.EqualFold(c.Function.Name.text(), handoffTool) {
			return &Handoff{Reason: reasonIn(c.Function.Arguments.text())}
		}
	}
	if strings.EqualFold(m.FunctionCall.Name.text(), handoffTool) {
		return &Handoff{Reason: reasonIn(m.FunctionCall.Arguments.text())}
	}
	return nil
}

var (
	reasonField = regexp.MustCompile(`(?is)reason["']?\s*[:=]\s*["'](.*?)(?:["']\s*[,})]|["']?\s*$)`)
	// written is a call that a small model wrote as text: {"name":"handoff",…}, <tool_call>…</tool_call>, handoff(reason="…").
	written = regexp.MustCompile(`(?is)(?:<tool_call>\s*)?(?:\x60{3}(?:json)?\s*)?(\{\s*"(?:type"\s*:\s*"function"\s*,\s*")?name"\s*:\s*"handoff".*\}|\bhandoff\(\s*(?:reason\s*=\s*|\{)?["'][^)]*\))\s*(?:\x60{3})?\s*(?:</tool_call>)?`)
)

// reasonIn reads the reason out of arguments that should be JSON; of others it takes what looks like one, or all of it.
func reasonIn(arguments string) string {
	var a struct{ Reason any }
	reason := ""
	if json.Unmarshal([]byte(arguments), &a) == nil {
		reason = asText(a.Reason)
	} else if m := reasonField.FindStringSubmatch(arguments); m != nil {
		reason = m[1]
	} else {
		reason = strings.Trim(arguments, "{}[]\"' \n\t")
	}
	if strings.TrimSpace(reason) == "" {
		return "the model asked for a human"
	}
	return shorten(reason)
}

// writtenCall finds a handoff written as text and gives what else the text says.
func writtenCall(text string) (call *Handoff, rest string, ok bool) {
	at := written.FindStringSubmatchIndex(text)
	if at == nil {
		return nil, "", false
	}
	said := text[at[2]:at[3]]
	var inner struct{ Arguments, Parameters json.RawMessage }
	if json.Unmarshal([]byte(said), &inner) == nil {
		for _, raw := range []json.RawMessage{inner.Arguments, inner.Parameters} {
			var quoted string
			if json.Unmarshal(raw, &quoted) == nil {
				raw = json.RawMessage(quoted)
			}
			if len(raw) > 0 {
				said = string(raw)
			}
		}
	}
	return &Handoff{Reason: reasonIn(said)}, strings.TrimSpace(text[:at[0]] + text[at[1]:]), true
}
