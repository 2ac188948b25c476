package llm

import (
	"encoding/json"
	"slices"
	"strings"

	"tania/internal/answer/llm/complaint"
	"tania/internal/answer/llm/wire"
)

// finish is why a choice ended.
type finish int

const (
	// finishDone is a whole answer, or a call.
	finishDone finish = iota
	finishLength
	finishFiltered
	finishBroke
	// finishBotched is a call that the model wrote badly, and the server could not read.
	finishBotched
)

// finishes are words of finish_reason, of OpenAI, Azure, OpenRouter, Gemini (MALFORMED_FUNCTION_CALL, SAFETY, RECITATION …), GLM
// (sensitive, network_error), DeepSeek (insufficient_system_resource, repetition_truncation), Mistral (model_length), Anthropic
// (max_tokens, refusal). The first row that has one decides.
var finishes = []struct {
	finish finish
	words  []string
}{
	{finishBotched, []string{"malformed", "tool_use_failed", "unexpected_tool", "bad_tool", "invalid_tool"}},
	{finishFiltered, []string{
		"filter", "safety", "recitation", "prohibited", "blocklist", "blocked", "spii", "refus", "sensitive",
		"moderation", "policy", "risk", "guardrail",
	}},
	{finishBroke, []string{
		"error", "abort", "fail", "cancel", "insufficient", "interrupt", "disconnect", "timeout", "timed_out",
		"unavailable", "overload",
	}},
	{finishLength, []string{"length", "max_tokens", "max_output", "truncat", "token_limit", "max_new_tokens"}},
}

func finishOf(c wire.Choice) finish {
	said := strings.ToLower(c.FinishReason.Text())
	for _, row := range finishes {
		if slices.ContainsFunc(row.words, func(w string) bool { return strings.Contains(said, w) }) {
			return row.finish
		}
	}
	return finishDone
}

// filtered names what a content filter found, in the words of Azure ({"hate":{"filtered":true,"severity":"high"}}).
func filtered(c wire.Choice) string {
	var results map[string]struct {
		Filtered bool
		Severity string
	}
	_ = json.Unmarshal(c.FilterResults, &results)
	var found []string
	for name, r := range results {
		if r.Filtered {
			found = append(found, strings.TrimSpace(name+" "+r.Severity))
		}
	}
	slices.Sort(found)
	if len(found) > 0 {
		return ": " + complaint.Shorten(strings.Join(found, ", "))
	}
	if said := c.FinishReason.Text(); said != "content_filter" {
		return ": " + complaint.Shorten(said)
	}
	return ""
}
