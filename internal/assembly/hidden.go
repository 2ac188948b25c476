package assembly

import (
	"tania/internal/answer/llm"
	"tania/internal/answer/masked"
	"tania/internal/pii"
	"tania/internal/pii/placeholder"
)

// hiding has a model not get to see personal data of some kinds.
func hiding(model llm.Responder, kinds pii.Set) llm.Responder {
	if kinds.Empty() {
		return model
	}
	return masked.New(model, kinds)
}

// hider puts placeholders in place of personal data in what is not put back: log lines, traces, the texts that vectors are made of. nil:
// nothing is hidden.
func hider(kinds pii.Set) func(string) string {
	if kinds.Empty() {
		return nil
	}
	return func(text string) string { return placeholder.New(kinds, "", nil).Mask(text) }
}

// personal reports whether a text has personal data that is hidden.
func personal(kinds pii.Set) func(string) bool {
	return func(text string) bool { return len(kinds.Find(text)) > 0 }
}
