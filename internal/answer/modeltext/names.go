package modeltext

import (
	"slices"
	"strings"
	"unicode"
)

// class is what a mark of some name is about.
type class int

const (
	// other is a name that says nothing to us.
	other class = iota
	// call is around a call of a tool, or its result.
	call
	// thought is around what is not said.
	thought
	// final is around the answer.
	final
	// plain is around any text: the mark goes, the text stays.
	plain
	// foreign is around what somebody else would say.
	foreign
	// header is before the name of a role or a channel, channel before that of a channel.
	header
	channel
	// stop ends a message.
	stop
	// control is any other mark of a chat template.
	control
)

// The words that marks are named with. A name is of the first class that one of its words belongs to.
var (
	callWords = []string{
		"tool", "tools", "toolcall", "toolcalls", "function", "functions", "functioncall", "functioncalls", "invoke",
		"tooluse", "action", "python", "plugin", "plugins", "dsml", "recipient",
	}
	thoughtWords = []string{
		"think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection", "reflect", "analysis", "analyse", "analyze",
		"scratchpad", "monologue", "rationale",
		"cot", "deliberation", "introspection", "evaluation", "internal", "hidden", "private", "scratch", "notes", "pensamiento", "pensamientos",
		"pensando", "pensamento", "razonamiento", "raciocinio", "plan", "planning", "critique", "commentary", "inner",
	}
	finalWords = []string{"final", "answer", "response", "reply", "solution", "respuesta", "resposta", "output"}
	plainWords = []string{
		"customer", "message", "msg", "content", "text", "box", "assistant", "model", "bot", "knowledge", "entry",
		"article", "root", "body",
	}
	foreignWords = []string{
		"user", "human", "system", "developer", "ipython", "observation", "environment", "inst", "instructions", "sys",
		"context", "example",
	}
	// actionWords are of what a model announces in capitals, [TRANSFER_TO_AGENT], without a tool of that name.
	actionWords = []string{"transfer", "escalate", "escalation", "escalar", "transferir", "derivar"}
	// weakWords alone are words of a text too, "<plan>" to be filled in, say: their tags count in pairs only.
	weakWords = []string{
		"reason", "reflect", "plan", "planning", "critique", "reply", "solution", "output", "action", "tool", "tools", "function", "functions",
		"plugin", "plugins", "python",
		"recipient", "commentary", "inner", "internal", "hidden", "private", "scratch", "notes", "evaluation", "analyse", "analyze", "respuesta",
		"resposta", "user", "human", "system", "developer", "environment", "observation", "context",
		"example", "instructions",
	}
)

// wordsOf splits a name at what is no letter, and where capitals begin.
func wordsOf(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			b.WriteByte(' ')
		case unicode.IsUpper(r) && lower:
			b.WriteString(" " + string(unicode.ToLower(r)))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		lower = unicode.IsLower(r)
	}
	return strings.Fields(b.String())
}

func hasAny(words, of []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(of, w) })
}

// classOf gives a name's class, and whether it is so alone, without its partner.
func classOf(name string) (c class, alone bool) {
	words := wordsOf(name)
	alone = len(words) > 1 || !hasAny(words, weakWords)
	switch {
	case hasAny(words, callWords):
		return call, alone
	case hasAny(words, thoughtWords):
		return thought, alone
	case hasAny(words, finalWords):
		return final, alone
	case hasAny(words, foreignWords) && !hasAny(words, []string{"customer"}):
		return foreign, alone
	case hasAny(words, plainWords):
		return plain, alone && len(words) > 1
	}
	return other, false
}

// closes reports whether a control mark's name says that something ends.
func closes(name string) bool {
	return strings.HasPrefix(name, "/") || hasAny(wordsOf(name), []string{"end", "stop", "close"})
}

// controlClass gives the class of a mark between <| and |>.
func controlClass(name string) class {
	words := wordsOf(name)
	switch {
	case len(words) == 0:
		return control
	case len(words) == 1 && slices.Contains([]string{"end", "return", "call", "eot", "eos", "eom", "endoftext", "stop"}, words[0]),
		hasAny(words, []string{"eot", "eos", "eom", "endoftext"}),
		hasAny(words, []string{"end"}) && hasAny(words, []string{"text", "turn", "sentence", "message", "im", "assistant", "response"}):
		return stop
	case hasAny(words, []string{"header"}) && closes(name), slices.Contains(words, "sep"):
		return control
	case hasAny(words, []string{"channel"}):
		return channel
	case slices.Contains([]string{
		"start", "begin", "im start", "start header id", "turn", "start of turn", "start of turn token", "from",
		"recipient",
	}, strings.Join(words, " ")):
		return header
	}
	c, _ := classOf(name)
	switch {
	case c == plain && slices.Contains([]string{"assistant", "model", "bot", "chatbot token"}, strings.Join(words, " ")):
		return header
	case c == other || c == plain:
		return control
	}
	return c
}
