package access

import (
	"net/http"
	"strings"

	"tania/internal/tania"
)

// Route is one way in. Every server's routes stand in tables of these, and who asks is compared with Needs in one place.
type Route struct {
	// Pattern is that of http.ServeMux, with its method.
	Pattern string
	// Needs is the least role that may ask; tania.Anyone: everybody may. A route that names none is closed to everybody.
	Needs   tania.Role
	Handler http.HandlerFunc
}

// For is the route of a pattern, for those who have at least a role.
func For(pattern string, needs tania.Role, handler http.HandlerFunc) Route {
	return Route{Pattern: pattern, Needs: needs, Handler: handler}
}

// Reads reports whether the route changes nothing.
func (r Route) Reads() bool { return strings.HasPrefix(r.Pattern, http.MethodGet+" ") }
