package tool

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// chatwootParameters are what the tools of Chatwoot take. Those that are to be listed say in bot.yaml what the model may choose from.
var chatwootParameters = map[string]struct {
	properties string
	listed     string
}{
	"set_label":    {`{"label": {"type": "string"}}`, "label"},
	"remove_label": {`{"label": {"type": "string"}}`, "label"},
	"set_priority": {`{"priority": {"type": "string", "enum": ["urgent", "high", "medium", "low", "none"]}}`, ""},
	"assign_team":  {`{"team": {"type": "integer"}}`, "team"},
	"set_attribute": {
		`{"attribute": {"type": "string"}, "value": {"type": ["string", "number", "boolean"]}}`, "attribute",
	},
	"set_contact_attribute": {
		`{"attribute": {"type": "string"}, "value": {"type": ["string", "number", "boolean"]}}`, "attribute",
	},
	"contact_note": {`{"text": {"type": "string", "minLength": 1, "maxLength": 2000}}`, ""},
	"snooze":       {`{"hours": {"type": "number", "exclusiveMinimum": 0, "maximum": 2160}}`, ""},
	"resolve":      {`{}`, ""},
}

// chatwoot checks a tool of Chatwoot: it takes what its kind takes, and is never read.
func (r *reader) chatwoot(t *Tool) {
	kind, known := chatwootParameters[r.Chatwoot]
	if !known {
		r.bad(".chatwoot", fmt.Sprintf("is %q", r.Chatwoot), "write one of "+strings.Join(ChatwootKinds, ", "))
		return
	}
	if !t.Risk.Writes() {
		r.bad(".risk", "is read, and the tool changes the conversation", "write write, or leave it out")
	}
	var usual map[string]any
	if err := json.Unmarshal([]byte(kind.properties), &usual); err != nil {
		panic("tool: " + err.Error()) // a fault of the table above
	}
	properties, _ := r.Parameters["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if _, takes := usual[name]; !takes {
			r.bad(".parameters.properties."+name, "is nothing that "+r.Chatwoot+" takes",
				"write "+strings.Join(slices.Sorted(maps.Keys(usual)), " and "))
		}
	}
	if _, set := r.FromContact[kind.listed]; kind.listed != "" && !set && !listed(properties[kind.listed]) {
		r.bad(".parameters", "does not say which "+kind.listed+" the model may choose",
			fmt.Sprintf("list them: {properties: {%s: {enum: […]}}}", kind.listed))
	}
	all := maps.Clone(usual)
	maps.Copy(all, properties)
	for name, p := range all {
		all[name] = completed(p, usual[name])
	}
	schema := map[string]any{"type": "object", "properties": all, "required": slices.Sorted(maps.Keys(all))}
	t.Parameters, _ = json.Marshal(schema)
}

// listed reports whether a parameter is one of some values.
func listed(parameter any) bool {
	p, _ := parameter.(map[string]any)
	values, _ := p["enum"].([]any)
	_, constant := p["const"]
	return len(values) > 0 || constant
}

// completed is a parameter with what is not said of it.
func completed(parameter, usual any) any {
	said, ok := parameter.(map[string]any)
	if !ok {
		return parameter
	}
	all := map[string]any{}
	if u, ok := usual.(map[string]any); ok {
		maps.Copy(all, u)
	}
	maps.Copy(all, said)
	return all
}
