package complaint

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tania/internal/lazyregexp"
)

// Words are what a server says of a request that it does not take: all that is text in its error, in lower case, with the numbers that are
// fields of their own. What it quotes of the request, or of what the model wrote, is not in it.
type Words string

// quoted are the fields by which servers quote what was sent or generated.
var quoted = []string{
	"failed_generation", "input", "prompt", "messages", "request", "generation", "body", "url", "request_id", "user_id",
	"id", "request_params",
}

// mostWords bounds what is looked at, in bytes.
const mostWords = 8 << 10

// WordsOf reads an error's body. A page in HTML says nothing.
func WordsOf(body []byte, model string) Words {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] == '<' {
		return ""
	}
	var b strings.Builder
	var v any
	if json.Unmarshal(body, &v) == nil {
		collect(&b, "", v, 0)
	} else {
		b.Write(body)
	}
	said := strings.ToLower(b.String())
	if len(said) > mostWords {
		said = said[:mostWords]
	}
	// A model's name may have any word in it.
	if model != "" {
		said = strings.ReplaceAll(said, strings.ToLower(model), "the model")
	}
	return Words(said)
}

// deepestError is how deep errors lie in one another where brokers pass them on.
const deepestError = 8

func collect(b *strings.Builder, field string, v any, depth int) {
	if depth > deepestError || slices.Contains(quoted, field) {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			collect(b, name, v[name], depth+1)
		}
	case []any:
		for _, item := range v {
			collect(b, field, item, depth+1)
		}
	case string:
		collectText(b, field, v, depth)
	case float64:
		if strings.Contains(field, "tok") || strings.Contains(field, "ctx") || strings.Contains(field, "limit") {
			number, _ := json.Marshal(v)
			b.WriteString(field + " " + string(number) + "\n")
		}
	}
}

// collectText adds a text, or the error of another server that is written within it.
func collectText(b *strings.Builder, field, text string, depth int) {
	if at := strings.IndexAny(text, "{["); at >= 0 {
		var inner any
		if json.Unmarshal([]byte(text[at:]), &inner) == nil {
			b.WriteString(text[:at])
			collect(b, field, inner, depth+1)
			return
		}
	}
	switch field {
	case "loc": // the place of a part, of pydantic
		b.WriteString("'" + text + "' ")
	case "param":
		b.WriteString("parameter '" + text + "' ")
	default:
		b.WriteString(text + "\n")
	}
}

// Says reports whether the words match all of some patterns.
func (w Words) Says(all ...*lazyregexp.Regexp) bool {
	for _, p := range all {
		if !p.MatchString(string(w)) {
			return false
		}
	}
	return w != ""
}

// Mentions reports whether the words match a pattern.
func (w Words) Mentions(p *lazyregexp.Regexp) bool { return p.MatchString(string(w)) }

var integer = lazyregexp.New(`\d{1,3}(?:[,_]\d{3})+|\d+`)

// Numbers are the whole numbers that are named, in their order.
func (w Words) Numbers() []int {
	var all []int
	for _, s := range integer.FindAllString(string(w), -1) {
		all = append(all, whole(s))
	}
	return all
}

func whole(s string) int {
	n, err := strconv.Atoi(strings.NewReplacer(",", "", "_", "").Replace(s))
	if err != nil {
		return 0
	}
	return n
}

// tokens of a request that is too long, as servers count them.
var (
	contexts = patterns(
		`>\s*`+num, `n_ctx\D{0,4}`+num, `context\D{0,40}?`+num, num+`\D{0,14}context`,
		`(?:<=|≤|at most|(?:less|fewer) than(?: or equal to)?)\D{0,6}`+num, num+`\D{0,10}max`, `limit\D{0,12}`+num, `maximum\D{0,60}?`+num,
		`exceeds?\D{0,30}?`+num, `max\w*\D{0,30}?`+num,
	)
	prompts = patterns(
		num+`\s*(?:tokens? )?(?:in|from|of|for) (?:the |your )?(?:messages|prompt|input)`, num+` \W?(?:input|prompt)`,
		`n_prompt_tokens\D{0,4}`+num, `given\D{0,6}`+num, `(?:prompt|input|messages)\D{0,60}?`+num,
	)
	totals = patterns(`request(?:ed)?\D{0,30}?` + num)
)

const num = `(\d{1,3}(?:[,_]\d{3})+|\d+)`

func patterns(list ...string) []*lazyregexp.Regexp {
	made := make([]*lazyregexp.Regexp, len(list))
	for i, p := range list {
		made[i] = lazyregexp.New(p)
	}
	return made
}

func (w Words) first(list []*lazyregexp.Regexp, is func(n int) bool) int {
	for _, p := range list {
		for _, m := range p.FindAllStringSubmatch(string(w), -1) {
			if n := whole(m[1]); is(n) {
				return n
			}
		}
	}
	return 0
}

// smallestContext is that of the smallest model there is.
const smallestContext = 128

// Room reads how many tokens the model has room for and how many the prompt has, 0 where the server does not tell. asked is the answer's
// limit.
func (w Words) Room(asked int) (context, prompt int) {
	context = w.first(contexts, func(n int) bool { return n >= smallestContext && n != asked })
	prompt = w.first(prompts, func(n int) bool { return n > 0 && n != context && n != asked })
	if total := w.first(totals, func(n int) bool { return n > context && context > 0 }); prompt == 0 && total > asked {
		prompt = total - asked
	}
	return context, prompt
}
