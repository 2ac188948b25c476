package chatwootsim

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

// upload is a file of a multipart body.
type upload struct {
	name, kind string
	data       []byte
}

// parameters reads a body as Rails does, whatever its content type: JSON, a form, or a multipart form. Names with brackets are objects and
// lists: "message[content]", "labels[]". Without a content type it is taken for JSON.
func parameters(r *http.Request, body []byte) (object, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return object{}, nil
	}
	kind, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // an unknown one is tried as JSON
	switch kind {
	case "application/x-www-form-urlencoded":
		return form(string(body))
	case "multipart/form-data":
		return multiparts(body, options["boundary"])
	}
	params := object{}
	if err := json.Unmarshal(body, &params); err != nil {
		return nil, fmt.Errorf("chatwootsim: body: %w", err)
	}
	return params, nil
}

// form reads a query string in its order, in which url.ParseQuery does not give it.
func form(query string) (object, error) {
	params := object{}
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

func multiparts(body []byte, boundary string) (object, error) {
	params := object{}
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
		put(params, part.FormName(), &upload{path.Base(part.FileName()), kind, data})
	}
}

// put sets what a name with brackets says: "a[b]" is in the object a, "a[]" is one more of the list a.
func put(params object, name string, value any) {
	first, rest, nested := strings.Cut(name, "[")
	switch {
	case !nested:
		params[name] = value
	case rest == "]":
		list, _ := params[first].([]any)
		params[first] = append(slices.Clip(list), value)
	default:
		key, more, _ := strings.Cut(rest, "]")
		inner, ok := params[first].(object)
		if !ok {
			inner = object{}
			params[first] = inner
		}
		put(inner, key+more, value)
	}
}

// logged is a body as the log of calls has it: JSON, with the names of files in place of them.
func logged(params object) json.RawMessage {
	data, err := json.Marshal(params)
	if err != nil || len(params) == 0 {
		return nil
	}
	return data
}

// MarshalJSON gives the file's name.
func (u *upload) MarshalJSON() ([]byte, error) { return json.Marshal(u.name) }

// structure reads a parameter that is an object, or one as a text of JSON, which forms send.
func structure(v any) object {
	o, ok := v.(object)
	if text, isText := v.(string); isText && !ok {
		_ = json.Unmarshal([]byte(text), &o) // anything else is no object
	}
	return o
}

// texts reads a parameter that is a list, one as a text of JSON, or one value alone.
func texts(v any) []string {
	list, ok := v.([]any)
	if s := text(v); !ok && s != "" {
		if json.Unmarshal([]byte(s), &list) != nil {
			list = []any{s}
		}
	}
	all := []string{}
	for _, one := range list {
		all = append(all, text(one))
	}
	return all
}
