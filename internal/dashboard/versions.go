package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/dashboard/session"
	"tania/internal/operator"
	"tania/internal/queue"
)

// versionsShown is how many versions the bot's page lists.
const versionsShown = 20

// versions adds the bot's versions and sources to its page. Without them the page shows the rest.
func (d *Dashboard) versions(r *http.Request, v *pages.Bot) {
	if d.Bot.Versions == nil {
		return
	}
	list, err := d.Bot.Versions.Versions(r.Context())
	if err != nil {
		d.Log.Warn("dashboard: the bot's versions were not read", "error", err)
	}
	v.Published = list[:min(len(list), versionsShown)]
	v.Sources = d.sources(r.Context())
}

// botVersion shows what a version changed, and what going back to it would.
func (d *Dashboard) botVersion(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.PathValue("number"))
	if d.Bot.Versions == nil || number < 1 {
		d.refuse(w, r, http.StatusNotFound, "no_version")
		return
	}
	shown, err := d.Bot.Versions.Version(r.Context(), number)
	if err != nil {
		d.failedVersion(w, r, err)
		return
	}
	current, err := d.Bot.Versions.Version(r.Context(), 0)
	if err != nil {
		d.failedVersion(w, r, err)
		return
	}
	v := pages.BotVersion{BotVersion: shown.BotVersion, Current: current.Number}
	before, err := d.Bot.Versions.Version(r.Context(), max(number-1, 1))
	switch {
	case number == 1:
		v.Changed = operator.Difference(operator.Version{}, shown)
	case err == nil:
		v.Changed = operator.Difference(before, shown)
	case !errors.Is(err, queue.ErrNotFound): // the oldest that is stored has none before it
		d.failedVersion(w, r, err)
		return
	}
	if number != current.Number {
		v.Back = operator.Difference(current, shown)
	}
	d.render(w, r, http.StatusOK, element.Page{Title: "version.title", Subtitle: strconv.Itoa(number), Here: "/bot", Content: v})
}

// rollBack publishes the files of an earlier version again.
func (d *Dashboard) rollBack(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.PathValue("number"))
	if d.Bot.Versions == nil || number < 1 {
		d.refuse(w, r, http.StatusNotFound, "no_version")
		return
	}
	by, why := session.By(r), strings.TrimSpace(r.PostFormValue("why"))
	v, err := d.Bot.Versions.RollBack(r.Context(), number, by, why)
	if err != nil {
		d.failedVersion(w, r, err)
		return
	}
	d.Log.Info("went back to an earlier version of the bot", "of", number, "version", v.Number, "by", by, "why", why)
	http.Redirect(w, r, "/bot?"+url.Values{"done": {"went_back"}, "n": {strconv.Itoa(v.Number)}}.Encode(), http.StatusSeeOther)
}

func (d *Dashboard) failedVersion(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, queue.ErrNotFound):
		d.refuse(w, r, http.StatusNotFound, "no_version")
	case errors.Is(err, operator.ErrUnreadable):
		d.refuse(w, r, http.StatusUnprocessableEntity, "unreadable_version")
	case errors.Is(err, queue.ErrNotCurrent):
		d.refuse(w, r, http.StatusConflict, "other_version")
	default:
		d.failed(w, r, err)
	}
}
