package modeltext

import (
	"slices"
	"strings"

	"tania/internal/lazyregexp"
)

// written is a call as a model wrote it, of whatever tool.
type written struct {
	name string
	// arguments are an object, or a text.
	arguments any
}

// The names of fields that hold a tool's name, its arguments, and calls within an envelope.
var (
	nameFields     = []string{"name", "tool_name", "tool", "function_name", "function", "recipient_name", "action", "call", "func"}
	argumentFields = []string{
		"arguments", "parameters", "args", "params", "input", "tool_input", "action_input", "kwargs", "tool_args",
		"function_args",
	}
	envelopes = []string{
		"tool_calls", "tool_call", "function_call", "functionCall", "function_calls", "toolCalls", "tool_uses", "calls",
		"function", "tool_use",
	}
	callTypes = []string{"function", "tool_use", "tool_call", "function_call", "tool"}
)

// callsIn finds the calls that a value is or holds.
func callsIn(v any, tools []Tool) []written {
	switch v := v.(type) {
	case []any:
		var all []written
		for _, item := range v {
			all = append(all, callsIn(item, tools)...)
		}
		return all
	case map[string]any:
		for _, field := range envelopes {
			if inner := callsIn(v[field], tools); len(inner) > 0 {
				return inner
			}
		}
		if w, ok := callOf(v, tools); ok {
			return []written{w}
		}
	}
	return nil
}

// callOf reads an object as a call: a name beside arguments, or a known tool's name in front of them.
func callOf(m map[string]any, tools []Tool) (written, bool) {
	if len(m) == 1 {
		for key, v := range m {
			if t, ok := toolNamed(key, tools); ok && wanted(v) {
				if said, isText := v.(string); isText && isIdentifier(said) { // "true"
					v = nil
				}
				return written{t.Name, v}, true
			}
		}
	}
	name := ""
	for _, field := range nameFields {
		if s, ok := m[field].(string); ok && isIdentifier(s) {
			name = s
			break
		}
	}
	_, known := toolNamed(name, tools)
	if class, _ := classOf(name); name == "" || class == final && !known {
		return written{}, false
	}
	for _, field := range argumentFields {
		if a, ok := m[field]; ok {
			return written{name, a}, true
		}
	}
	kind, _ := m["type"].(string)
	return written{name, rest(m)}, known || slices.Contains(callTypes, kind)
}

// rest are an object's fields without those that name the call.
func rest(m map[string]any) map[string]any {
	args := map[string]any{}
	for k, v := range m {
		if !slices.Contains(nameFields, k) && k != "type" && k != "id" {
			args[k] = v
		}
	}
	return args
}

var identifier = lazyregexp.New(`^[\pL_][\pL\pN_.:/\-]{0,80}$`)

func isIdentifier(s string) bool { return identifier.MatchString(s) }

// toolNamed finds a tool by the name that a model gave it, "functions.handoff:0" say.
func toolNamed(name string, tools []Tool) (Tool, bool) {
	name, _, _ = strings.Cut(strings.TrimSpace(name), "<")
	if base, number, ok := strings.Cut(name, ":"); ok && strings.Trim(number, "0123456789") == "" {
		name = base
	}
	if i := strings.LastIndexAny(name, "./:"); i >= 0 {
		name = name[i+1:]
	}
	for _, t := range tools {
		if strings.EqualFold(strings.Trim(name, "`'\"* \n"), t.Name) {
			return t, true
		}
	}
	// handoff_to_human, request_handoff
	words := wordsOf(name)
	for _, t := range tools {
		if !t.Declared && isIdentifier(name) && hasAny(words, []string{strings.ToLower(t.Name)}) &&
			!hasAny(words, []string{"no", "not", "without"}) {
			return t, true
		}
	}
	return Tool{}, false
}

// known makes calls of what was written, without those of unknown tools.
func known(list []written, tools []Tool) []Call {
	var calls []Call
	for _, w := range list {
		if t, ok := toolNamed(w.name, tools); ok {
			call := Call{Tool: t.Name, Arguments: argumentsOf(w.arguments, t)}
			if t.Declared {
				call.Given = objectOf(w.arguments)
			}
			calls = append(calls, call)
		}
	}
	return calls
}

// objectOf reads arguments that are an object, or a text that holds one; none at all are an empty one.
func objectOf(v any) map[string]any {
	if s, ok := v.(string); ok {
		if s = strings.TrimSpace(s); s == "" {
			return map[string]any{}
		}
		v, _, _ = valueAt(s, 0)
	}
	if v == nil {
		return nil
	}
	m, _ := v.(map[string]any)
	return m
}

// ReadObject reads the arguments of a call that came as one, which should be JSON; nil where they cannot be read.
func ReadObject(arguments string) map[string]any { return objectOf(arguments) }

// argumentsOf reads arguments: an object, a text that holds one, or a text that is meant for the first parameter. A single argument of
// another name is meant for it too.
func argumentsOf(v any, t Tool) map[string]string {
	if s, ok := v.(string); ok {
		s = strings.TrimSpace(s)
		if inner, _, ok := valueAt(s, 0); ok && strings.HasPrefix(s, "{") {
			v = inner
		} else if len(t.Parameters) > 0 && s != "" {
			return map[string]string{t.Parameters[0]: s}
		}
	}
	given := map[string]string{}
	m, _ := v.(map[string]any)
	for key, value := range m {
		if s, ok := value.(string); ok {
			given[strings.ToLower(key)] = strings.TrimSpace(s)
		}
	}
	if len(t.Parameters) == 0 {
		return given
	}
	if _, ok := given[t.Parameters[0]]; !ok && len(given) == 1 {
		for key, value := range given {
			delete(given, key)
			given[t.Parameters[0]] = value
		}
	}
	return given
}

// ReadArguments reads the arguments of a call that came as one, which should be JSON.
func ReadArguments(arguments string, t Tool) map[string]string { return argumentsOf(arguments, t) }

// Named finds the tool that a call names, whatever the server left around the name.
func Named(name string, tools ...Tool) (Tool, bool) { return toolNamed(name, tools) }

var (
	// The ways to write a parameter: <parameter=K>V</parameter>, <parameter name="K">V, <arg_key>K</arg_key><arg_value>V, <K>V</K>, K="V".
	parameterTags = lazyregexp.New(`(?is)<(?:[\w.\-]+:|｜DSML｜)?(?:param(?:eter)?|arg(?:ument)?)(?:=|\s+name\s*=\s*)["']?([\w\-]+)["']?[^>\n]*>\s*(.*?)\s*(?:</|$|<(?:[\w.\-]+:|｜DSML｜)?(?:param|arg))`)
	argumentPairs = lazyregexp.New(`(?is)<arg_key>\s*([\w\-]+)\s*</arg_key>\s*<arg_value>\s*(.*?)\s*(?:</arg_value>|$)`)
	childTags     = lazyregexp.New(`(?is)<([a-z][\w\-]*)>\s*([^<>]*?)\s*</`)
	equalities    = lazyregexp.New(`(?is)\b([a-z][\w\-]*)\s*[=:]\s*(?:"((?:[^"\\]|\\.)*)"?|'((?:[^'\\]|\\.)*)'?)`)
	namesInMarks  = lazyregexp.New(`(?is)<(?:[\w.\-]+:|｜DSML｜)?(?:function|invoke|tool|tool_call|function_call|call)(?:=|\(|\s+name\s*=\s*)["']?([\w.\-]+)|<(?:tool_?name|name|function_?name)>\s*([\w.\-]+)`)
	// listedPairs are arguments as YAML has them, one a line.
	listedPairs    = lazyregexp.New(`(?m)^[ \t-]*([a-z]\w*)[ \t]*:[ \t]*(\S.*?)[ \t]*$`)
	innerMarks     = lazyregexp.New(`<[|｜][^<>\n]{0,60}>|<[\w▁]{1,30}[|｜]>|\[/?[A-Z_]{2,30}\]`)
	firstName      = lazyregexp.New(`^[\s\x60*(\[]*((?:[\pL_][\pL\pN_\-]*[./:])*[\pL_][\pL\pN_\-]*)(?::\d+)?`)
	structureNames = []string{
		"function", "functions", "tool", "tools", "call", "json", "name", "type", "print", "python", "code", "tool_call",
		"tool_code", "multi_tool_use", "api",
	}
)

// callsInRegion reads what stands between the marks of a call; named is the tool that the mark itself names, if it does.
func callsInRegion(region, named string, tools []Tool) []written {
	var values []any
	plain := innerMarks.ReplaceAllString(region, "\n")
	for i := 0; i < len(plain); i++ {
		if plain[i] != '{' && plain[i] != '[' {
			continue
		}
		if v, end, ok := valueAt(plain, i); ok {
			if calls := callsIn(v, tools); len(calls) > 0 && named == "" {
				return calls
			}
			values = append(values, v)
			i = end - 1
		}
	}
	byMark := named != ""
	if !byMark {
		named = nameIn(region, plain)
	}
	for _, v := range values {
		if m, ok := v.(map[string]any); ok {
			return []written{{named, m}}
		}
	}
	return []written{{named, parametersIn(region, plain, byMark)}}
}

// nameIn finds the tool's name in a region that is no object.
func nameIn(region, plain string) string {
	if m := namesInMarks.FindStringSubmatch(region); m != nil {
		return m[1] + m[2]
	}
	for text := plain; ; {
		m := firstName.FindStringSubmatchIndex(text)
		if m == nil {
			return ""
		}
		if name := strings.TrimSuffix(text[m[2]:m[3]], ".call"); !slices.Contains(structureNames, strings.ToLower(name)) {
			return name
		}
		text = strings.TrimLeft(text[m[1]:], ":")
	}
}

// parametersIn finds the arguments in a region that has no object. What has no form is the text behind the name, or all of it where the
// mark has the name.
func parametersIn(region, plain string, byMark bool) any {
	args := map[string]any{}
	for _, form := range []*lazyregexp.Regexp{parameterTags, argumentPairs, childTags} {
		for _, m := range form.FindAllStringSubmatch(region, -1) {
			if len(args) == 0 || !slices.Contains([]string{"name", "tool_name"}, strings.ToLower(m[1])) {
				args[m[1]] = m[2]
			}
		}
		delete(args, "name")
		if len(args) > 0 {
			return args
		}
	}
	for _, m := range equalities.FindAllStringSubmatch(plain, -1) {
		if key := strings.ToLower(m[1]); key != "name" && key != "function" {
			args[m[1]] = strings.ReplaceAll(m[2]+m[3], `\`, "")
		}
	}
	for _, m := range listedPairs.FindAllStringSubmatch(plain, -1) {
		if _, known := args[m[1]]; !known && !slices.Contains(nameFields, m[1]) {
			args[m[1]] = m[2]
		}
	}
	if len(args) > 0 {
		return args
	}
	if m := firstName.FindStringIndex(plain); m != nil && !byMark {
		plain = plain[m[1]:]
	}
	return strings.Trim(plain, "()[]\"'`:;, \n")
}
