package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tania/internal/answer/llm/complaint"
	"tania/internal/answer/llm/wire"
	"tania/internal/answer/modeltext"
	"tania/internal/language"
)

// decode reads a body that should be a chat completion. A proxy's page in HTML or half an answer is garbage, which a retry
// may mend; {"error":…} under status 200, as OpenRouter sends it, is what it says.
func decode(body []byte) (wire.Completion, *failure) {
	var c wire.Completion
	// A field of another type than expected is as good as absent.
	var otherType *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &c); err != nil && (!errors.As(err, &otherType) || otherType.Field == "") {
		return c, &failure{
			kind: kindGarbage, text: "the answer is not a chat completion: " + complaint.Shorten(string(body)), retryable: true,
			unhealthy: true,
		}
	}
	if len(c.Choices) > 0 {
		return c, nil
	}
	if f := errorWithin(body, badGateway); f != nil {
		return c, f
	}
	if other, ok := wire.InAnotherShape(body); ok {
		c.Choices = []wire.Choice{other}
		return c, nil
	}
	_, text := complaint.Read(body)
	return c, &failure{kind: kindGarbage, text: "the answer has no choices: " + text, retryable: true, unhealthy: true}
}

// errorWithin gives the failure of an {"error":…} that came under another status, nil where there is none. otherwise is its status when it
// tells none.
func errorWithin(body []byte, otherwise int) *failure {
	var said struct {
		Error wire.Loose `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil || said.Error.Text() == "" {
		return nil
	}
	var inner struct {
		Code   wire.Loose `json:"code"`
		Status wire.Loose `json:"status_code"`
	}
	_ = json.Unmarshal(said.Error, &inner)
	for _, status := range []int64{number(inner.Code), number(inner.Status), int64(otherwise)} {
		if status >= 400 && status < 600 {
			return ofStatus(int(status), nil, body)
		}
	}
	return nil
}

// number reads a number that may be in quotes.
func number(l wire.Loose) int64 { return wire.Loose(strings.Trim(string(l), `"`)).Whole() }

// theHandoff is the tool that every model may call.
var theHandoff = modeltext.Tool{Name: handoffTool, Parameters: []string{"reason"}}

// badGateway is the status of a choice that broke off and does not say why.
const badGateway = 502

// read takes the reply out of a completion.
func (d *reader) read(c wire.Completion) (Response, *failure) {
	first := c.Choices[0]
	finish := finishOf(first)
	if whole, err := json.Marshal(first); err == nil {
		if f := errorWithin(whole, badGateway); f != nil {
			return Response{}, f
		}
	}
	message := first.Reply()
	switch {
	case finish == finishBroke:
		return Response{}, &failure{
			kind: kindStatus, status: badGateway, text: "the answer broke off: " + first.FinishReason.Text(),
			retryable: true, unhealthy: true,
		}
	case finish == finishBotched:
		return Response{}, &failure{kind: kindBotched, text: "the model wrote its call badly: " + first.FinishReason.Text()}
	case message.Refusal.Text() != "":
		return Response{}, &failure{kind: kindRefused, text: "refused: " + complaint.Shorten(message.Refusal.Text())}
	case finish == finishFiltered:
		return Response{}, &failure{kind: kindRefused, text: "stopped by the provider's content filter" + filtered(first)}
	}
	text, calls, known := d.text.Content(json.RawMessage(message.Content))
	said := d.text.Read(text)
	r := Response{Text: said.Text, Known: true, Truncated: finish == finishLength || said.Cut}
	calls = append(calls, said.Calls...)
	if r.Calls = d.calls(message, calls); len(r.Calls) > 0 {
		return r, nil
	}
	if r.Handoff = handoffOf(message); r.Handoff == nil {
		r.Handoff = firstHandoff(calls)
	}
	switch {
	case r.Handoff != nil:
		r.bound()
		return r, nil
	case r.Text != "":
		r.bound()
		return r, nil
	}
	return Response{}, unread(finish, known, said.Lost)
}

// unread is the failure of a reply without an answer.
func unread(finish finish, known, lost bool) *failure {
	f := &failure{kind: kindUnread, truncated: finish == finishLength, text: "an empty answer"}
	switch {
	case f.truncated:
		f.text = "the length limit left no room for an answer; a model that reasons needs a higher one"
	case !known:
		f.text = "the answer's content has a shape that is not known"
	case lost:
		f.text = "nothing of the answer is for a customer"
	}
	return f
}

// noReason is the reason of a handoff that gives none.
const noReason = "the model asked for a human"

// handoffOf finds a call of the handoff tool, also in the older function_call form; other tools' names are made up by the
// model and passed over.
func handoffOf(m wire.Reply) *Handoff {
	for _, c := range functionCalls(m) {
		if t, ok := modeltext.Named(c.Name.Text(), theHandoff); ok {
			return handoffFor(modeltext.ReadArguments(c.Arguments.Text(), t))
		}
	}
	return nil
}

// functionCalls are the calls of a message, in either form.
func functionCalls(m wire.Reply) []wire.FunctionCall {
	var calls []wire.FunctionCall
	for _, c := range m.ToolCalls {
		calls = append(calls, c.Function)
	}
	if len(m.FunctionCall.Name) > 0 {
		calls = append(calls, m.FunctionCall)
	}
	return calls
}

func firstHandoff(calls []modeltext.Call) *Handoff {
	if len(calls) == 0 {
		return nil
	}
	return handoffFor(calls[0].Arguments)
}

func handoffFor(arguments map[string]string) *Handoff {
	reason := strings.TrimSpace(modeltext.Tidy(arguments["reason"]))
	if reason == "" {
		reason = noReason
	}
	return &Handoff{Reason: complaint.Shorten(reason)}
}

// LongestAnswer is how much of a model's answer a customer is told, in characters. No question needs more, and a model that goes round in
// circles writes until its server ends it.
const LongestAnswer = 8000

// bound cuts what is too long, and the sentence that a limit left unfinished.
func (r *Response) bound() {
	if runes := []rune(r.Text); len(runes) > LongestAnswer {
		r.Notes = append(r.Notes, fmt.Sprintf("the answer had %d characters or more, of which %d were sent", len(runes), LongestAnswer))
		r.Text, r.Truncated = string(runes[:LongestAnswer]), true
	}
	if r.Truncated && r.Text != "" {
		r.Text = wholeSentences(r.Text)
	}
}

// wholeSentences drops the sentence that the length limit cut, unless it is most of the text.
func wholeSentences(text string) string {
	at, whole := 0, 0
	for sentence := range language.Sentences(text) {
		at += len(sentence)
		if language.Finished(sentence) {
			whole = at
		}
	}
	if whole > 0 && whole >= len(text)/2 {
		return strings.TrimSpace(text[:whole])
	}
	return strings.TrimSpace(text) + "…"
}
