package chatwoottool

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tania/internal/tania"
	"tania/internal/tool/call"
)

func (c *Caller) setLabel(ctx context.Context, arguments map[string]any) (any, error) {
	label, err := c.label(arguments)
	if err != nil {
		return nil, err
	}
	all, err := c.API.AddLabels(ctx, c.Key, label)
	return map[string]any{"labels": all}, err
}

// removeLabel writes the labels without one, since a write replaces them all.
func (c *Caller) removeLabel(ctx context.Context, arguments map[string]any) (any, error) {
	label, err := c.label(arguments)
	if err != nil {
		return nil, err
	}
	all, err := c.API.Labels(ctx, c.Key)
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(l string) bool { return l == label })
	if len(rest) < len(all) {
		err = c.API.Do(ctx, "write labels", http.MethodPost, c.conversation("/labels"), map[string]any{"labels": rest}, nil)
	}
	return map[string]any{"labels": rest}, err
}

// label is the label that is meant, unless it steers Tania.
func (c *Caller) label(arguments map[string]any) (string, error) {
	label, _ := arguments["label"].(string)
	// Chatwoot compares tags without regard to case.
	label = strings.TrimSpace(label)
	switch {
	case label == "":
		return "", &call.FailedError{Text: "no label is named"}
	case c.Steers(label):
		return "", &call.FailedError{Text: "the label " + label + " is Tania's own and is not for tools"}
	}
	return label, nil
}

// NoPriority takes the priority away.
const NoPriority = "none"

func (c *Caller) setPriority(ctx context.Context, arguments map[string]any) (any, error) {
	priority, _ := arguments["priority"].(string)
	if priority == "" {
		return nil, &call.FailedError{Text: "no priority is named"}
	}
	wanted := priority
	if priority == NoPriority {
		wanted = ""
	}
	return map[string]any{"priority": priority}, c.API.SetPriority(ctx, c.Key, wanted)
}

func (c *Caller) assignTeam(ctx context.Context, arguments map[string]any) (any, error) {
	team, ok := arguments["team"].(float64)
	if !ok || team < 1 {
		return nil, &call.FailedError{Text: "no team is named"}
	}
	return map[string]any{"team": team}, c.API.AssignTeam(ctx, c.Key, tania.TeamID(team))
}

func (c *Caller) setAttribute(ctx context.Context, arguments map[string]any) (any, error) {
	name, value, err := attribute(arguments)
	if err != nil {
		return nil, err
	}
	return map[string]any{name: value}, c.API.MergeCustomAttributes(ctx, c.Key, map[string]any{name: value})
}

// setContactAttribute needs a user's token. Chatwoot merges what it is given with what the contact has
// (ContactsController#contact_custom_attributes).
func (c *Caller) setContactAttribute(ctx context.Context, arguments map[string]any) (any, error) {
	name, value, err := attribute(arguments)
	if err != nil {
		return nil, err
	}
	path, err := c.contact("")
	if err != nil {
		return nil, err
	}
	body := map[string]any{"custom_attributes": map[string]any{name: value}}
	return map[string]any{name: value}, c.API.Do(ctx, "write contact", http.MethodPut, path, body, nil)
}

func attribute(arguments map[string]any) (name string, value any, err error) {
	name, _ = arguments["attribute"].(string)
	value = arguments["value"]
	switch value.(type) {
	case string, float64, bool:
	default:
		return "", nil, &call.FailedError{Text: "the value is no text, number, true or false"}
	}
	if name == "" {
		return "", nil, &call.FailedError{Text: "no attribute is named"}
	}
	return name, value, nil
}

// contactNote writes a note about the contact, unless the same stands there: an earlier attempt may have written it. It needs a user's
// token.
func (c *Caller) contactNote(ctx context.Context, arguments map[string]any) (any, error) {
	text, _ := arguments["text"].(string)
	if text = strings.TrimSpace(text); text == "" {
		return nil, &call.FailedError{Text: "the note is empty"}
	}
	path, err := c.contact("/notes")
	if err != nil {
		return nil, err
	}
	var notes []struct {
		Content string `json:"content"`
	}
	if err := c.API.Do(ctx, "read notes", http.MethodGet, path, nil, &notes); err != nil {
		return nil, err
	}
	for _, n := range notes {
		if strings.TrimSpace(n.Content) == text {
			return map[string]any{"noted": true}, nil
		}
	}
	return map[string]any{"noted": true}, c.API.Do(ctx, "write note", http.MethodPost, path, map[string]any{"content": text}, nil)
}

func (c *Caller) conversation(rest string) string {
	return fmt.Sprintf("/api/v1/accounts/%d/conversations/%d%s", c.Key.Account, c.Key.Conversation, rest)
}

func (c *Caller) contact(rest string) (string, error) {
	if c.Contact == 0 {
		return "", &call.FailedError{Text: "it is not known who the contact is"}
	}
	return fmt.Sprintf("/api/v1/accounts/%d/contacts/%d%s", c.Key.Account, c.Contact, rest), nil
}
