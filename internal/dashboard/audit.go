package dashboard

import (
	"net/http"
	"time"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
)

// auditShown is how many entries of the audit log the page lists.
const auditShown = 200

// audit lists who did what, the newest first.
func (d *Dashboard) audit(w http.ResponseWriter, r *http.Request) {
	entries, err := d.Audit.List(r.Context(), time.Time{})
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "audit.title", Here: "/audit", Content: pages.Audit{
		Entries: entries[:min(len(entries), auditShown)],
	}})
}
