// Package source reads what a team has written elsewhere, so that the bot can answer from it. It finds out what kind of source an address
// is, and gives the documents; what comes in was written by others and is only ever data.
package source

import (
	"context"
	"path/filepath"
	"strings"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/helpcentre"
	"tania/internal/knowledge/source/learned"
)

// Reader reads sources.
type Reader struct {
	// Fetch is what web servers are read with. Private addresses are added to it that an origin names.
	Fetch fetch.Options
	// Marks are what is remembered of the pages of an origin; nil where nothing is.
	Marks func(learned.Origin) (map[string]learned.Mark, error)
}

// Read gives what a source says now. An error means that it could not be read whole, and that what it said before still counts.
func (r Reader) Read(ctx context.Context, o learned.Origin) (learned.Reading, error) {
	if !isWeb(o.Address) {
		return readFiles(o.Address)
	}
	options := r.Fetch
	options.Private = append(append([]string{}, options.Private...), o.Private...)
	f, err := fetch.New(options)
	if err != nil {
		return learned.Reading{}, err
	}
	defer f.Close()
	if portal, ok := helpcentre.Find(o.Address); ok {
		return helpcentre.Read(ctx, f, portal)
	}
	s := site{fetcher: f, depth: o.Depth}
	if r.Marks != nil {
		if s.marks, err = r.Marks(o); err != nil {
			return learned.Reading{}, err
		}
	}
	first, err := s.open(ctx, o.Address)
	if err != nil {
		return learned.Reading{}, err
	}
	// A help centre's own domain leads to it.
	if portal, ok := helpcentre.Find(first.URL); ok {
		return helpcentre.Read(ctx, f, portal)
	}
	return s.read(ctx, first)
}

// Address is the one form of the ways to write the address of a source.
func Address(given string) string {
	if !isWeb(given) {
		return filepath.ToSlash(filepath.Clean(given))
	}
	if portal, ok := helpcentre.Find(given); ok {
		return portal.String()
	}
	return given
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}
