package governor

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// workdays are Monday to Friday.
var workdays = [7]bool{time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true}

var everyDay = [7]bool{true, true, true, true, true, true, true}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func clock(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

func TestServiceHours(t *testing.T) {
	mexico, newYork, beirut := zone(t, "America/Mexico_City"), zone(t, "America/New_York"), zone(t, "Asia/Beirut")
	office := ServiceHours{Location: mexico, Start: clock(9, 0), End: clock(18, 0), Days: workdays, Holidays: []Holiday{
		{Month: time.December, Day: 25}, {Year: 2026, Month: time.September, Day: 16},
	}}
	night := ServiceHours{
		Location: mexico, Start: clock(22, 0), End: clock(6, 0), Days: workdays,
		Holidays: []Holiday{{Year: 2026, Month: time.June, Day: 18}},
	}
	american := ServiceHours{Location: newYork, Start: clock(2, 30), End: clock(4, 0), Days: everyDay}
	early := ServiceHours{Location: newYork, Start: clock(0, 0), End: clock(1, 30), Days: everyDay}
	whole := ServiceHours{Location: beirut, Start: clock(9, 0), End: clock(9, 0), Days: everyDay}
	eastern := ServiceHours{Location: beirut, Start: clock(0, 30), End: clock(4, 0), Days: everyDay}
	for _, c := range []struct {
		name  string
		hours ServiceHours
		at    string
		open  bool
	}{
		{"Wednesday at nine in Mexico", office, "2026-06-17T09:00:00-06:00", true},
		{"a second before nine", office, "2026-06-17T08:59:59-06:00", false},
		{"at six they are closed", office, "2026-06-17T18:00:00-06:00", false},
		{"Saturday", office, "2026-06-20T12:00:00-06:00", false},
		{"Friday noon in Mexico, Saturday in Tokyo", office, "2026-06-20T03:00:00+09:00", true},
		{"Christmas of any year", office, "2028-12-25T12:00:00-06:00", false},
		{"a holiday of this year", office, "2026-09-16T12:00:00-06:00", false},
		{"not of the next", office, "2027-09-16T12:00:00-06:00", true},

		{"Monday night", night, "2026-06-15T23:00:00-06:00", true},
		{"its small hours", night, "2026-06-16T05:59:00-06:00", true},
		{"its end", night, "2026-06-16T06:00:00-06:00", false},
		{"Saturday's small hours belong to Friday", night, "2026-06-20T05:00:00-06:00", true},
		{"Saturday night", night, "2026-06-20T23:00:00-06:00", false},
		{"Monday's small hours belong to Sunday", night, "2026-06-15T03:00:00-06:00", false},
		{"a holiday's small hours belong to its eve", night, "2026-06-18T03:00:00-06:00", true},
		{"the holiday's own night", night, "2026-06-18T23:00:00-06:00", false},

		{"2:30 is skipped in spring: open from 3:00", american, "2026-03-08T03:00:00-04:00", true},
		{"the minute before the clocks jump", american, "2026-03-08T01:59:00-05:00", false},
		{"its end is on the wall clock", american, "2026-03-08T03:59:00-04:00", true},
		{"and then closed", american, "2026-03-08T04:00:00-04:00", false},
		{"the second 2:30 in autumn, when 1:30 comes twice", american, "2026-11-01T02:30:00-05:00", true},
		{"midnight to half past one, before the clocks go back", early, "2026-11-01T01:29:00-04:00", true},
		{"an hour later still 0:30 to nobody: closed by two", early, "2026-11-01T02:00:00-05:00", false},

		{"the same start and end is all day", whole, "2026-06-17T03:00:00+03:00", true},
		{"where midnight is skipped", whole, "2026-03-29T01:00:00+03:00", true},
		{"half past midnight is skipped too: open from one", eastern, "2026-03-29T01:00:00+03:00", true},
		{"the second before that", whole, "2026-03-28T23:59:59+02:00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.hours.Open(at.UTC()); got != c.open {
				t.Errorf("open %v at %s", got, c.at)
			}
		})
	}
}

func TestOpensAndClosedSinceAreTheEdgesOfAClosedPeriod(t *testing.T) {
	mexico := zone(t, "America/Mexico_City")
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, mexico)
	}
	office := ServiceHours{
		Location: mexico, Start: clock(9, 0), End: clock(18, 0), Days: workdays,
		Holidays: []Holiday{{Month: time.June, Day: 22}},
	}
	night := ServiceHours{Location: mexico, Start: clock(22, 0), End: clock(6, 0), Days: everyDay}
	for _, c := range []struct {
		name          string
		hours         ServiceHours
		t             time.Time
		opens, closed time.Time
	}{
		{"a night", office, at(6, 17, 23), at(6, 18, 9), at(6, 17, 18)},
		{"the small hours", office, at(6, 18, 3), at(6, 18, 9), at(6, 17, 18)},
		{"a weekend before a holiday", office, at(6, 20, 12), at(6, 23, 9), at(6, 19, 18)},
		{"the day of a night service", night, at(6, 17, 12), at(6, 17, 22), at(6, 17, 6)},
	} {
		opens, ok := c.hours.Opens(c.t)
		if closed := c.hours.ClosedSince(c.t); !ok || !opens.Equal(c.opens) || !closed.Equal(c.closed) {
			t.Errorf("%s: closed since %s, opens %s (%v)", c.name, closed, opens, ok)
		}
	}
	if opens, ok := office.Opens(at(6, 17, 12)); !ok || !opens.Equal(at(6, 17, 12)) {
		t.Errorf("open already, opens %s", opens)
	}
	never := ServiceHours{Location: mexico, End: clock(24, 0)}
	if opens, ok := never.Opens(at(6, 17, 12)); ok {
		t.Errorf("without days of service it opens %s", opens)
	}
	if since := never.ClosedSince(at(6, 17, 12)); since.After(at(6, 17, 12).AddDate(-1, 0, 0)) {
		t.Errorf("without days of service it is closed since %s", since)
	}
}
