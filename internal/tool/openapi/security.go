package openapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// security writes the headers by which the server knows us: those of the first way that needs nothing but headers.
func (b *builder) security(op *openapi3.Operation) error {
	ways := b.doc.Security
	if op.Security != nil {
		ways = *op.Security
	}
	if len(ways) == 0 {
		return nil
	}
	var why error
	for _, way := range ways {
		headers, secrets, notes, err := b.headersOf(way)
		if err != nil {
			why = err
			continue
		}
		maps.Copy(b.headers, headers)
		b.secrets = append(b.secrets, secrets...)
		for _, n := range notes {
			b.tell("%s", n)
		}
		return nil
	}
	return why
}

func (b *builder) headersOf(way openapi3.SecurityRequirement) (headers map[string]string, secrets, notes []string, err error) {
	headers = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(way)) {
		var scheme *openapi3.SecurityScheme
		if b.doc.Components != nil {
			if ref := b.doc.Components.SecuritySchemes[name]; ref != nil {
				scheme = ref.Value
			}
		}
		if scheme == nil {
			return nil, nil, nil, fmt.Errorf("its security scheme %s is not described", name)
		}
		secret := strings.ToUpper(snake(name))
		if secret == "" || secret[0] < 'A' {
			secret = "KEY_" + secret
		}
		mark := "${secret:" + secret + "}"
		switch {
		case scheme.Type == "http" && strings.EqualFold(scheme.Scheme, "bearer"):
			headers["Authorization"] = "Bearer " + mark
		case scheme.Type == "http" && strings.EqualFold(scheme.Scheme, "basic"):
			headers["Authorization"] = "Basic " + mark
			notes = append(notes, fmt.Sprintf("TOOL_SECRET_%s is user:password in base64", secret))
		case scheme.Type == "apiKey" && scheme.In == "header":
			headers[scheme.Name] = mark
		case scheme.Type == "oauth2", scheme.Type == "openIdConnect":
			headers["Authorization"] = "Bearer " + mark
			notes = append(notes, fmt.Sprintf("TOOL_SECRET_%s is an access token of %s, which Tania does not renew", secret, name))
		case scheme.Type == "apiKey":
			return nil, nil, nil, fmt.Errorf("its key %s is in the %s, where logs of servers show it", name, scheme.In)
		default:
			return nil, nil, nil, errors.New("its security scheme " + name + " needs more than a header")
		}
		secrets = append(secrets, secret)
	}
	return headers, secrets, notes, nil
}
