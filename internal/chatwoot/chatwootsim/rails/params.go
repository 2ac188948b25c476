package rails

import (
	"encoding/json"
	"maps"
	"strconv"
)

// Text reads a parameter as Rails does, where numbers and strings are much the same.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// Truthy reads a flag: true, "true" or 1.
func Truthy(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	case float64:
		return v != 0
	}
	return false
}

// Number reads an id: a number or a string of digits; 0 for anything else.
func Number(v any) int64 {
	n, _ := strconv.ParseInt(Text(v), 10, 64)
	return n
}

// Structure reads a parameter that is an object, or one as a text of JSON, which forms send.
func Structure(v any) Object {
	o, ok := v.(Object)
	if text, isText := v.(string); isText && !ok {
		_ = json.Unmarshal([]byte(text), &o) // anything else is no object
	}
	return o
}

// Texts reads a parameter that is a list, one as a text of JSON, or one value alone.
func Texts(v any) []string {
	list, ok := v.([]any)
	if s := Text(v); !ok && s != "" {
		if json.Unmarshal([]byte(s), &list) != nil {
			list = []any{s}
		}
	}
	all := []string{}
	for _, one := range list {
		all = append(all, Text(one))
	}
	return all
}

// Merged is an object with the keys of another over its own.
func Merged(have Object, fresh any) Object {
	all := maps.Clone(have)
	if all == nil {
		all = Object{}
	}
	maps.Copy(all, Structure(fresh))
	return all
}
