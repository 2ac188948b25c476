package element

import (
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Tile is a figure under its name.
type Tile struct {
	Name, Value, Unit string
	// More is said below the figure.
	More string
	// ID is the name by which tests find the figure.
	ID string
	// Bad is a figure that somebody should look at.
	Bad bool
}

// Render writes the tile.
func (x Tile) Render(w io.Writer) error {
	class := "tile"
	if x.Bad {
		class += " bad"
	}
	return h.Div(
		h.Class(class),
		h.Dt(g.Text(x.Name)),
		h.Dd(g.If(x.ID != "", TestID(x.ID)), g.Text(x.Value), g.If(x.Unit != "", h.Span(h.Class("unit"), g.Text(x.Unit)))),
		g.If(x.More != "", h.Dd(h.Class("more"), g.Text(x.More))),
	).Render(w)
}
