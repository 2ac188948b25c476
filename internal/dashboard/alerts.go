package dashboard

import (
	"net/http"
	"time"
)

// Alerts are the conditions that are watched for.
type Alerts interface {
	// List gives those that hold now, most urgent first; it must be cheap: it is asked every second.
	List() []Alert
}

// Alert is a condition that holds.
type Alert struct {
	Name string
	// Since is when it began.
	Since time.Time
	// Value is over, or under, Threshold.
	Value, Threshold float64
	// Text says what is wrong, Mend what to do.
	Text, Mend string
}

// alertsView is the page's data.
type alertsView struct {
	On     bool
	Alerts []Alert
}

func (d *Dashboard) alerts(w http.ResponseWriter, r *http.Request) {
	v := alertsView{On: d.Alerts != nil}
	if v.On {
		v.Alerts = d.Alerts.List()
	}
	d.render(w, r, http.StatusOK, page{Title: "alerts.title", Here: "/alerts", Content: v})
}
