// Package rails is what Ruby on Rails does to what comes in and goes out: paths, bodies, parameters, values in JSON.
package rails

import "time"

// Object is a JSON object in the making.
type Object = map[string]any

// ISO is a time as Ruby's as_json has it: ISO 8601 with milliseconds.
func ISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// ISOOrNull is a time as ISO has it, null for none.
func ISOOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return ISO(t)
}

// Unix is a time in seconds, 0 for none.
func Unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Micros is a time in seconds with microseconds, as updated_at.to_f.
func Micros(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// OrNull is a text, null when it is empty.
func OrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// OrEmpty is an object, an empty one for none.
func OrEmpty(o Object) Object {
	if o == nil {
		return Object{}
	}
	return o
}

// OrNil is an id, null for 0.
func OrNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
