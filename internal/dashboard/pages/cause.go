package pages

import (
	"tania/internal/lazyregexp"
)

// causes say in plain words why a turn failed, the first that fits. Errors are texts in the store, written by whichever version of
// Tania: what none of these knows is shown with its technical words.
var causes = []struct {
	key  string
	text *lazyregexp.Regexp
}{
	{"cause.model_budget", lazyregexp.New(`llm: .*budget`)},
	{"cause.model_key", lazyregexp.New(`llm: .*(?:API key|\b40[13]\b)`)},
	{"cause.model_refused", lazyregexp.New(`llm: .*\b4(?:0[024]|1[0-9]|22)\b`)},
	{"cause.model_away", lazyregexp.New(`\bllm: `)},
	{"cause.chatwoot_token", lazyregexp.New(`chatwoot: [^:]+: 40[13]\b`)},
	{"cause.chatwoot_refused", lazyregexp.New(`chatwoot: [^:]+: 4(?:0[0-79]|1|2[0-8])`)},
	{"cause.chatwoot_away", lazyregexp.New(`\bchatwoot: `)},
	{"cause.crashed", lazyregexp.New(`panic|lease ended|every attempt ended`)},
	{"cause.store", lazyregexp.New(`queue: store|\w+queue: `)},
	{"cause.slow", lazyregexp.New(`deadline exceeded`)},
}

// causeOf is the key of the text that says why a turn failed.
func causeOf(failure string) string {
	for _, c := range causes {
		if c.text.MatchString(failure) {
			return c.key
		}
	}
	return "cause.unknown"
}
