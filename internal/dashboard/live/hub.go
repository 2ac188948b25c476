// Package live keeps the pages that are open up to date, by server-sent events: what changed is rendered once for a language and passed on
// to all who watch in it. What comes in is HTML; what it shows is no business of this room.
package live

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	g "maragu.dev/gomponents"

	"tania/internal/tania"
)

// Hub passes updates on. Each is rendered once for all viewers of a language.
type Hub struct {
	// sending lets one update go round at a time.
	sending sync.Mutex
	mu      sync.Mutex
	viewers map[*viewer]struct{}
	closed  bool
	// state is the newest state by language, which is sent only when it changes.
	state map[tania.Language][]byte
}

// viewer is one stream. updates holds the newest update alone: who is slow misses some.
type viewer struct {
	lang    tania.Language
	updates chan []byte
	greeted bool
}

const (
	// viewerLimit bounds the streams that are open at once.
	viewerLimit = 500
	// together is how many viewers are told at once, and apart how long the next ones then wait: hundreds that are woken in one
	// moment would hold up the webhooks of that moment.
	together, apart = 4, 5 * time.Millisecond
	// sendPatience is how long a viewer may take to take one update.
	sendPatience = 10 * time.Second
)

// New gives a hub that nobody watches yet.
func New() *Hub {
	return &Hub{viewers: map[*viewer]struct{}{}, state: map[tania.Language][]byte{}}
}

// Close ends every stream, and takes no more.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for v := range h.viewers {
		close(v.updates)
		delete(h.viewers, v)
	}
}

// join adds a viewer, where there is room.
func (h *Hub) join(lang tania.Language) (v *viewer, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.viewers) >= viewerLimit {
		return nil, nil, false
	}
	v = &viewer{lang: lang, updates: make(chan []byte, 1)}
	h.viewers[v] = struct{}{}
	return v, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.viewers, v)
	}, true
}

// Languages are those that somebody watches in.
func (h *Hub) Languages() map[tania.Language]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	spoken := map[tania.Language]bool{}
	for v := range h.viewers {
		spoken[v.lang] = true
	}
	return spoken
}

// Send passes an update on to the viewers of a language; the state goes with it where it changed or a viewer is new.
func (h *Hub) Send(ctx context.Context, lang tania.Language, now, state []byte) {
	h.sending.Lock()
	defer h.sending.Unlock()
	viewers, changed := h.changed(lang, state)
	both := append(bytes.Clone(state), now...)
	for some := range slices.Chunk(viewers, together) {
		h.mu.Lock()
		for _, v := range some {
			if _, here := h.viewers[v]; here {
				v.tell(now, both, changed)
			}
		}
		h.mu.Unlock()
		if len(some) < together {
			return
		}
		select {
		case <-time.After(apart):
		case <-ctx.Done():
			return
		}
	}
}

// changed notes the state of a language, and gives its viewers and whether it is another one.
func (h *Hub) changed(lang tania.Language, state []byte) (viewers []*viewer, changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	changed = !bytes.Equal(h.state[lang], state)
	h.state[lang] = state
	for v := range h.viewers {
		if v.lang == lang {
			viewers = append(viewers, v)
		}
	}
	return viewers, changed
}

// tell leaves an update for the viewer, in place of one that was not taken.
func (v *viewer) tell(now, both []byte, changed bool) {
	update := now
	if changed || !v.greeted {
		update = both
	}
	select {
	case <-v.updates: // it may have held a state
		update = both
	default:
	}
	v.updates <- update
	v.greeted = true
}

// eventLines puts every line of an event's data on a line of its own. A carriage return ends one, too.
var eventLines = strings.NewReplacer("\r\n", "\ndata: ", "\n", "\ndata: ", "\r", "\ndata: ")

// Event is a server-sent event with a part of a page.
func Event(name string, part g.Node) ([]byte, error) {
	var html strings.Builder
	if err := part.Render(&html); err != nil {
		return nil, err
	}
	return []byte("event: " + name + "\ndata: " + eventLines.Replace(html.String()) + "\n\n"), nil
}

// Stream sends updates in a language until the viewer goes, ctx ends or the hub closes.
func (h *Hub) Stream(ctx context.Context, w http.ResponseWriter, lang tania.Language) {
	v, leave, ok := h.join(lang)
	if !ok {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many viewers", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would gather the updates
	for update := []byte("retry: 2000\n\n"); send(w, update) == nil; {
		select {
		case next, ok := <-v.updates:
			if !ok {
				return
			}
			update = next
		case <-ctx.Done():
			return
		}
	}
}

// send writes an update, as far as the viewer takes it in time.
func send(w http.ResponseWriter, update []byte) error {
	control := http.NewResponseController(w)
	// Servers whose writers know no deadline have none.
	_ = control.SetWriteDeadline(time.Now().Add(sendPatience))
	if _, err := w.Write(update); err != nil {
		return err
	}
	return control.Flush()
}
