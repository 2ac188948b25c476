package bullmq

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// object is one in a job's data, with the name it stands under and the one it stands in.
type object struct {
	fields map[string]any
	name   string
	outer  *object
	// webhook is set on a message's webhook when it was found to be one.
	webhook bool
}

// inWebhook reports whether the object is a part of a webhook.
func (o *object) inWebhook() bool {
	return o.outer != nil && (o.outer.webhook || o.outer.inWebhook())
}

// maxDepth bounds how deep a webhook may be packed.
const maxDepth = 12

// objects lists a job's data and the objects in it, the outermost first: those under names, alone in a list, written as a text of JSON,
// or in one of Node's buffers. Longer lists are histories and the like, and no place to find the message in.
func objects(root map[string]any) []*object {
	list := []*object{{fields: root}}
	depths := []int{0}
	for n := 0; n < len(list); n++ {
		if depths[n] == maxDepth {
			break
		}
		for _, name := range sortedKeys(list[n].fields) {
			if inner, ok := unpack(list[n].fields[name]); ok {
				list = append(list, &object{fields: inner, name: fold(name), outer: list[n]})
				depths = append(depths, depths[n]+1)
			}
		}
	}
	return list
}

func sortedKeys(o map[string]any) []string {
	keys := make([]string, 0, len(o))
	for name := range o {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return keys
}

// unpack gives the object that a value is or stands for.
func unpack(value any) (map[string]any, bool) {
	switch v := value.(type) {
	case map[string]any:
		if data, ok := buffer(v); ok {
			return parse(data)
		}
		return v, true
	case []any:
		if len(v) == 1 {
			return unpack(v[0])
		}
	case string:
		text := strings.TrimSpace(v)
		if strings.HasPrefix(text, "{") {
			return parse([]byte(text))
		}
		var quoted string
		if strings.HasPrefix(text, `"`) && json.Unmarshal([]byte(text), &quoted) == nil {
			return unpack(quoted)
		}
	}
	return nil, false
}

// buffer reads what JSON.stringify makes of a Buffer, as a raw body is: {"type":"Buffer","data":[123,…]}.
func buffer(o map[string]any) ([]byte, bool) {
	numbers, ok := o["data"].([]any)
	if !ok || o["type"] != "Buffer" {
		return nil, false
	}
	data := make([]byte, 0, len(numbers))
	for _, n := range numbers {
		digits, _ := n.(json.Number)
		b, err := strconv.ParseUint(digits.String(), 10, 8)
		if err != nil {
			return nil, false
		}
		data = append(data, byte(b))
	}
	return data, true
}

// fold makes messageId, message_id and MessageID one name.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
