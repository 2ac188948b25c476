package dashboard

import (
	"net/http"
	"time"

	"tania/internal/bot"
	"tania/internal/tania"
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
	// Title, Text and Fix say what it is, what is wrong and what to do.
	Title, Text, Fix bot.Text
	// Stops reports whether customers are not answered while it lasts.
	Stops bool
}

// in gives an alert's words in a page's language, else in English, else in any: another version may have raised it.
func in(t *texts, words bot.Text) string {
	if s := words.In(t.lang, tania.English); s != "" {
		return s
	}
	for _, s := range words {
		return s
	}
	return ""
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
