// Package openapitest checks requests to Chatwoot and its answers against Chatwoot's own OpenAPI description, for tests.
// That description lags the code: where they differ, the code is right, and Deviations says so, each with its reason.
package openapitest

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/paths"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// swagger is Chatwoot's swagger/swagger.json at v4.15.1, under the MIT Expat licence.
//
//go:embed testdata/swagger.json
var swagger []byte

// The header of Chatwoot's tokens, as the description has it and as it survives proxies that drop underscores.
const (
	headerDescribed = "api_access_token"
	headerSafe      = "Api-Access-Token"
)

// The security schemes of the description. Both are the same header.
const (
	byUser = "userApiKey"
	byBot  = "agentBotApiKey"
)

// Validator checks against the description. It is safe for concurrent use.
type Validator struct {
	validator validator.Validator
	model     *v3.Document
	scheme    string
}

// New gives a validator of calls with an agent bot's token. It takes about half a second: make one for a test and pass it on.
func New(t testing.TB) *Validator {
	t.Helper()
	document, err := libopenapi.NewDocument(swagger)
	if err != nil {
		t.Fatalf("openapitest: read the description: %v", err)
	}
	model, err := document.BuildV3Model()
	if err != nil {
		t.Fatalf("openapitest: build the description's model: %v", err)
	}
	// Strict: a key that the description does not know is an error, so a misspelled one is found.
	v := validator.NewValidatorFromV3Model(&model.Model, config.WithStrictMode())
	t.Cleanup(v.Release)
	return &Validator{validator: v, model: &model.Model, scheme: byBot}
}

// ForUser gives the same validator for calls with a user's token.
func (v *Validator) ForUser() *Validator {
	user := *v
	user.scheme = byUser
	return &user
}

// Request fails the test when a request differs from the description in a way that Deviations does not list. body is
// what req.Body held; req is not changed.
func (v *Validator) Request(t testing.TB, req *http.Request, body []byte) {
	t.Helper()
	report(t, unlisted(v.request(req, body)))
}

// Response fails the test when the answer to req differs from the description in a way that Deviations does not list.
func (v *Validator) Response(t testing.TB, req *http.Request, resp *http.Response, body []byte) {
	t.Helper()
	report(t, unlisted(v.response(req, resp, body)))
}

func report(t testing.TB, findings []finding) {
	t.Helper()
	for _, f := range findings {
		t.Errorf("openapitest: %s: %s: %s", f.Operation, f.Place, f.text)
	}
}

// finding is one difference. Operation and Place are as in Deviation.
type finding struct {
	Operation, Place string
	text             string
}

func (v *Validator) request(req *http.Request, body []byte) []finding {
	checked := withBody(req, body)
	item, problems, path := paths.FindPath(checked, v.model, nil)
	op := operation(req.Method, path)
	if len(problems) > 0 || item == nil {
		return []finding{{operation(req.Method, req.URL.Path), "request", "no such path or method in the description"}}
	}
	var found []finding
	if token := checked.Header.Get(headerSafe); token != "" && checked.Header.Get(headerDescribed) == "" {
		found = append(found, finding{op, "request header " + headerSafe, "the description spells it " + headerDescribed})
		checked.Header.Set(headerDescribed, token)
		checked.Header.Del(headerSafe)
	}
	if !secured(item.GetOperations().GetOrZero(strings.ToLower(req.Method)), v.scheme) {
		found = append(found, finding{op, "request security " + v.scheme, "the description does not let this token call it"})
	}
	_, problems = v.validator.ValidateHttpRequestSync(checked)
	return append(found, findings(op, "request", problems)...)
}

func (v *Validator) response(req *http.Request, resp *http.Response, body []byte) []finding {
	_, _, path := paths.FindPath(req, v.model, nil)
	answer := *resp
	// No header of an answer is described, and all of them would be found.
	answer.Header = http.Header{"Content-Type": resp.Header.Values("Content-Type")}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	_, problems := v.validator.ValidateHttpResponse(withBody(req, nil), &answer)
	op, place := operation(req.Method, path), fmt.Sprintf("response %d", resp.StatusCode)
	if null := string(bytes.TrimSpace(body)) == "null"; null && len(problems) == 0 {
		return []finding{{op, place + " $", "null, which the description does not name"}}
	}
	return findings(op, place, problems)
}

// withBody gives a copy of a request that may be read and changed.
func withBody(req *http.Request, body []byte) *http.Request {
	checked := req.Clone(req.Context())
	checked.Body = io.NopCloser(bytes.NewReader(body))
	return checked
}

func secured(op *v3.Operation, scheme string) bool {
	return op != nil && slices.ContainsFunc(op.Security, func(r *base.SecurityRequirement) bool {
		_, ok := r.Requirements.Get(scheme)
		return ok
	})
}

// operation is a method and a path, without what all paths of conversations begin with.
func operation(method, path string) string {
	const conversation = "/api/v1/accounts/{account_id}/conversations/{conversation_id}"
	if rest, ok := strings.CutPrefix(path, conversation); ok {
		path = "…" + rest
	}
	return method + " " + path
}

var (
	index      = regexp.MustCompile(`\[\d+\]`)
	undeclared = regexp.MustCompile(`at '\$\.body(\S*)'`)
)

// findings turns the library's errors into places: "request $.priority", "response 200 $.payload[].echo_id", "response 422".
func findings(op, side string, problems []*errors.ValidationError) []finding {
	var found []finding
	for _, p := range problems {
		switch at := undeclared.FindStringSubmatch(p.Message); {
		case at != nil && strings.HasSuffix(p.Reason, "Declared properties: []"):
			// An object described without properties may have any.
		case at != nil:
			found = append(found, finding{op, side + " $" + index.ReplaceAllString(at[1], "[]"), "undeclared key"})
		case len(p.SchemaValidationErrors) > 0:
			for _, s := range p.SchemaValidationErrors {
				found = append(found, finding{op, side + " " + index.ReplaceAllString(s.FieldPath, "[]"), s.Reason})
			}
		default:
			found = append(found, finding{op, side, p.Message})
		}
	}
	return found
}
