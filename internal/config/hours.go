package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none, as static images do
)

func timezone() kind[*time.Location] {
	return kind[*time.Location]{
		"a name of the IANA time zone database, America/Mexico_City for example",
		func(s string) (*time.Location, error) {
			if strings.EqualFold(s, "local") {
				return nil, wrong{"depends on the machine", "name the zone, America/Mexico_City for example"}
			}
			location, err := time.LoadLocation(s)
			if err != nil {
				return nil, errors.New("is not a known time zone")
			}
			return location, nil
		},
	}
}

// clock is a time of day; 24:00 is the end of the day.
func clock() kind[time.Duration] {
	return kind[time.Duration]{"HH:MM, from 00:00 to 24:00", func(s string) (time.Duration, error) {
		hour, minute, ok := strings.Cut(s, ":")
		h, errH := strconv.ParseUint(hour, 10, 8)
		m, errM := strconv.ParseUint(minute, 10, 8)
		read := ok && errH == nil && errM == nil && len(minute) == 2
		if !read || m > 59 || h*60+m > 24*60 {
			return 0, errors.New("is not a time of day")
		}
		return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, nil
	}}
}

func clockText(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// weekdays are named mon to sun (longer names too) or 1 to 7, in ranges and lists: "mon-fri,sun", "1-5,7", "fri-mon".
func weekdays() kind[[7]bool] {
	return kind[[7]bool]{"days and ranges of days, mon-fri,sun or 1-5,7 for example (1 is Monday)", func(s string) ([7]bool, error) {
		var days [7]bool
		for item := range strings.SplitSeq(s, ",") {
			from, to, isRange := strings.Cut(item, "-")
			first, ok1 := weekday(from)
			last, ok2 := first, true
			if isRange {
				last, ok2 = weekday(to)
			}
			if !ok1 || !ok2 {
				return days, fmt.Errorf("%q in the list is not a day or a range of days", strings.TrimSpace(item))
			}
			for d := first; ; d = (d + 1) % 7 {
				days[d] = true
				if d == last {
					break
				}
			}
		}
		return days, nil
	}}
}

func weekday(s string) (time.Weekday, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		// 7 is Sunday, as 0 would be.
		if s == strconv.Itoa((int(d)+6)%7+1) || len(s) >= 3 && strings.HasPrefix(name, s) {
			return d, true
		}
	}
	return 0, false
}

// holiday is a date, of one year or of every year.
func holiday() kind[Holiday] {
	return kind[Holiday]{"YYYY-MM-DD, or MM-DD for every year", func(s string) (Holiday, error) {
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return Holiday{t.Year(), t.Month(), t.Day()}, nil
		}
		// A leap year, so that 02-29 is a date.
		if t, err := time.Parse(time.DateOnly, "2000-"+s); err == nil {
			return Holiday{0, t.Month(), t.Day()}, nil
		}
		return Holiday{}, errors.New("is not a date")
	}}
}
