package cacheeval

import "tania/internal/semcache"

// Serves says whether the answer to a pair's first question is given to its second.
func Serves(m *semcache.Model, r Row) bool {
	shelf := semcache.NewShelf(m)
	first := semcache.Read(r.A, r.Language)
	shelf.Keep(first, "stored", shelf.Look(first))
	return shelf.Look(semcache.Read(r.B, r.Language)).Hit
}
