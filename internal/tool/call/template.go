package call

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"tania/internal/tool"
)

// inAddress puts arguments into the path and the query of an address, each as one segment or value: what is written in it ends nothing.
func inAddress(template string, arguments map[string]any, used map[string]bool) string {
	path, query, asked := strings.Cut(template, "?")
	fill := func(part string, escape func(string) string) string {
		return tool.WithParameters(part, func(name string) string {
			used[name] = true
			return escape(text(arguments[name]))
		})
	}
	filled := fill(path, segment)
	if asked {
		filled += "?" + fill(query, url.QueryEscape)
	}
	return filled
}

// segment is a text as one segment of a path. "." and ".." would be none.
func segment(s string) string {
	escaped := url.PathEscape(s)
	if strings.Trim(escaped, ".") == "" {
		return strings.ReplaceAll(escaped, ".", "%2E")
	}
	return escaped
}

// withRest adds to a query the arguments that the address does not have, for a tool whose address has no query of its own.
func withRest(query, template string, arguments map[string]any, used map[string]bool) string {
	if strings.Contains(template, "?") {
		return query
	}
	values := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if !used[name] && arguments[name] != nil {
			values.Set(name, text(arguments[name]))
		}
	}
	return values.Encode()
}

// bodyOf is what is sent: the template with arguments in it, or all arguments that the address does not have.
func bodyOf(template json.RawMessage, arguments map[string]any, used map[string]bool) (map[string]any, error) {
	body := map[string]any{}
	if len(template) == 0 {
		for name, v := range arguments {
			if !used[name] {
				body[name] = v
			}
		}
		return body, nil
	}
	if err := json.Unmarshal(template, &body); err != nil {
		return nil, err
	}
	for name, v := range body {
		body[name] = filled(v, arguments)
	}
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	return body, nil
}

// filled puts arguments into a value. A text that is a parameter alone becomes that argument, of whatever type.
func filled(v any, arguments map[string]any) any {
	switch v := v.(type) {
	case string:
		if names := tool.Parameters(v); len(names) == 1 && v == "{"+names[0]+"}" {
			return arguments[names[0]]
		}
		return tool.WithParameters(v, func(name string) string { return text(arguments[name]) })
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = filled(v[i], arguments)
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, inner := range v {
			object[name] = filled(inner, arguments)
		}
		return object
	}
	return v
}

// text is an argument as a text: a list is separated by commas.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = text(v[i])
		}
		return strings.Join(parts, ",")
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
