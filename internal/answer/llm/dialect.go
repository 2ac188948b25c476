package llm

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// speech says which optional parts of a request a server takes; compatible servers differ.
type speech struct {
	// tokens is the name of the length limit; "" for none.
	tokens string
	// Left out: temperature, user, tools; system text goes into the first message of the user.
	noTemperature, noUser, noTools, noSystem bool
}

// dialect is what was learnt of a model's server. It starts with what most take and adapts when a 400 or 422 names a part.
type dialect struct {
	first string
	mu    sync.Mutex
	known *speech
}

const (
	maxTokens           = "max_tokens"
	maxCompletionTokens = "max_completion_tokens"
)

// firstTokensName: OpenAI refuses max_tokens for its reasoning models and takes max_completion_tokens for all; many compatible
// servers know max_tokens alone. What is refused is tried with the other name once, then left out.
func firstTokensName(base string) string {
	u, err := url.Parse(base)
	if err == nil && (u.Hostname() == "api.openai.com" || strings.HasSuffix(u.Hostname(), ".azure.com")) {
		return maxCompletionTokens
	}
	return maxTokens
}

func (d *dialect) current() speech {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		return speech{tokens: d.first}
	}
	return *d.known
}

// Complaints about a part of a request, in the words of OpenAI, Azure, vLLM, Mistral, Ollama and llama.cpp.
var (
	refusesTemperature = regexp.MustCompile(`(?i)temperature`)
	refusesTools       = regexp.MustCompile(`(?i)\btools?\b|tool[_ ]choice|function call`)
	refusesUser        = regexp.MustCompile(`(?is)(unsupported|unknown|unrecognized|unexpected|forbidden|not supported|not permitted|extra).*["'\x60]user["'\x60]|["'\x60]user["'\x60].*(unsupported|unknown|unrecognized|unexpected|forbidden|not supported|not permitted|extra)`)
	refusesSystem      = regexp.MustCompile(`(?i)system (role|message|instruction)s? .{0,20}(not|un)`)
	tooLong            = regexp.MustCompile(`(?i)context[_ ](length|window|size)`)
)

// adapt learns from a failure of a request that was said so, and reports whether it can be said otherwise.
func (d *dialect) adapt(said speech, f *failure) bool {
	if f.status != 400 && f.status != 422 || f.kind == kindRefused || tooLong.MatchString(f.body) {
		return false
	}
	next := said
	switch {
	case said.tokens != "" && strings.Contains(f.body, said.tokens):
		next.tokens = otherTokensName(said.tokens, d.first)
	case !said.noTemperature && refusesTemperature.MatchString(f.body):
		next.noTemperature = true
	case !said.noTools && refusesTools.MatchString(f.body):
		next.noTools = true
	case !said.noUser && refusesUser.MatchString(f.body):
		next.noUser = true
	case !said.noSystem && refusesSystem.MatchString(f.body):
		next.noSystem = true
	default:
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known = &next
	return true
}

func otherTokensName(refused, first string) string {
	if refused != first {
		return ""
	}
	if first == maxTokens {
		return maxCompletionTokens
	}
	return maxTokens
}
