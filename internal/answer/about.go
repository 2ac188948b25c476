package answer

import (
	"fmt"
	"slices"
	"strings"

	"tania/internal/answer/llm/fence"
	"tania/internal/tania"
)

// quotedTag encloses a message that the customer quotes, or the advertisement they come from.
const quotedTag = "quoted_message"

// longestQuote bounds what is cited of one message, in characters.
const longestQuote = 1200

// about tells the model what the customer's messages refer to, empty for nothing. What was written by others is fenced.
func about(q Question) string {
	notes := append(choosing(q.Chosen), attached(q.Messages)...)
	for _, a := range q.About {
		which := place(q.Messages, a.Message)
		if a.Quoted != nil {
			notes = append(notes, fmt.Sprintf("%s answers an earlier message, written by %s, which the customer quotes:\n%s",
				which, author(a.Quoted), fence.Enclose(quotedTag, shortened(a.Quoted.Text, longestQuote))))
		}
		if a.Corrected {
			notes = append(notes, which+" was corrected by the customer after you had answered it. Answer what it says now.")
		}
		if note := origin(which, a.Origin); note != "" {
			notes = append(notes, note)
		}
	}
	return strings.Join(notes, "\n\n")
}

// told is what the model is told beside the customer's words: what they refer to, and who they are.
func (a *Answerer) told(q Question) string {
	parts := []string{a.known(q), recalled(q), about(q)}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
}

// cited is the text of what a turn's messages refer to.
func cited(q Question) (texts []string) {
	for _, a := range q.About {
		if a.Quoted != nil {
			texts = append(texts, a.Quoted.Text)
		}
		if a.Origin != nil {
			texts = append(texts, a.Origin.Text)
		}
	}
	for _, m := range q.Messages {
		for _, a := range m.Attachments {
			if a.Text != "" && !m.Deleted {
				texts = append(texts, shortened(a.Text, longestQuote))
			}
		}
	}
	if q.Chosen != nil {
		texts = append(texts, q.Chosen.Question)
		for _, c := range q.Chosen.Choices {
			texts = append(texts, c.Title)
		}
	}
	return texts
}

// place names a message of a turn: "The customer's message", or which one of several.
func place(messages []tania.Message, id tania.MessageID) string {
	said := 0
	at := 0
	for _, m := range messages {
		if m.Deleted || strings.TrimSpace(m.Content) == "" {
			continue
		}
		said++
		if m.ID == id {
			at = said
		}
	}
	if said < 2 || at == 0 {
		return "The customer's message below"
	}
	return fmt.Sprintf("Of the customer's %d messages below, number %d", said, at)
}

func author(e *tania.Entry) string {
	switch e.From {
	case tania.FromCustomer:
		return "the customer"
	case tania.FromHuman:
		return "a human colleague"
	}
	return "you"
}

func origin(which string, o *tania.Origin) string {
	switch {
	case o == nil:
		return ""
	case o.Kind == tania.FromStory:
		return which + " answers a story that the business published; the story itself is not known."
	case o.Text == "":
		return which + " was begun from an advertisement of the business; the advertisement itself is not known."
	}
	return which + " was begun from this advertisement of the business:\n" + fence.Enclose(quotedTag, shortened(o.Text, longestQuote))
}
