package dashboard

import (
	"net/http"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
)

// Alerts are the conditions that are watched for.
type Alerts interface {
	// List gives those that hold now, most urgent first; it must be cheap: it is asked every second.
	List() []pages.Alert
}

func (d *Dashboard) alerts(w http.ResponseWriter, r *http.Request) {
	v := pages.Alerts{On: d.Alerts != nil}
	if v.On {
		v.Alerts = d.Alerts.List()
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "alerts.title", Here: "/alerts", Content: v})
}
