package config

import (
	"testing"
	"time"
)

func TestWeekdaysAreReadInEveryWayPeopleWriteThem(t *testing.T) {
	all := [7]bool{true, true, true, true, true, true, true}
	for _, x := range []struct {
		text string
		want [7]bool // from Sunday
	}{
		{"mon-fri", [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}},
		{"1-5", [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}},
		{"Monday, wednesday ,SUN", [7]bool{0: true, 1: true, 3: true}},
		{"7", [7]bool{0: true}},
		{"sat-sun", [7]bool{0: true, 6: true}},
		{"fri-tue", [7]bool{0: true, 1: true, 2: true, 5: true, 6: true}},
		{"6-2", [7]bool{0: true, 1: true, 2: true, 6: true}},
		{"mon-sun", all},
		{"1-7", all},
		{"mon-mon", [7]bool{1: true}},
		{"tues,thurs", [7]bool{2: true, 4: true}},
	} {
		if got, err := weekdays().parse(x.text); err != nil || got != x.want {
			t.Errorf("%s: %v %v", x.text, got, err)
		}
	}
	for _, text := range []string{"mo", "8", "0", "mon-", "-fri", "mon..fri", "", "mon,,tue", "lun"} {
		if got, err := weekdays().parse(text); err == nil {
			t.Errorf("%q gives %v", text, got)
		}
	}
}

func TestTimesOfDay(t *testing.T) {
	for text, want := range map[string]time.Duration{"00:00": 0, "9:05": 9*time.Hour + 5*time.Minute, "24:00": 24 * time.Hour} {
		got, err := clock().parse(text)
		if err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	if got := clockText(9*time.Hour + 5*time.Minute); got != "09:05" {
		t.Error(got)
	}
	for _, text := range []string{"9:5", "09:60", "25:00", "24:01", "-1:00", "9.00", "9:00pm"} {
		if _, err := clock().parse(text); err == nil {
			t.Errorf("%q is a time of day", text)
		}
	}
}

func TestTheBotsTimeZoneIsTheServiceHoursUnlessSet(t *testing.T) {
	for _, c := range []struct {
		environ []string
		want    string
	}{
		{nil, "UTC"},
		{[]string{"GOVERNOR_SERVICE_HOURS_TIMEZONE=America/Bogota"}, "America/Bogota"},
		{[]string{"GOVERNOR_SERVICE_HOURS_TIMEZONE=America/Bogota", "BOT_TIMEZONE=America/Mexico_City"}, "America/Mexico_City"},
	} {
		if got := mustLoad(t, c.environ...).Location.String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.environ, got, c.want)
		}
	}
}
