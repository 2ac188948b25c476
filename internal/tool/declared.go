package tool

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Declared is a tool as bot.yaml writes it.
type Declared struct {
	Description string         `yaml:"description"`
	Parameters  map[string]any `yaml:"parameters"`
	Risk        string         `yaml:"risk"`
	HTTP        *declaredHTTP  `yaml:"http"`
	MCP         *declaredMCP   `yaml:"mcp"`
	Chatwoot    string         `yaml:"chatwoot"`
	Once        *declaredOnce  `yaml:"once"`
	Check       string         `yaml:"check"`

	After           []string          `yaml:"after"`
	Facts           map[string]string `yaml:"facts"`
	Require         []Condition       `yaml:"require"`
	Ensure          []Condition       `yaml:"ensure"`
	Max             []Max             `yaml:"max"`
	PerConversation int               `yaml:"per_conversation"`
	PerDay          int               `yaml:"per_day"`
	FromContact     map[string]string `yaml:"from_contact"`
	Identity        string            `yaml:"identity"`
	Confirm         bool              `yaml:"confirm"`
}

type declaredHTTP struct {
	Method    string            `yaml:"method"`
	URL       string            `yaml:"url"`
	Headers   map[string]string `yaml:"headers"`
	Body      map[string]any    `yaml:"body"`
	Hosts     []string          `yaml:"hosts"`
	Private   []string          `yaml:"private"`
	Timeout   string            `yaml:"timeout"`
	Retries   *int              `yaml:"retries"`
	Result    string            `yaml:"result"`
	MostBytes int               `yaml:"most_bytes"`
}

type declaredOnce struct {
	Header string `yaml:"header"`
	Field  string `yaml:"field"`
}

// Problem is something that is wrong in what was declared, at a place below the tools: "refund.http.url".
type Problem struct {
	Path, Text, Fix string
}

// Of reports whether the problem is one of a tool.
func (p *Problem) Of(name string) bool {
	rest, ok := strings.CutPrefix(p.Path, name)
	return ok && (rest == "" || rest[0] == '.')
}

// Limits of what is declared.
const (
	MostTools      = 64
	longestTimeout = 60 * time.Second
	usualTimeout   = 10 * time.Second
	usualRetries   = 2
	mostRetries    = 5
	usualBytes     = 4 << 10
	mostBytes      = 64 << 10
	mostWords      = 1024
)

var (
	toolName   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	secretName = regexp.MustCompile(`\$\{secret:([^}]*)\}`)
	plainName  = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`)
	parameter  = regexp.MustCompile(`\{([A-Za-z0-9_.-]+)\}`)
	inHeader   = regexp.MustCompile(secretName.String() + `|` + parameter.String())
	headerName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
)

// Check checks the tools of a bot and gives them in the order of their names.
func Check(declared map[string]Declared) ([]Tool, []Problem) { return CheckWith(declared, nil) }

// CheckWith is Check where tools may be those of MCP servers.
func CheckWith(declared map[string]Declared, servers map[string]*Server) ([]Tool, []Problem) {
	if len(declared) > MostTools {
		return nil, []Problem{{Text: fmt.Sprintf("are more than %d", MostTools), Fix: "a model chooses well among a few: leave out what is rare"}}
	}
	var tools []Tool
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		r := reader{Declared: declared[name], at: name, all: declared, servers: servers}
		tools = append(tools, r.read(name))
		problems = append(problems, r.problems...)
	}
	return tools, problems
}

type reader struct {
	Declared
	at       string
	all      map[string]Declared
	servers  map[string]*Server
	problems []Problem
}

func (r *reader) bad(path, text, fix string) {
	r.problems = append(r.problems, Problem{Path: r.at + path, Text: text, Fix: fix})
}

func (r *reader) read(name string) Tool {
	t := Tool{
		Name: name, Description: strings.TrimSpace(r.Description), Risk: Risk(cmp.Or(r.Risk, string(Write))), Chatwoot: r.Chatwoot,
		Limits: Limits{
			After: r.After, Facts: r.Facts, Require: r.Require, Ensure: r.Ensure, Max: r.Max, PerConversation: r.PerConversation,
			PerDay: r.PerDay, FromContact: r.FromContact, Identity: r.Identity, Confirm: r.Confirm,
		},
	}
	if !toolName.MatchString(name) || name == "handoff" {
		r.bad("", fmt.Sprintf("%q cannot be a tool's name", name), "write small letters, digits and _, beginning with a letter; handoff is taken")
	}
	if t.Description == "" && r.MCP == nil {
		r.bad(".description", "is missing", "say what the tool does and when it is to be called: the model knows it by nothing else")
	} else if len(t.Description) > mostWords {
		r.bad(".description", fmt.Sprintf("is longer than %d bytes", mostWords), "shorten it")
	}
	if !slices.Contains([]Risk{Read, Write, Approve}, t.Risk) {
		r.bad(".risk", fmt.Sprintf("is %q", r.Risk), "write read for what changes nothing, write, or approve for what a human has to allow first")
	}
	if r.MCP == nil || r.Parameters != nil {
		t.Parameters = r.parameters()
	}
	r.place(&t)
	r.once(&t)
	return t
}

// parameters are the schema, with the model's usual short cut of leaving out that it is an object's.
func (r *reader) parameters() json.RawMessage {
	schema := map[string]any{"type": "object", "properties": map[string]any{}}
	maps.Copy(schema, r.Parameters)
	properties, ok := schema["properties"].(map[string]any)
	if schema["type"] != "object" || !ok {
		r.bad(".parameters", "is no schema of an object", "write type: object, and the parameters below properties")
		return nil
	}
	written, err := json.Marshal(schema)
	if err != nil {
		r.bad(".parameters", "cannot be written as JSON", "write texts as keys")
		return nil
	}
	for p := range r.FromContact {
		if _, declared := properties[p]; !declared {
			r.bad(".from_contact", fmt.Sprintf("sets %q, which is no parameter", p), "add it below parameters.properties")
		}
	}
	return written
}

// place is where a call goes.
func (r *reader) place(t *Tool) {
	places := 0
	for _, set := range []bool{r.HTTP != nil, r.MCP != nil, r.Chatwoot != ""} {
		if set {
			places++
		}
	}
	switch {
	case places != 1:
		r.bad("", "does not say what is called", "write one of http:, mcp: and chatwoot: below it")
	case r.HTTP != nil:
		t.HTTP = r.http()
	case r.MCP != nil:
		t.MCP = r.mcp(t.Name)
	default:
		r.chatwoot(t)
	}
}

func (r *reader) http() *HTTP {
	f := r.HTTP
	h := &HTTP{
		Method: strings.ToUpper(cmp.Or(f.Method, http.MethodGet)), URL: strings.TrimSpace(f.URL), Headers: f.Headers,
		Hosts: f.Hosts, Private: f.Private, Timeout: usualTimeout, Retries: usualRetries, Result: strings.TrimSpace(f.Result),
		MostBytes: cmp.Or(f.MostBytes, usualBytes),
	}
	if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, h.Method) {
		r.bad(".http.method", fmt.Sprintf("is %q", f.Method), "write GET, POST, PUT, PATCH or DELETE")
	}
	r.address(h.URL)
	r.selection(".http.result", h.Result)
	for name, value := range h.Headers {
		r.header(".http.headers", name, value)
	}
	if f.Body != nil {
		h.Body, _ = json.Marshal(f.Body)
		if h.Method == http.MethodGet {
			r.bad(".http.body", "stands beside GET", "write the parameters into the URL, or another method")
		}
	}
	h.Timeout = r.timeout(".http.timeout", f.Timeout)
	if f.Retries != nil {
		h.Retries = *f.Retries
	}
	if h.Retries < 0 || h.Retries > mostRetries {
		r.bad(".http.retries", fmt.Sprintf("is %d", h.Retries), fmt.Sprintf("write 0 to %d", mostRetries))
	}
	r.most(".http.most_bytes", h.MostBytes)
	return h
}

func (r *reader) timeout(path, text string) time.Duration {
	if text == "" {
		return usualTimeout
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > longestTimeout {
		r.bad(path, fmt.Sprintf("is %q", text), fmt.Sprintf("write seconds, 5s for example, up to %s", longestTimeout))
	}
	return d
}

func (r *reader) most(path string, n int) {
	if n < 0 || n > mostBytes {
		r.bad(path, fmt.Sprintf("is %d", n), fmt.Sprintf("write up to %d", mostBytes))
	}
}

func (r *reader) selection(path, expression string) {
	if expression == "" {
		return
	}
	if err := checkSelection(expression); err != nil {
		r.bad(path, "is no jq expression: "+err.Error(), "write what of the answer is wanted, .status or {id, total: .amount} for example")
	}
}

// address checks a URL: its host stands there, so that no argument chooses whom we talk to.
func (r *reader) address(address string) {
	const fix = "write https://HOST/PATH, with {parameter} in path and query alone"
	u, err := url.Parse(parameter.ReplaceAllString(address, "x"))
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	switch {
	case address == "":
		r.bad(".http.url", "is missing", fix)
	case err != nil || u.Host == "" || scheme != "http" && scheme != "https":
		r.bad(".http.url", "is no address", fix)
	case strings.ContainsAny(host, "{}$"):
		r.bad(".http.url", "has a parameter in its host", fix)
	case u.User != nil:
		r.bad(".http.url", "has a name or password", "write an Authorization header with ${secret:NAME}")
	case secretName.MatchString(address):
		r.bad(".http.url", "has a secret, which logs of servers show", "write it into a header")
	}
	properties, _ := r.Parameters["properties"].(map[string]any)
	for _, m := range parameter.FindAllStringSubmatch(address, -1) {
		if _, declared := properties[m[1]]; !declared {
			r.bad(".http.url", fmt.Sprintf("names {%s}, which is no parameter", m[1]), "add it below parameters.properties")
		}
	}
}

func (r *reader) header(below, name, value string) {
	path := below + "." + name
	if !headerName.MatchString(name) {
		r.bad(below, fmt.Sprintf("has %q, which is no header", name), "write letters, digits, - and _")
	}
	r.secret(path, value)
	if strings.ContainsAny(value, "\r\n") {
		r.bad(path, "has more than one line", "write one")
	}
}

// secret checks the names of secrets in a value.
func (r *reader) secret(path, value string) {
	for _, m := range secretName.FindAllStringSubmatch(value, -1) {
		if !plainName.MatchString(m[1]) {
			r.bad(path, fmt.Sprintf("names the secret %q", m[1]), "write capital letters, digits and _: ${secret:SHOP_KEY} is the variable TOOL_SECRET_SHOP_KEY")
		}
	}
}

// once is how a write is kept from happening twice.
func (r *reader) once(t *Tool) {
	t.Once.Check = r.Check
	if r.Once != nil {
		t.Once.Header, t.Once.Field = r.Once.Header, r.Once.Field
	}
	if !t.Risk.Writes() && t.Once != (Once{}) {
		r.bad("", "reads, and needs no once and no check", "remove them, or write risk: write")
	}
	if t.HTTP == nil && t.Once.Keyed() {
		r.bad(".once", "stands beside a call that has no request of ours", "remove it; check: works with every kind of tool")
	}
	if t.Once.Header != "" && !headerName.MatchString(t.Once.Header) {
		r.bad(".once.header", fmt.Sprintf("is %q", t.Once.Header), "write the header that the server expects, Idempotency-Key for example")
	}
	if c := t.Once.Check; c != "" {
		if look, known := r.all[c]; !known || Risk(look.Risk) != Read {
			r.bad(".check", fmt.Sprintf("names %q, which is no tool with risk: read", c), "declare one that looks up whether the call was made")
		}
	}
}

// Secrets are the names of the secrets that a tool's headers have, or its server is given.
func (t *Tool) Secrets() (names []string) {
	var values []string
	if t.HTTP != nil {
		values = slices.Collect(maps.Values(t.HTTP.Headers))
	}
	if t.MCP != nil && t.MCP.At != nil {
		values = append(slices.Collect(maps.Values(t.MCP.At.Headers)), slices.Collect(maps.Values(t.MCP.At.Env))...)
	}
	for _, value := range values {
		for _, m := range secretName.FindAllStringSubmatch(value, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// WithSecrets puts secrets and values into a text that names them, each where its name stands: what a value has of names stays as it is. It
// gives the name of a secret that there is not, "" for none.
func WithSecrets(template string, secrets map[string]string, value func(name string) string) (filled, missing string) {
	filled = inHeader.ReplaceAllStringFunc(template, func(m string) string {
		found := inHeader.FindStringSubmatch(m)
		if found[2] != "" {
			return value(found[2])
		}
		secret, ok := secrets[found[1]]
		if !ok {
			missing = found[1]
		}
		return secret
	})
	return filled, missing
}

// WithParameters puts values in the place of the names in braces of a template. What a value has of braces stays as it is.
func WithParameters(template string, value func(name string) string) string {
	return parameter.ReplaceAllStringFunc(template, func(m string) string { return value(m[1 : len(m)-1]) })
}

// Parameters finds the names in braces of a template.
func Parameters(template string) (names []string) {
	for _, m := range parameter.FindAllStringSubmatch(template, -1) {
		names = append(names, m[1])
	}
	return names
}
