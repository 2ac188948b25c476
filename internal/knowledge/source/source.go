// Package source reads what a team has written elsewhere, so that the bot can answer from it. It finds out what kind of source an address
// is, and gives the documents; what comes in was written by others and is only ever data.
package source

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/helpcentre"
	"tania/internal/knowledge/source/learned"
)

// Reader reads sources.
type Reader struct {
	// Fetch is what web servers are read with. Private addresses are added to it that an origin names.
	Fetch fetch.Options
}

// errUnknown is for an address of a kind that is not read.
var errUnknown = errors.New("is no help centre of Chatwoot: its address has /hc/ and the name of the centre in it")

// Read gives what a source says now. An error means that it could not be read whole, and that what it said before still counts.
func (r Reader) Read(ctx context.Context, o learned.Origin) (learned.Reading, error) {
	options := r.Fetch
	options.Private = append(append([]string{}, options.Private...), o.Private...)
	f, err := fetch.New(options)
	if err != nil {
		return learned.Reading{}, err
	}
	defer f.Close()
	if !isWeb(o.Address) {
		return learned.Reading{}, fmt.Errorf("source: %s %w", o.Address, errUnknown)
	}
	portal, ok := helpcentre.Find(o.Address)
	if !ok {
		// A help centre's own domain leads to it.
		answer, err := f.Get(ctx, fetch.Request{URL: o.Address, Accept: "text/html"})
		if err != nil {
			return learned.Reading{}, err
		}
		if portal, ok = helpcentre.Find(answer.URL); !ok {
			return learned.Reading{}, fmt.Errorf("source: %s %w", o.Address, errUnknown)
		}
	}
	return helpcentre.Read(ctx, f, portal)
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}
