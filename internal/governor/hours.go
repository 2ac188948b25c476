package governor

import "time"

// ServiceHours are the times the bot serves in.
type ServiceHours struct {
	Location *time.Location
	// Start and End are wall-clock times since midnight. An End before Start is on the next day, and the whole span
	// belongs to the day it starts on; equal, or 0 and 24 h, is the whole day.
	Start, End time.Duration
	// Days are those of service, by time.Weekday.
	Days [7]bool
	// Holidays are days without service, whatever their weekday.
	Holidays []Holiday
}

// Holiday is a day of a year; Year 0: of every year.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// horizon is how many days Opens and ClosedSince look ahead and back.
const horizon = 370

// Open reports whether t is in service hours.
func (h *ServiceHours) Open(t time.Time) bool {
	for _, days := range [...]int{-1, 0} {
		if from, to, ok := h.span(t, days); ok && !t.Before(from) && t.Before(to) {
			return true
		}
	}
	return false
}

// Opens gives the first time from t on that is in service hours, in their zone; ok is false when none is within a year.
func (h *ServiceHours) Opens(t time.Time) (opens time.Time, ok bool) {
	if h.Open(t) {
		return t.In(h.Location), true
	}
	for days := range horizon {
		if from, _, ok := h.span(t, days); ok && !from.Before(t) {
			return from, true
		}
	}
	return time.Time{}, false
}

// ClosedSince gives the end of the last service hours before t, for a t outside of them. When none were within a
// year it gives a time about a year ago.
func (h *ServiceHours) ClosedSince(t time.Time) time.Time {
	for days := range horizon {
		if _, to, ok := h.span(t, -days); ok && !to.After(t) {
			return to
		}
	}
	return t.AddDate(0, 0, -horizon)
}

// span gives the service hours that start some days after t's date; ok is false when that is no day of service.
func (h *ServiceHours) span(t time.Time, days int) (from, to time.Time, ok bool) {
	year, month, day := t.In(h.Location).Date()
	// Noon is on its date in every zone.
	noon := time.Date(year, month, day+days, 12, 0, 0, 0, h.Location)
	if !h.Days[noon.Weekday()] || h.holiday(noon) {
		return from, to, false
	}
	start, end := h.Start, h.End
	switch {
	case start == end:
		start, end = 0, 24*time.Hour
	case end < start:
		end += 24 * time.Hour
	}
	return wallClock(noon, start), wallClock(noon, end), true
}

func (h *ServiceHours) holiday(t time.Time) bool {
	year, month, day := t.Date()
	for _, d := range h.Holidays {
		if d.Month == month && d.Day == day && (d.Year == 0 || d.Year == year) {
			return true
		}
	}
	return false
}

// wallClock gives the moment when the clocks on date show a time since midnight. A time that the clocks skip is the
// moment they skip it.
func wallClock(date time.Time, since time.Duration) time.Time {
	year, month, day := date.Date()
	minutes := int(since / time.Minute)
	t := time.Date(year, month, day, 0, minutes, 0, 0, date.Location())
	asked := time.Date(year, month, day, 0, minutes, 0, 0, time.UTC)
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	start, end := t.ZoneBounds()
	switch {
	case shown.After(asked):
		return start
	case shown.Before(asked):
		return end
	}
	return t
}
