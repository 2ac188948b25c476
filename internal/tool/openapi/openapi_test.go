package openapi_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tania/internal/tool"
	"tania/internal/tool/openapi"
	"tania/internal/tool/policy"
)

var update = flag.Bool("update", false, "write what is made to testdata")

func description(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// loaded reads what was made as bot.yaml is read.
func loaded(t *testing.T, made openapi.Made) map[string]tool.Tool {
	t.Helper()
	var file struct {
		Tools map[string]tool.Declared `yaml:"tools"`
	}
	if err := yaml.UnmarshalWithOptions(made.YAML, &file, yaml.Strict()); err != nil {
		t.Fatalf("%v\n%s", err, made.YAML)
	}
	tools, problems := tool.Check(file.Tools)
	if len(problems) == 0 {
		_, problems = policy.New(tools, nil)
	}
	if len(problems) > 0 {
		t.Fatalf("%+v\n%s", problems, made.YAML)
	}
	all := map[string]tool.Tool{}
	for _, one := range tools {
		all[one.Name] = one
	}
	if len(all) != len(made.Names) {
		t.Errorf("%q were made, and %d are there", made.Names, len(all))
	}
	return all
}

// TestADescriptionBecomesTools, as testdata has them; what is left out is said.
func TestADescriptionBecomesTools(t *testing.T) {
	made, err := openapi.Import(description(t, "shop.yaml"), openapi.Options{})
	if err != nil {
		t.Fatal(err, made.Notes)
	}
	if *update {
		if err := os.WriteFile("testdata/shop.tools.yaml", made.YAML, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := description(t, "shop.tools.yaml"); string(made.YAML) != string(want) {
		t.Errorf("made is\n%s", made.YAML)
	}
	all := loaded(t, made)
	for name, want := range map[string]string{
		"get_order":         "GET https://eu.shop.example/v1/orders/{orderId} read",
		"get_order_2":       "DELETE https://eu.shop.example/v1/orders/{orderId}?reason={reason} write",
		"refunds_create_v2": "POST https://eu.shop.example/v1/orders/{orderId}/refunds write",
		"get_orders":        "GET https://eu.shop.example/v1/orders?filter%5Bstatus%5D={filter_status} read",
		"handoff_2":         "POST https://eu.shop.example/v1/orders write",
		"plant_tree":        "POST https://eu.shop.example/v1/tree write",
	} {
		h := all[name].HTTP
		if h == nil || fmt.Sprint(h.Method, " ", h.URL, " ", all[name].Risk) != want {
			t.Errorf("%s is %+v", name, h)
		}
	}
	for _, want := range []string{
		"get_order: the optional parameter fields[] is left out", "get_order: the optional header X-Trace is left out",
		"HEAD /orders/{orderId} is left out", "refunds_create_v2: TOOL_SECRET_LOGIN is user:password in base64",
		"refunds_create_v2: a pattern is left out", "upload is left out: its body is not JSON", "list_only is left out: its body is no object",
		"old_one is left out: it is deprecated", "report is left out: its key query is in the query",
		"session is left out: it needs the cookie sid",
		"plant_tree: TOOL_SECRET_OAUTH is an access token of oauth",
	} {
		if !slices.ContainsFunc(made.Notes, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("no note says %q: %q", want, made.Notes)
		}
	}
	if want := []string{"TOOL_SECRET_KEY", "TOOL_SECRET_LOGIN", "TOOL_SECRET_OAUTH"}; !slices.Equal(slices.Sorted(slices.Values(made.Secrets)), want) {
		t.Errorf("secrets are %q", made.Secrets)
	}
}

func TestSomeOperationsAreChosen(t *testing.T) {
	for name, c := range map[string]struct {
		o    openapi.Options
		want string
		note string
	}{
		"reads":           {openapi.Options{Reads: true}, "get_orders get_order", ""},
		"by id":           {openapi.Options{Operations: []string{"plantTree"}}, "plant_tree", ""},
		"by name":         {openapi.Options{Operations: []string{" get_orders", "plant_tree"}}, "get_orders plant_tree", ""},
		"a deprecated":    {openapi.Options{Operations: []string{"oldOne"}}, "old_one", ""},
		"one that is not": {openapi.Options{Operations: []string{"plantTree", "fell"}}, "plant_tree", "fell is no operation"},
	} {
		made, err := openapi.Import(description(t, "shop.yaml"), c.o)
		if err != nil || strings.Join(made.Names, " ") != c.want || !strings.Contains(strings.Join(made.Notes, "\n"), c.note) {
			t.Errorf("%s: %q, %v, %q", name, made.Names, err, made.Notes)
		}
	}
	elsewhere := openapi.Options{Operations: []string{"getOrder"}, Server: "http://shop.internal:8080/"}
	made, err := openapi.Import(description(t, "shop.yaml"), elsewhere)
	if err != nil || loaded(t, made)["get_order"].HTTP.URL != "http://shop.internal:8080/orders/{orderId}" {
		t.Errorf("%v\n%s", err, made.YAML)
	}
}

// TestDescriptionsThatAreNone say what is wrong, and what to do.
func TestDescriptionsThatAreNone(t *testing.T) {
	const head = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\n"
	for source, want := range map[string]string{
		"swagger: '2.0'\npaths: {}":     "Swagger 2",
		"{":                             "neither YAML nor JSON",
		"hello: world":                  "no description of OpenAPI 3",
		"openapi: 4.0.0":                "no description of OpenAPI 3",
		head + "paths: {}":              "no operation is left",
		head:                            "no operation is left",
		head + "paths: {/x: {get: {}}}": "no operation is left",
		head + "paths: {/x: {$ref: 'http://127.0.0.1:1/x.yaml'}}":                                                      "external",
		head + "servers: [{url: 'https://a.example'}]\npaths: {/x: {get: {parameters: [{$ref: '../../etc/passwd'}]}}}": "external",
	} {
		if _, err := openapi.Import([]byte(source), openapi.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", source, err)
		}
	}
	made, err := openapi.Import([]byte(head+"paths: {/x: {get: {}}}"), openapi.Options{})
	if err == nil || !strings.Contains(strings.Join(made.Notes, ""), "--server") {
		t.Errorf("%v, %q", err, made.Notes)
	}
}

// TestACircleEnds, however schemas refer to each other, and a huge one is bounded.
func TestACircleEnds(t *testing.T) {
	made, err := openapi.Import(description(t, "shop.yaml"), openapi.Options{Operations: []string{"plantTree"}})
	if err != nil {
		t.Fatal(err)
	}
	const children = `"children":{"items":{"type":"object"},"type":"array"}`
	if got := string(loaded(t, made)["plant_tree"].Parameters); !strings.Contains(got, children) {
		t.Errorf("a tree is %s", got)
	}
	var wide strings.Builder
	for i := range 40 {
		fmt.Fprintf(&wide, "    S%d: {type: object, properties: {", i)
		for j := range 40 {
			fmt.Fprintf(&wide, "p%d: {$ref: '#/components/schemas/S%d'}, ", j, j)
		}
		wide.WriteString("}}\n")
	}
	source := "openapi: 3.1.0\ninfo: {title: x, version: '1'}\nservers: [{url: 'https://a.example'}]\n" +
		"paths: {/x: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}\n" +
		"components:\n  schemas:\n" + wide.String()
	if made, err = openapi.Import([]byte(source), openapi.Options{}); err != nil || len(made.YAML) > 100<<10 {
		t.Errorf("%v, %d bytes", err, len(made.YAML))
	}
	loaded(t, made)
}

// TestOpenAPI31 has types in lists, const, bounds that are numbers, and words beside a reference.
func TestOpenAPI31(t *testing.T) {
	made, err := openapi.Import([]byte(`{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "servers": [{"url": "https://a.example"}],
		"paths": {"/x/{id}": {"get": {"parameters": [
			{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}, "description": "Which."},
			{"name": "n", "in": "query", "schema": {"type": ["integer", "null"], "exclusiveMinimum": 3, "examples": [4, 5]}},
			{"name": "kind", "in": "query", "schema": {"const": "a"}},
			{"name": "either", "in": "query", "schema": {"oneOf": [{"type": "string"}, {"type": "number"}]}}
		]}}}, "components": {"schemas": {"Id": {"type": "string", "maxLength": 9}}}}`), openapi.Options{})
	if err != nil {
		t.Fatal(err, made.Notes)
	}
	var got, want any
	if err := json.Unmarshal(loaded(t, made)["get_x_id"].Parameters, &got); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal([]byte(`{"type": "object", "required": ["id"], "properties": {
		"id": {"type": "string", "maxLength": 9, "description": "Which."},
		"n": {"type": ["integer", "null"], "exclusiveMinimum": 3, "examples": [4]},
		"kind": {"const": "a"}, "either": {"oneOf": [{"type": "string"}, {"type": "number"}]}}}`), &want)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("made is %v\nwant    %v", got, want)
	}
}

// TestTooManyAreNotMade: the error says how to choose. A thousand operations are read all the same.
func TestTooManyAreNotMade(t *testing.T) {
	var b strings.Builder
	b.WriteString("openapi: 3.0.0\ninfo: {title: x, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  /x%d: {get: {operationId: op%d}}\n", i, i)
	}
	if _, err := openapi.Import([]byte(b.String()), openapi.Options{}); err == nil || !strings.Contains(err.Error(), "1000 tools") {
		t.Error(err)
	}
	if made, err := openapi.Import([]byte(b.String()), openapi.Options{Operations: []string{"op999"}}); err != nil || len(made.Names) != 1 {
		t.Error(err)
	}
}

// TestARealDescriptionIsImported: Chatwoot's own, whose every operation becomes a tool that loads, or is left out for a reason.
func TestARealDescriptionIsImported(t *testing.T) {
	data, err := os.ReadFile("../../chatwoot/openapitest/testdata/swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{
		"contactSearch", "contactUpdate", "update-custom-attributes-of-a-conversation", "list-all-labels-of-a-conversation",
	} {
		made, err := openapi.Import(data, openapi.Options{Operations: []string{id}, Server: "https://chat.example.com"})
		if err != nil {
			t.Errorf("%s: %v, %q", id, err, made.Notes)
			continue
		}
		for name, one := range loaded(t, made) {
			if !slices.Equal(one.Secrets(), []string{"USER_API_KEY"}) {
				t.Errorf("%s has the secrets %q", name, one.Secrets())
			}
		}
	}
}
