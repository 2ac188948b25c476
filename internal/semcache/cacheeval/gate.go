package cacheeval

import "tania/internal/semcache"

// Admitted counts what the gate let pass of one kind.
type Admitted struct {
	N        int `json:"n"`
	Admitted int `json:"admitted"`
}

// Gate asks the gate about each message, and counts by why it may or may not be cached.
func Gate(rows []Row) map[string]Admitted {
	counts := map[string]Admitted{}
	for _, r := range rows {
		c := counts[r.Why]
		c.N++
		if semcache.Gate(r.Text) == "" {
			c.Admitted++
		}
		counts[r.Why] = c
	}
	return counts
}

// Guarded counts pairs of one category that were served.
type Guarded struct {
	Different       int `json:"different"`
	DifferentServed int `json:"different_served"`
	Same            int `json:"same"`
	SameServed      int `json:"same_served"`
}

// Guards stores the first of each pair and looks the second up.
func Guards(m *semcache.Model, rows []Row) map[string]Guarded {
	counts := map[string]Guarded{}
	for _, r := range rows {
		c := counts[r.Category]
		served := Serves(m, r)
		if r.Same == 1 {
			c.Same++
			if served {
				c.SameServed++
			}
		} else {
			c.Different++
			if served {
				c.DifferentServed++
			}
		}
		counts[r.Category] = c
	}
	return counts
}
