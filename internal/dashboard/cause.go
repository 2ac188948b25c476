package dashboard

import "regexp"

// causes say in plain words why a turn failed, the first that fits. Errors are texts in the store, written by whichever version of
// Tania: what none of these knows is shown with its technical words.
var causes = []struct {
	key  string
	text *regexp.Regexp
}{
	{"cause.model_budget", regexp.MustCompile(`llm: .*budget`)},
	{"cause.model_key", regexp.MustCompile(`llm: .*(?:API key|\b40[13]\b)`)},
	{"cause.model_refused", regexp.MustCompile(`llm: .*\b4(?:0[024]|1[0-9]|22)\b`)},
	{"cause.model_away", regexp.MustCompile(`\bllm: `)},
	{"cause.chatwoot_token", regexp.MustCompile(`chatwoot: [^:]+: 40[13]\b`)},
	{"cause.chatwoot_refused", regexp.MustCompile(`chatwoot: [^:]+: 4(?:0[0-79]|1|2[0-8])`)},
	{"cause.chatwoot_away", regexp.MustCompile(`\bchatwoot: `)},
	{"cause.crashed", regexp.MustCompile(`panic|lease ended|every attempt ended`)},
	{"cause.store", regexp.MustCompile(`queue: store|redisqueue: |sqlitequeue: `)},
	{"cause.slow", regexp.MustCompile(`deadline exceeded`)},
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
