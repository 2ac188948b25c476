package openapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"tania/internal/tool"
)

// builder makes the tool of one operation.
type builder struct {
	*importer
	name, method string
	properties   map[string]any
	required     []string
	headers      map[string]string
	query        []string
	// automatic are the query parameters of a read that follow by themselves, where the address has no query of its own.
	automatic bool
	body      map[string]any
	secrets   []string
	told      []string
}

func (b *builder) tell(format string, a ...any) {
	b.told = append(b.told, b.name+": "+fmt.Sprintf(format, a...))
}

func (b *builder) build(path string, item *openapi3.PathItem, op *openapi3.Operation) (*declared, error) {
	server, err := b.server(item, op)
	if err != nil {
		return nil, err
	}
	all := parameters(item, op)
	b.automatic = b.method == http.MethodGet && !slices.ContainsFunc(all, func(p *openapi3.Parameter) bool {
		return p.In == openapi3.ParameterInQuery && p.Required && argument(p.Name) != p.Name
	})
	for _, p := range all {
		if path, err = b.parameter(path, p); err != nil {
			return nil, err
		}
	}
	if err := b.requestBody(op); err != nil {
		return nil, err
	}
	if err := b.security(op); err != nil {
		return nil, err
	}
	d := &declared{
		Description: described(op, b.method, path), Risk: tool.Write,
		HTTP: request{URL: server + path, Headers: b.headers, Body: b.body},
	}
	if len(b.query) > 0 {
		d.HTTP.URL += "?" + strings.Join(b.query, "&")
	}
	if b.method == http.MethodGet {
		d.Risk = tool.Read
	} else {
		d.HTTP.Method = b.method
	}
	if len(b.properties) > 0 {
		d.Parameters = map[string]any{"properties": b.properties}
		if len(b.required) > 0 {
			slices.Sort(b.required)
			d.Parameters["required"] = slices.Compact(b.required)
		}
	}
	return d, nil
}

// parameters are an operation's, its own before those of its path.
func parameters(item *openapi3.PathItem, op *openapi3.Operation) (list []*openapi3.Parameter) {
	for _, ref := range append(slices.Clone(op.Parameters), item.Parameters...) {
		if ref == nil || ref.Value == nil {
			continue
		}
		same := func(p *openapi3.Parameter) bool { return p.Name == ref.Value.Name && p.In == ref.Value.In }
		if !slices.ContainsFunc(list, same) {
			list = append(list, ref.Value)
		}
	}
	return list
}

var notArgument = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// argument is the name of a parameter as a template may have it.
func argument(name string) string {
	return strings.Trim(notArgument.ReplaceAllString(name, "_"), "_")
}

// parameter adds a parameter, and gives the path with its name in it.
func (b *builder) parameter(path string, p *openapi3.Parameter) (string, error) {
	name := argument(p.Name)
	if name == "" {
		return path, fmt.Errorf("the parameter %q has no name", p.Name)
	}
	switch p.In {
	case openapi3.ParameterInPath:
		path = strings.ReplaceAll(path, "{"+p.Name+"}", "{"+name+"}")
		b.add(name, p, true)
	case openapi3.ParameterInQuery:
		switch {
		case b.automatic && name == p.Name:
			b.add(name, p, p.Required)
		case p.Required:
			b.add(name, p, true)
			b.query = append(b.query, url.QueryEscape(p.Name)+"={"+name+"}")
		default:
			b.tell("the optional parameter %s is left out", p.Name)
		}
	case openapi3.ParameterInHeader:
		if slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) {
			return path, nil
		}
		if !p.Required {
			b.tell("the optional header %s is left out", p.Name)
			return path, nil
		}
		b.add(name, p, true)
		b.headers[p.Name] = "{" + name + "}"
	default:
		if p.Required {
			return path, fmt.Errorf("it needs the cookie %s", p.Name)
		}
	}
	return path, nil
}

func (b *builder) add(name string, p *openapi3.Parameter, required bool) {
	ref := p.Schema
	if ref == nil { // a parameter may be described by a media type instead
		for _, media := range p.Content {
			ref = media.Schema
		}
	}
	s := b.schema(ref)
	if p.Description != "" {
		s["description"] = short(p.Description, mostDescription)
	}
	if p.Example != nil {
		s["examples"] = []any{p.Example}
	}
	b.properties[name] = s
	if required {
		b.required = append(b.required, name)
	}
}

// requestBody adds the fields of a body in JSON. They are named one by one where a name stands elsewhere too.
func (b *builder) requestBody(op *openapi3.Operation) error {
	if op.RequestBody == nil || op.RequestBody.Value == nil || b.method == http.MethodGet {
		return nil
	}
	body := op.RequestBody.Value
	var media *openapi3.MediaType
	for _, kind := range slices.Sorted(maps.Keys(body.Content)) {
		if base, _, _ := strings.Cut(kind, ";"); base == "application/json" || strings.HasSuffix(base, "+json") || base == "*/*" {
			media = body.Content[kind]
		}
	}
	switch {
	case media == nil && body.Required:
		return errors.New("its body is not JSON")
	case media == nil:
		b.tell("the body is left out: it is not JSON")
		return nil
	}
	s := b.schema(media.Schema)
	fields, _ := s["properties"].(map[string]any)
	if len(fields) == 0 {
		if body.Required {
			return errors.New("its body is no object with named fields")
		}
		return nil
	}
	required, _ := s["required"].([]string)
	template, named := map[string]any{}, len(b.headers) > 0
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		name := argument(field)
		if _, taken := b.properties[name]; taken || name == "" {
			name = strings.Trim("body_"+name, "_")
		}
		named = named || name != field
		template[field] = "{" + name + "}"
		b.properties[name] = fields[field]
		if body.Required && slices.Contains(required, field) {
			b.required = append(b.required, name)
		}
	}
	if named {
		b.body = template
	}
	return nil
}

// server is the address that the path follows, without a slash at its end.
func (b *builder) server(item *openapi3.PathItem, op *openapi3.Operation) (string, error) {
	address := b.Server
	if address == "" {
		list := b.doc.Servers
		if len(item.Servers) > 0 {
			list = item.Servers
		}
		if op.Servers != nil && len(*op.Servers) > 0 {
			list = *op.Servers
		}
		for _, s := range list {
			if s == nil {
				continue
			}
			address = s.URL
			for name, v := range s.Variables {
				if v != nil {
					address = strings.ReplaceAll(address, "{"+name+"}", v.Default)
				}
			}
			break
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", errors.New("the description names no server with a host: name it by --server https://HOST")
	}
	return strings.TrimRight(address, "/"), nil
}

// described is what the model is told of an operation.
func described(op *openapi3.Operation, method, path string) string {
	text := strings.TrimSpace(op.Summary)
	if d := strings.TrimSpace(op.Description); d != "" && d != text {
		if text != "" {
			text = strings.TrimRight(text, ".") + ". "
		}
		text += d
	}
	if text == "" {
		text = method + " " + path
	}
	return short(text, 1000)
}

const mostDescription = 300

// short is a text on one line, within a bound of bytes.
func short(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= most {
		return s
	}
	s = s[:most-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
