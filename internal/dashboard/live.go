package dashboard

import (
	"context"
	"net/http"
	"sync"
	"time"

	"tania/internal/dashboard/live"
	"tania/internal/dashboard/session"
	"tania/internal/dashboard/texts"
	"tania/internal/pulse"
)

// tell renders a sample for those who watch.
func (d *Dashboard) tell(ctx context.Context, sample pulse.Sample) {
	view := d.view(sample)
	for lang := range d.live.Languages() {
		t := d.translations[lang]()
		now, err := live.Event("now", view.Tiles(t))
		var state []byte
		if err == nil {
			state, err = live.Event("state", view.State(t))
		}
		if err != nil {
			d.Log.Error("dashboard: update not made", "error", err)
			return
		}
		d.live.Send(ctx, lang, now, state)
	}
}

// stream sends updates until the viewer goes, the session ends or the server does.
func (d *Dashboard) stream(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if expires := session.OperatorOf(ctx).Expires; !expires.IsZero() {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, expires.Sub(d.Now()))
		defer done()
	}
	ctx, done := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { d.whileSignedIn(ctx, r, done) })
	defer watching.Wait()
	defer done()
	d.live.Stream(ctx, w, texts.LanguageOf(r.Header.Get("Accept-Language")))
}

// stillIn is how often a stream looks whether its session still lasts.
const stillIn = 2 * time.Second

// whileSignedIn ends a user's stream when the session ends: by a sign-out elsewhere, or because an operator ended it.
func (d *Dashboard) whileSignedIn(ctx context.Context, r *http.Request, end context.CancelFunc) {
	if !session.OperatorOf(r.Context()).User {
		return
	}
	tick := time.NewTicker(stillIn)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if _, ok := d.sessions.Of(r); !ok {
				end()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
