package openapi

import (
	"maps"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Bounds of the schema of an operation: how deep it is, and how many schemas are in it. What is beyond them is anything of its type.
const (
	mostDeep    = 8
	mostSchemas = 300
)

// schema is a schema with all that it refers to within it.
func (b *builder) schema(ref *openapi3.SchemaRef) map[string]any {
	c := &converter{builder: b}
	return c.convert(ref, nil)
}

type converter struct {
	*builder
	count int
}

// convert writes a schema out. One that is within itself is cut there.
func (c *converter) convert(ref *openapi3.SchemaRef, above []*openapi3.Schema) map[string]any {
	if ref == nil || ref.Value == nil {
		return map[string]any{}
	}
	s := ref.Value
	if c.count++; slices.Contains(above, s) || len(above) >= mostDeep || c.count > mostSchemas {
		cut := map[string]any{}
		set(cut, "type", types(s))
		set(cut, "description", short(s.Description, mostDescription))
		return cut
	}
	above = append(slices.Clone(above), s)
	all := map[string]any{}
	for _, part := range s.AllOf {
		merge(all, c.convert(part, above))
	}
	merge(all, c.own(s, above))
	return all
}

// own is what a schema says itself, beside what it is made of.
func (c *converter) own(s *openapi3.Schema, above []*openapi3.Schema) map[string]any {
	all := map[string]any{}
	set(all, "type", types(s))
	set(all, "description", short(s.Description, mostDescription))
	set(all, "format", s.Format)
	if len(s.Enum) > 0 {
		all["enum"] = s.Enum
	}
	if s.Const != nil {
		all["const"] = s.Const
	}
	if s.Default != nil {
		all["default"] = s.Default
	}
	if s.Example != nil {
		all["examples"] = []any{s.Example}
	} else if len(s.Examples) > 0 {
		all["examples"] = s.Examples[:1]
	}
	c.bounds(s, all)
	if s.Items != nil {
		all["items"] = c.convert(s.Items, above)
	}
	properties := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if p := s.Properties[name]; p != nil && p.Value != nil && !p.Value.ReadOnly {
			properties[name] = c.convert(p, above)
		}
	}
	if len(properties) > 0 {
		all["properties"] = properties
	}
	var required []string
	for _, name := range s.Required {
		if p := s.Properties[name]; p == nil || p.Value == nil || !p.Value.ReadOnly {
			required = append(required, name)
		}
	}
	if len(required) > 0 {
		all["required"] = required
	}
	for key, of := range map[string]openapi3.SchemaRefs{"oneOf": s.OneOf, "anyOf": s.AnyOf} {
		var list []any
		for _, one := range of {
			list = append(list, c.convert(one, above))
		}
		if len(list) > 0 {
			all[key] = list
		}
	}
	return all
}

func (c *converter) bounds(s *openapi3.Schema, all map[string]any) {
	number := func(key string, v *float64) {
		if v != nil {
			all[key] = *v
		}
	}
	number("multipleOf", s.MultipleOf)
	number("minimum", s.Min)
	number("maximum", s.Max)
	exclusive := func(key, plain string, e openapi3.ExclusiveBound) {
		switch v, bounded := all[plain]; {
		case e.Value != nil:
			all[key] = *e.Value
		case e.Bool != nil && *e.Bool && bounded:
			all[key] = v
			delete(all, plain)
		}
	}
	exclusive("exclusiveMinimum", "minimum", s.ExclusiveMin)
	exclusive("exclusiveMaximum", "maximum", s.ExclusiveMax)
	count := func(key string, v uint64, of *uint64) {
		if of != nil {
			v = *of
		}
		if v > 0 {
			all[key] = v
		}
	}
	count("minLength", s.MinLength, nil)
	count("maxLength", 0, s.MaxLength)
	count("minItems", s.MinItems, nil)
	count("maxItems", 0, s.MaxItems)
	if s.Pattern == "" {
		return
	}
	if _, err := regexp.Compile(s.Pattern); err != nil {
		c.tell("a pattern is left out that Go's regular expressions do not know: %s", short(s.Pattern, 80))
		return
	}
	all["pattern"] = s.Pattern
}

// types are a schema's: one, several, none.
func types(s *openapi3.Schema) any {
	list := s.Type.Slice()
	if len(list) == 0 && (len(s.Properties) > 0 || len(s.AllOf) > 0 && s.Nullable) {
		list = []string{"object"}
	}
	if s.Nullable && len(list) > 0 && !slices.Contains(list, "null") {
		list = append(slices.Clone(list), "null")
	}
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return list
}

func set(all map[string]any, key string, v any) {
	if v != "" {
		all[key] = v
	}
}

// merge puts what a schema says over what it is made of: properties and required ones are joined.
func merge(all, more map[string]any) {
	for key, v := range more {
		switch v := v.(type) {
		case map[string]any:
			if have, ok := all[key].(map[string]any); ok && key == "properties" {
				maps.Copy(have, v)
				continue
			}
			all[key] = v
		case []string:
			if have, ok := all[key].([]string); ok && key == "required" {
				v = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(have), v...))))
			}
			all[key] = v
		default:
			all[key] = v
		}
	}
}
