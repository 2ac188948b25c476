package llm

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// decode reads a body that should be a chat completion. A proxy's page in HTML or half an answer is garbage, which a retry
// may mend; {"error":…} under status 200, as OpenRouter sends it, is what it says.
func decode(body []byte) (chatCompletion, *failure) {
	var c chatCompletion
	// A field of another type than expected is as good as absent.
	var otherType *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &c); err != nil && (!errors.As(err, &otherType) || otherType.Field == "") {
		return c, &failure{kind: kindGarbage, text: "the answer is not a chat completion: " + shorten(string(body)), retryable: true, unhealthy: true}
	}
	if len(c.Choices) > 0 {
		return c, nil
	}
	var said struct {
		Error *struct {
			Code json.Number `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &said) == nil && said.Error != nil {
		if status, err := said.Error.Code.Int64(); err == nil && status >= 400 && status < 600 {
			return c, ofStatus(int(status), nil, body)
		}
	}
	_, text := complaint(body)
	return c, &failure{kind: kindGarbage, text: "the answer has no choices: " + text, retryable: true, unhealthy: true}
}

// read takes the reply out of a completion.
func read(c chatCompletion) (Response, *failure) {
	message, finish := c.message(), c.Choices[0].FinishReason.text()
	text := clean(contentOf(message))
	r := Response{Text: text, Known: true, Truncated: finish == "length"}
	r.Handoff = handoffOf(message)
	if r.Handoff == nil {
		if call, rest, ok := writtenCall(text); ok {
			r.Handoff, r.Text = call, rest
		}
	}
	switch {
	case r.Handoff != nil:
		return r, nil
	case message.Refusal.text() != "":
		return Response{}, &failure{kind: kindRefused, text: "refused: " + shorten(message.Refusal.text())}
	case finish == "content_filter":
		return Response{}, &failure{kind: kindRefused, text: "stopped by the provider's content filter"}
	case r.Text != "":
		if r.Truncated {
			r.Text = wholeSentences(r.Text)
		}
		return r, nil
	case r.Truncated:
		return Response{}, &failure{kind: kindEmpty, text: "the length limit left no room for an answer; a model that reasons needs a higher one"}
	default:
		return Response{}, &failure{kind: kindEmpty, text: "an empty answer", retryable: true}
	}
}

// contentOf reads content as text or, as some servers write it, as a list of parts.
func contentOf(m chatReply) string {
	var parts []struct{ Type, Text string }
	if json.Unmarshal(m.Content, &parts) != nil {
		return m.Content.text()
	}
	var texts []string
	for _, p := range parts {
		if p.Type == "text" && p.Text != "" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n")
}

var (
	thoughts = regexp.MustCompile(`(?is)<(?:think|thinking|thought|reasoning)>.*?</(?:think|thinking|thought|reasoning)>`)
	// A template may open the thought itself, so that only its end is in the answer; a length limit may cut its end off.
	headOfThought = regexp.MustCompile(`(?is)^.*</(?:think|thinking|thought|reasoning)>`)
	tailOfThought = regexp.MustCompile(`(?is)<(?:think|thinking|thought|reasoning)>.*$`)
	echoes        = regexp.MustCompile(`(?i)</?` + customerTag + `>|^\s*\[agent\b[^\]\n]*\]\s*`)
)

// clean removes reasoning and what the model copied of the prompt's form.
func clean(text string) string {
	text = thoughts.ReplaceAllString(text, "")
	text = headOfThought.ReplaceAllString(text, "")
	text = tailOfThought.ReplaceAllString(text, "")
	return strings.TrimSpace(echoes.ReplaceAllString(strings.TrimSpace(text), ""))
}

var sentenceEnd = regexp.MustCompile(`[.!?…]["'»”)]*(?:\s|$)`)

// wholeSentences drops the sentence that the length limit cut, unless it is most of the text.
func wholeSentences(text string) string {
	ends := sentenceEnd.FindAllStringIndex(text, -1)
	if len(ends) > 0 {
		if last := ends[len(ends)-1][1]; last >= len(text)/2 {
			return strings.TrimSpace(text[:last])
		}
	}
	return strings.TrimSpace(text) + "…"
}
