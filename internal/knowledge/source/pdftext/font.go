package pdftext

import (
	"strings"

	"github.com/ledongthuc/pdf"
)

// font decodes texts and knows how wide they are, in thousandths of their size.
type font struct {
	encoding pdf.TextEncoding
	simple   pdf.Font
	// wide reports whether a code has two bytes; widths are then by code, other where there is none.
	wide   bool
	widths map[int]float64
	other  float64
	bold   bool
}

// fontOf is a font of the content that is followed; nil where it is not known.
func (c *content) fontOf(name string) *font {
	if f, known := c.fonts[name]; known {
		return f
	}
	v := c.resources.Key("Font").Key(name)
	if v.IsNull() {
		c.fonts[name] = nil
		return nil
	}
	f := &font{simple: pdf.Font{V: v}, other: 500}
	f.encoding = f.simple.Encoder()
	f.bold = strings.Contains(strings.ToLower(f.simple.BaseFont()), "bold")
	if v.Key("Subtype").Name() == "Type0" {
		f.wide, f.other, f.widths = true, 1000, map[int]float64{}
		below := v.Key("DescendantFonts").Index(0)
		if d := below.Key("DW"); !d.IsNull() {
			f.other = d.Float64()
		}
		f.readWidths(below.Key("W"))
	}
	c.fonts[name] = f
	return f
}

// readWidths takes the array of a font with wide codes: "first [w w w]", or "first last w".
func (f *font) readWidths(w pdf.Value) {
	for i := 0; i+1 < w.Len(); {
		first := int(w.Index(i).Int64())
		if list := w.Index(i + 1); list.Kind() == pdf.Array {
			for n := range list.Len() {
				f.widths[first+n] = list.Index(n).Float64()
			}
			i += 2
			continue
		}
		last, width := int(w.Index(i+1).Int64()), w.Index(i+2).Float64()
		for code := first; code <= last && code-first <= 0xffff; code++ {
			f.widths[code] = width
		}
		i += 3
	}
}

// codes are the characters' of a text.
func (f *font) codes(raw string) (all []int) {
	if !f.wide {
		for i := range len(raw) {
			all = append(all, int(raw[i]))
		}
		return all
	}
	for i := 0; i+1 < len(raw); i += 2 {
		all = append(all, int(raw[i])<<8|int(raw[i+1]))
	}
	return all
}

func (f *font) width(code int) float64 {
	if f.wide {
		if w, ok := f.widths[code]; ok {
			return w
		}
		return f.other
	}
	if w := f.simple.Width(code); w > 0 {
		return w
	}
	return f.other
}

// ligatures are letters that people search for one by one.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st", "\u00a0", " ",
	"\u00ad", "", "\x00", "", "\ufffd", "")

func (f *font) decode(raw string) string { return ligatures.Replace(f.encoding.Decode(raw)) }
