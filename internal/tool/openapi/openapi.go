// Package openapi makes declarations of tools, as bot.yaml has them, of an API's OpenAPI description. It reads what it is given and nothing
// else: a description that refers to other files is refused.
package openapi

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"

	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// Options say what is wanted.
type Options struct {
	// Operations are those that are wanted, by operationId or by the name of the tool; none: all.
	Operations []string
	// Reads leaves out what changes something.
	Reads bool
	// Server is the address that paths follow, where the description names none or another is meant.
	Server string
}

// Made are the tools that were made.
type Made struct {
	// YAML is what is put into bot.yaml.
	YAML []byte
	// Names are those of the tools, in the order of YAML.
	Names []string
	// Notes say what was left out or is to be looked at, one a line.
	Notes []string
	// Secrets are the variables that are to be set.
	Secrets []string
}

// declared is a tool as it is written. The fields are in the order in which people read them.
type declared struct {
	Description string         `yaml:"description"`
	Risk        tool.Risk      `yaml:"risk"`
	Parameters  map[string]any `yaml:"parameters,omitempty"`
	HTTP        request        `yaml:"http"`
}

type request struct {
	Method  string            `yaml:"method,omitempty"`
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers,omitempty"`
	Body    map[string]any    `yaml:"body,omitempty"`
}

// Import makes tools of a description in YAML or JSON.
func Import(data []byte, o Options) (Made, error) {
	doc, err := read(data)
	if err != nil {
		return Made{}, err
	}
	i := &importer{doc: doc, Options: o, taken: map[string]bool{"handoff": true}, wanted: map[string]bool{}}
	for _, name := range o.Operations {
		i.wanted[strings.TrimSpace(name)] = false
	}
	var list yaml.MapSlice
	for _, path := range paths(doc) {
		item := doc.Paths.Value(path)
		for _, method := range methods {
			if op := item.Operations()[method]; op != nil {
				if name, d := i.one(path, method, item, op); d != nil {
					list = append(list, yaml.MapItem{Key: name, Value: d})
				}
			}
		}
	}
	for _, name := range o.Operations {
		if !i.wanted[strings.TrimSpace(name)] {
			i.note("%s is no operation that could be imported", name)
		}
	}
	switch {
	case len(list) == 0:
		return Made{Notes: i.notes}, errors.New("openapi: no operation is left to import")
	case len(list) > tool.MostTools:
		return Made{Notes: i.notes}, fmt.Errorf("openapi: that makes %d tools, and a bot has %d at most: choose some by --operations or --only read",
			len(list), tool.MostTools)
	}
	return i.written(list)
}

// methods are those of operations, in the order in which they are written.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	http.MethodTrace,
}

func read(data []byte) (*openapi3.T, error) {
	var head struct {
		OpenAPI string `yaml:"openapi"`
		Swagger any    `yaml:"swagger"`
	}
	if err := yaml.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("openapi: neither YAML nor JSON: %w", err)
	}
	switch {
	case head.Swagger != nil:
		return nil, errors.New("openapi: this is Swagger 2: convert it first, with npx swagger2openapi or https://converter.swagger.io for example")
	case !strings.HasPrefix(head.OpenAPI, "3."):
		return nil, errors.New("openapi: this is no description of OpenAPI 3: openapi: 3.0.x or 3.1.x is missing")
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return doc, nil
}

func paths(doc *openapi3.T) (list []string) {
	if doc.Paths == nil {
		return nil
	}
	for path, item := range doc.Paths.Map() {
		if item != nil {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

type importer struct {
	Options
	doc     *openapi3.T
	taken   map[string]bool
	wanted  map[string]bool
	notes   []string
	secrets []string
}

func (i *importer) note(format string, a ...any) {
	if n := fmt.Sprintf(format, a...); !slices.Contains(i.notes, n) {
		i.notes = append(i.notes, n)
	}
}

// one makes a tool of an operation; nil where it cannot, or is not wanted.
func (i *importer) one(path, method string, item *openapi3.PathItem, op *openapi3.Operation) (string, *declared) {
	name := toolName(op.OperationID, method, path)
	_, byID := i.wanted[op.OperationID]
	_, byName := i.wanted[name]
	switch {
	case len(i.Operations) > 0 && !byID && !byName:
		return "", nil
	case i.Reads && method != http.MethodGet:
		return "", nil
	case !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, method):
		i.note("%s %s is left out: tools make no %s", method, path, method)
		return "", nil
	case op.Deprecated && !byID && !byName:
		i.note("%s is left out: it is deprecated; name it in --operations if it is wanted", name)
		return "", nil
	}
	i.wanted[op.OperationID], i.wanted[name] = true, true
	name = i.free(name)
	b := &builder{importer: i, name: name, method: method, properties: map[string]any{}, headers: map[string]string{}}
	d, err := b.build(path, item, op)
	if err == nil {
		err = loads(name, d)
	}
	if err != nil {
		i.note("%s is left out: %v", name, err)
		return "", nil
	}
	i.taken[name] = true
	i.notes = append(i.notes, b.told...)
	for _, s := range b.secrets {
		if s = "TOOL_SECRET_" + s; !slices.Contains(i.secrets, s) {
			i.secrets = append(i.secrets, s)
		}
	}
	return name, d
}

// free is a name that no other tool has.
func (i *importer) free(name string) string {
	for n := 2; i.taken[name]; n++ {
		base := strings.TrimRight(name, "0123456789")
		name = fmt.Sprintf("%s_%d", strings.TrimSuffix(base[:min(len(base), 60)], "_"), n)
	}
	return name
}

// loads reports what bot.yaml's reader would say of a tool.
func loads(name string, d *declared) error {
	data, err := yaml.Marshal(map[string]*declared{name: d})
	if err != nil {
		return err
	}
	var read map[string]tool.Declared
	if err := yaml.UnmarshalWithOptions(data, &read, yaml.Strict()); err != nil {
		return err
	}
	tools, problems := tool.Check(read)
	if len(problems) == 0 {
		_, problems = policy.New(tools, nil)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s %s", problems[0].Path, problems[0].Text)
	}
	return nil
}

func (i *importer) written(list yaml.MapSlice) (Made, error) {
	made := Made{Notes: i.notes, Secrets: i.secrets}
	for _, item := range list {
		made.Names = append(made.Names, item.Key.(string)) //nolint:forcetypeassert // names are texts
	}
	var err error
	made.YAML, err = yaml.MarshalWithOptions(yaml.MapSlice{{Key: "tools", Value: list}}, yaml.UseLiteralStyleIfMultiline(true))
	return made, err
}

var (
	between  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	notNamed = regexp.MustCompile(`[^a-z0-9]+`)
)

// snake is a text as a name: small letters, digits and _.
func snake(s string) string {
	return strings.Trim(notNamed.ReplaceAllString(strings.ToLower(between.ReplaceAllString(s, "${1}_${2}")), "_"), "_")
}

// toolName is the name of an operation's tool.
func toolName(id, method, path string) string {
	name := snake(id)
	if name == "" {
		name = snake(strings.ToLower(method) + "_" + path)
	}
	if name[0] < 'a' {
		name = "call_" + name
	}
	return strings.TrimRight(name[:min(len(name), 64)], "_")
}
