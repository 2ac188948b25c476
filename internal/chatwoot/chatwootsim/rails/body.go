package rails

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Upload is a file of a multipart body.
type Upload struct {
	Name, Kind string
	Data       []byte
}

// Parameters reads a body as Rails does, whatever its content type: JSON, a form, or a multipart form. Names with brackets are objects and
// lists: "message[content]", "labels[]". Without a content type it is taken for JSON.
func Parameters(r *http.Request, body []byte) (Object, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return Object{}, nil
	}
	kind, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // an unknown one is tried as JSON
	switch kind {
	case "application/x-www-form-urlencoded":
		return form(string(body))
	case "multipart/form-data":
		return multiparts(body, options["boundary"])
	}
	params := Object{}
	if err := json.Unmarshal(body, &params); err != nil {
		return nil, fmt.Errorf("chatwootsim: body: %w", err)
	}
	return params, nil
}

// form reads a query string in its order, in which url.ParseQuery does not give it.
func form(query string) (Object, error) {
	params := Object{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(name)
		if err != nil {
			return nil, fmt.Errorf("chatwootsim: form: %w", err)
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, fmt.Errorf("chatwootsim: form: %w", err)
		}
		if key != "" {
			put(params, key, value)
		}
	}
	return params, nil
}

func multiparts(body []byte, boundary string) (Object, error) {
	params := Object{}
	for parts := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // NextPart gives it bare
			return params, nil
		}
		if err != nil {
			return nil, fmt.Errorf("chatwootsim: multipart: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, fmt.Errorf("chatwootsim: multipart: %w", err)
		}
		if part.FileName() == "" {
			put(params, part.FormName(), string(data))
			continue
		}
		kind := part.Header.Get("Content-Type")
		if guess := mime.TypeByExtension(path.Ext(part.FileName())); kind == "" || kind == "application/octet-stream" && guess != "" {
			kind = guess
		}
		put(params, part.FormName(), &Upload{path.Base(part.FileName()), kind, data})
	}
}

// put sets what a name with brackets says: "a[b]" is in the object a, "a[]" is one more of the list a.
func put(params Object, name string, value any) {
	first, rest, nested := strings.Cut(name, "[")
	switch {
	case !nested:
		params[name] = value
	case rest == "]":
		list, _ := params[first].([]any)
		params[first] = append(slices.Clip(list), value)
	default:
		key, more, _ := strings.Cut(rest, "]")
		inner, ok := params[first].(Object)
		if !ok {
			inner = Object{}
			params[first] = inner
		}
		put(inner, key+more, value)
	}
}

// Logged is a body as the log of calls has it: JSON, with the names of files in place of them.
func Logged(params Object) json.RawMessage {
	data, err := json.Marshal(params)
	if err != nil || len(params) == 0 {
		return nil
	}
	return data
}

// MarshalJSON gives the file's name.
func (u *Upload) MarshalJSON() ([]byte, error) { return json.Marshal(u.Name) }
