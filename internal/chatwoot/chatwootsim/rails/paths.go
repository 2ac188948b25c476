package rails

import (
	"context"
	"net/http"
	"strings"
)

// jsonAsked marks a request whose path ended in ".json".
type jsonAsked struct{}

// AskedForJSON reports whether the path of a request ended in ".json".
func AskedForJSON(r *http.Request) bool { return r.Context().Value(jsonAsked{}) != nil }

// Forgiving takes the paths that Rails takes for the same: with a slash at the end, and with the format after a dot.
func Forgiving(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/public/api/") || strings.HasPrefix(path, "/hc/") {
			bare, asked := strings.CutSuffix(strings.TrimSuffix(path, "/"), ".json")
			if bare != path {
				ctx := r.Context()
				if asked {
					ctx = context.WithValue(ctx, jsonAsked{}, true)
				}
				r = r.Clone(ctx)
				r.URL.Path, r.URL.RawPath = bare, ""
			}
		}
		next.ServeHTTP(w, r)
	})
}
