package installation

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample reads a body that was derived from Chatwoot's source.
func sample(t *testing.T, kind, name string) any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", kind, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// free are objects whose keys are the customer's, the bot's or the browser's, not Chatwoot's.
var free = []string{
	"custom_attributes", "content_attributes", "additional_attributes", "event_info", "previous_value", "current_value",
}

// shape lists every key with its type. Null fits any type, so a key that is null in either is compared by its name alone.
func shape(v any, at string, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		into[at] = "object"
		for key, value := range v {
			if slices.Contains(free, key) {
				into[at+"."+key] = fmt.Sprintf("%T", value)
				continue
			}
			shape(value, at+"."+key, into)
		}
	case []any:
		into[at] = "array"
		for _, value := range v {
			shape(value, at+"[]", into)
		}
	case nil:
		into[at] = "null"
	default:
		into[at] = fmt.Sprintf("%T", v)
	}
}

// sameShape fails the test where two bodies have other keys or types.
func sameShape(t *testing.T, want, got any) {
	t.Helper()
	w, g := map[string]string{}, map[string]string{}
	shape(want, "", w)
	shape(got, "", g)
	for key := range w {
		if g[key] == "null" || w[key] == "null" && g[key] != "" {
			prune(g, key)
			prune(w, key)
		}
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("shape differs from Chatwoot's (-want +got):\n%s", diff)
	}
}

func prune(m map[string]string, key string) {
	maps.DeleteFunc(m, func(k, _ string) bool { return strings.HasPrefix(k, key+".") || strings.HasPrefix(k, key+"[]") })
	m[key] = "any"
}

// at reads a value by its path.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for _, key := range strings.Split(path, ".") {
		switch inner := v.(type) {
		case map[string]any:
			v = inner[key]
		case []any:
			if len(inner) == 0 {
				return nil
			}
			v = inner[0]
		default:
			return nil
		}
	}
	return v
}

// sameValues compares the values at some paths.
func sameValues(t *testing.T, want, got any, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if diff := cmp.Diff(at(t, want, p), at(t, got, p)); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", p, diff)
		}
	}
}

// changedNames are the keys of changed_attributes, sorted.
func changedNames(v any) []string {
	var names []string
	list, _ := v.(map[string]any)["changed_attributes"].([]any)
	for _, one := range list {
		names = append(names, slices.Collect(maps.Keys(one.(map[string]any)))...)
	}
	slices.Sort(names)
	return names
}
