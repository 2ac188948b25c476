package dashboard

import (
	"net/http"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
)

// parkedShown is how many parked turns the page lists.
const parkedShown = 100

// parkedTurns lists what waits for somebody's word, what is due first at the head.
func (d *Dashboard) parkedTurns(w http.ResponseWriter, r *http.Request) {
	turns, err := d.Engine.ParkedTurns(r.Context(), parkedShown)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Parked{Total: int64(len(turns)), Chatwoot: d.Chatwoot}
	if len(turns) == parkedShown {
		stats, err := d.Engine.Stats(r.Context())
		if err != nil {
			d.failed(w, r, err)
			return
		}
		v.Total = max(stats.Parked, v.Total)
	}
	for _, turn := range turns {
		v.Turns = append(v.Turns, d.Mask.Parked(turn))
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "parked.title", Here: "/parked", Content: v})
}
