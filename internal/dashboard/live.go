package dashboard

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	g "maragu.dev/gomponents"

	"tania/internal/pulse"
	"tania/internal/tania"
)

const (
	// viewerLimit bounds the streams that are open at once.
	viewerLimit = 500
	// together is how many viewers are told at once, and apart how long the next ones then wait: hundreds that are woken in one
	// moment would hold up the webhooks of that moment.
	together, apart = 4, 5 * time.Millisecond
	// sendPatience is how long a viewer may take to take one update.
	sendPatience = 10 * time.Second
)

// hub passes updates on. Each is rendered once for all viewers of a language.
type hub struct {
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

func (h *hub) open() {
	h.viewers, h.state = map[*viewer]struct{}{}, map[tania.Language][]byte{}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for v := range h.viewers {
		close(v.updates)
		delete(h.viewers, v)
	}
}

// join adds a viewer, where there is room.
func (h *hub) join(lang tania.Language) (v *viewer, leave func(), ok bool) {
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

// languages are those that somebody watches in.
func (h *hub) languages() map[tania.Language]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	spoken := map[tania.Language]bool{}
	for v := range h.viewers {
		spoken[v.lang] = true
	}
	return spoken
}

// send passes an update on to the viewers of a language; the state goes with it where it changed or a viewer is new.
func (h *hub) send(ctx context.Context, lang tania.Language, now, state []byte) {
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
func (h *hub) changed(lang tania.Language, state []byte) (viewers []*viewer, changed bool) {
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

// tell renders a sample for those who watch.
func (d *Dashboard) tell(ctx context.Context, sample pulse.Sample) {
	view := d.view(sample)
	for lang := range d.live.languages() {
		t := d.tongues[lang]()
		now, err := event("now", view.tiles(t))
		var state []byte
		if err == nil {
			state, err = event("state", view.state(t))
		}
		if err != nil {
			d.Log.Error("dashboard: update not made", "error", err)
			return
		}
		d.live.send(ctx, lang, now, state)
	}
}

// eventLines puts every line of an event's data on a line of its own. A carriage return ends one, too.
var eventLines = strings.NewReplacer("\r\n", "\ndata: ", "\n", "\ndata: ", "\r", "\ndata: ")

// event is a server-sent event with a part of the first page.
func event(name string, part g.Node) ([]byte, error) {
	var html strings.Builder
	if err := part.Render(&html); err != nil {
		return nil, err
	}
	return []byte("event: " + name + "\ndata: " + eventLines.Replace(html.String()) + "\n\n"), nil
}

// stream sends updates until the viewer goes, the session ends or the server does.
func (d *Dashboard) stream(w http.ResponseWriter, r *http.Request) {
	v, leave, ok := d.live.join(languageOf(r.Header.Get("Accept-Language")))
	if !ok {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many viewers", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	ctx := r.Context()
	if expires := operatorOf(ctx).Expires; !expires.IsZero() {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, expires.Sub(d.Now()))
		defer done()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would gather the updates
	control := http.NewResponseController(w)
	for first := true; ; first = false {
		update := []byte("retry: 2000\n\n")
		if !first {
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
		// Servers whose writers know no deadline have none.
		_ = control.SetWriteDeadline(time.Now().Add(sendPatience))
		if _, err := w.Write(update); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
	}
}
