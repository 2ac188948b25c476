package modeltext

import (
	"encoding/json"
	"strings"

	"tania/internal/lazyregexp"
)

// What the templates of some model families leave in the text of a reply.
var (
	// FunctionGemma calls as "<start_function_call>call:handoff{reason:<escape>…<escape>}<end_function_call>".
	gemmaCall  = lazyregexp.New(`(?s)(?:<start_function_call>\s*)?\bcall:([a-z][\w.\-]*)\{((?:\w+:(?:<escape>.*?<escape>|[^,{}<]*),?)*)\}?\s*(?:<end_function_call>)?`)
	gemmaValue = lazyregexp.New(`(?s)(\w+):(?:<escape>(.*?)<escape>|([^,{}<]*))`)
	// Phi-4-mini calls as "functools[{…}]".
	functools = lazyregexp.New(`(?:^|\n)[ \t]*functools\s*\[`)
	// gpt-oss calls as "to=handoff {…}" where its control tokens are lost with the channel's name.
	bareRecipient = lazyregexp.New(`(?m)^[ \t]*(?:assistant[ \t]+)?to=(?:functions\.)?([a-z][\w\-]*)[ \t]*(?:json|code)?\s*(\{)`)
	// An Alpaca template's heading before the reply, and the one that begins what the model says for somebody else.
	replyHeading = lazyregexp.New(`(?i)^\s*#{2,4} ?(?:response|answer|assistant|output|respuesta|resposta)[ \t]*:?[ \t]*(?:\n|$)`)
	nextHeading  = lazyregexp.New(`(?is)(?:^|\n)#{2,4} ?(?:instruction|input|user|human|instrucción|instrução)[ \t]*:?[ \t]*(?:\n.*|$)`)
)

// templates writes the calls of those families as calls, and drops the headings.
func templates(text string) string {
	text = gemmaCall.ReplaceAllStringFunc(text, func(s string) string {
		m := gemmaCall.FindStringSubmatch(s)
		arguments := map[string]string{}
		for _, pair := range gemmaValue.FindAllStringSubmatch(m[2], -1) {
			arguments[pair[1]] = pair[2] + strings.Trim(pair[3], "\"' ")
		}
		call, err := json.Marshal(map[string]any{"name": m[1], "arguments": arguments})
		if err != nil {
			return s
		}
		return "<tool_call>" + string(call) + "</tool_call>"
	})
	text = functools.ReplaceAllString(text, "\n[TOOL_CALLS][")
	text = bareRecipient.ReplaceAllString(text, "<tool_call>$1\n$2")
	text = replyHeading.ReplaceAllString(text, "")
	return nextHeading.ReplaceAllString(text, "")
}
