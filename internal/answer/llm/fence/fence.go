// Package fence encloses what others wrote, so that a model takes it for data and for no instruction.
package fence

import (
	"strings"
	"unicode"

	"tania/internal/lazyregexp"
)

// Enclose puts data between <tag> and </tag>, each on a line of its own. The data cannot close the fence: every tag that a prompt
// uses, and the control tokens of common chat templates, are written with other brackets inside.
func Enclose(tag, data string) string {
	return "<" + tag + ">\n" + strings.TrimSpace(Defuse(data)) + "\n</" + tag + ">"
}

var (
	// tags are ours, those of roles, and of chat templates; the bracket may be one that only looks like "<".
	tags = lazyregexp.New(`(?i)[<＜‹〈﹤]+([\s/\\]*(?:customer_message|customer_context|customer_memory|quoted_message|attachment|conversation|knowledge|entry|system|assistant|user|developer|instructions?|tool|tool_call|tool_result|think|s|bos|eos|sys|im_start|im_end|start_of_turn|end_of_turn|start_header_id|end_header_id|eot_id)\b[^<>＜＞‹›]{0,80})[>＞›〉﹥]*`)
	// controls are <|im_start|>, <｜begin▁of▁sentence｜> and the like.
	controls = lazyregexp.New(`[<＜][|｜]([^<>|｜]{0,60})[|｜]?[>＞]?`)
	inst     = lazyregexp.New(`(?i)\[(/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\s*)\]`)
	// joined is a joiner beside plain characters, where no emoji needs it.
	joined = lazyregexp.New(`([\x00-\x7f])\x{200d}+|\x{200d}+([\x00-\x7f])`)
	agents = lazyregexp.New(`(?i)\[(\s*agent\b[^\]\n]{0,60})\]`)
)

// Defuse keeps a text from ending its fence or imitating a role. What it changes stays readable.
func Defuse(text string) string {
	text = joined.ReplaceAllString(strings.Map(visible, text), "$1$2")
	text = tags.ReplaceAllString(text, "($1)")
	text = controls.ReplaceAllString(text, "($1)")
	text = inst.ReplaceAllString(text, "($1)")
	return agents.ReplaceAllString(text, "($1)")
}

// visible drops what could hide inside a tag: control characters but line breaks, and characters without width but the
// joiner that emoji need.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\u200d':
		return r
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}
