package assembly

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// refusals are the calls that Chatwoot refused when they were last made, by what they do.
type refusals struct {
	mu sync.Mutex
	by map[string]int
}

// needed are calls without which nobody is answered; agreed are those of a handoff that name something an administrator set up.
var (
	needed = map[string]bool{"send message": true, "read conversation": true}
	agreed = map[string]bool{"assign team": true, "write labels": true, "set status": true}
)

// heard notes how a call ended.
func (r *refusals) heard(call tania.ChatwootCall) {
	if !needed[call.Op] && !agreed[call.Op] {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case call.Err == nil:
		delete(r.by, call.Op)
	case needed[call.Op] && chatwoot.IsStatus(call.Err, http.StatusUnauthorized),
		agreed[call.Op] && call.Status >= 400 && call.Status < 500 && call.Status != http.StatusTooManyRequests &&
			call.Status != http.StatusUnauthorized:
		if r.by == nil {
			r.by = map[string]int{}
		}
		r.by[call.Op] = call.Status
	}
}

// of names the refused calls of a kind, "" when there are none.
func (r *refusals) of(kind map[string]bool) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for op, status := range r.by {
		if kind[op] {
			names = append(names, fmt.Sprintf("%s: %d", op, status))
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
