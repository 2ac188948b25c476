package pdftext

import (
	"bytes"
	"errors"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Limits of what is looked at within a file.
const (
	mostPages = 1000
	mostText  = 1 << 20
	// mostForms is how many contents within contents are followed: one that holds itself has no end.
	mostForms = 8
)

// What is wrong with a file, in words that go on from its name.
const (
	broken    = "is no PDF that can be read"
	encrypted = "opens with a password alone: save it without one"
	unknown   = "is encrypted in a way that is not known here: print it to a PDF without encryption"
	scanned   = "has pages and no text: it is a scan; recognise its text (OCR) first"
)

// extract reads a file. Whatever a broken one does to the library is a problem of the file.
func extract(content []byte) (t Text) {
	defer func() {
		if p := recover(); p != nil && t.Markdown == "" {
			t.Problem = broken
		}
	}()
	content, err := decrypted(content)
	if err != nil {
		return Text{Problem: encrypted}
	}
	file, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return Text{Problem: encrypted}
	case err != nil && bytes.Contains(content, []byte("/Encrypt")):
		return Text{Problem: unknown}
	case err != nil:
		return Text{Problem: broken}
	}
	t.Title = strings.TrimSpace(file.Trailer().Key("Info").Key("Title").Text())
	w := &writer{}
	pages := min(file.NumPage(), mostPages)
	for n := 1; n <= pages && w.written < mostText; n++ {
		readPage(file, n, w)
	}
	if t.Markdown = w.markdown(); strings.TrimSpace(t.Markdown) == "" {
		if pages == 0 {
			return Text{Problem: broken}
		}
		return Text{Problem: scanned}
	}
	return t
}

// readPage gives the writer a page. What is broken in it does not keep the other pages from being read.
func readPage(file *pdf.Reader, n int, w *writer) {
	defer func() { _ = recover() }()
	p := file.Page(n)
	if p.V.IsNull() {
		return
	}
	w.beginPage()
	c := &content{writer: w, fonts: map[string]*font{}}
	c.transform = identity
	c.run(p.V.Key("Contents"), p.Resources())
}

// matrix is a PDF's: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// mul is m, then n.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// state is what the operators of a content set, as far as it moves text.
type state struct {
	transform            matrix
	font                 *font
	size, leading, rise  float64
	between, word, scale float64
}

// content is the drawing of a page while it is followed.
type content struct {
	*writer
	state
	stack      []state
	text, line matrix
	fonts      map[string]*font
	resources  pdf.Value
	depth      int
}

// run follows a content, or one of the forms in it.
func (c *content) run(stream, resources pdf.Value) {
	before := c.resources
	c.resources = resources
	pdf.Interpret(stream, func(stk *pdf.Stack, op string) {
		args := make([]pdf.Value, stk.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stk.Pop()
		}
		if c.written < mostText {
			c.do(op, args)
		}
	})
	c.resources = before
}

// numbers are the operands as such, with as many as an operator needs.
func numbers(args []pdf.Value, n int) []float64 {
	all := make([]float64, n)
	for i := range min(n, len(args)) {
		all[i] = args[i].Float64()
	}
	return all
}

func matrixOf(args []pdf.Value) matrix { return matrix(numbers(args, 6)) }

// do is one operator (ISO 32000-1, annex A).
func (c *content) do(op string, args []pdf.Value) {
	x := numbers(args, 3)
	switch op {
	case "q":
		if len(c.stack) < 1000 {
			c.stack = append(c.stack, c.state)
		}
	case "Q":
		if n := len(c.stack); n > 0 {
			c.state, c.stack = c.stack[n-1], c.stack[:n-1]
		}
	case "cm":
		c.transform = matrixOf(args).mul(c.transform)
	case "Do":
		c.form(args)
	case "BT":
		c.text, c.line = identity, identity
	case "Tf":
		if len(args) == 2 {
			c.font, c.size = c.fontOf(args[0].Name()), args[1].Float64()
		}
	case "Tc":
		c.between = x[0]
	case "Tw":
		c.word = x[0]
	case "Tz":
		c.scale = x[0]/100 - 1
	case "TL":
		c.leading = x[0]
	case "Ts":
		c.rise = x[0]
	case "Td":
		c.move(x[0], x[1])
	case "TD":
		c.leading = -x[1]
		c.move(x[0], x[1])
	case "Tm":
		c.line = matrixOf(args)
		c.text = c.line
	case "T*":
		c.move(0, -c.leading)
	default:
		c.show(op, args)
	}
}

// show is the operators that draw text.
func (c *content) show(op string, args []pdf.Value) {
	if len(args) == 0 {
		return
	}
	last := args[len(args)-1]
	switch op {
	case "\"":
		if len(args) == 3 {
			c.word, c.between = args[0].Float64(), args[1].Float64()
		}
		fallthrough
	case "'":
		c.move(0, -c.leading)
		c.draw(last.RawString())
	case "Tj":
		c.draw(last.RawString())
	case "TJ":
		for i := range last.Len() {
			if v := last.Index(i); v.Kind() == pdf.String {
				c.draw(v.RawString())
			} else {
				c.advance(-v.Float64() / 1000 * c.size)
			}
		}
	}
}

func (c *content) move(x, y float64) {
	c.line = matrix{1, 0, 0, 1, x, y}.mul(c.line)
	c.text = c.line
}

func (c *content) advance(width float64) {
	c.text = matrix{1, 0, 0, 1, width * (1 + c.scale), 0}.mul(c.text)
}

// draw places a text and moves on by its width.
func (c *content) draw(raw string) {
	if c.font == nil {
		return
	}
	at := matrix{c.size, 0, 0, c.size, 0, c.rise}.mul(c.text).mul(c.transform)
	width := 0.0
	for _, code := range c.font.codes(raw) {
		width += c.font.width(code)/1000*c.size + c.between
		if code == ' ' && !c.font.wide {
			width += c.word
		}
	}
	c.advance(width)
	end := c.text.mul(c.transform)
	text := c.font.decode(raw)
	if letters := []rune(text); len(letters) == 2 && c.between > 0.15*c.size {
		text = string(letters[0]) + " " + string(letters[1]) // the space between two words, as Ghostscript writes some
	}
	c.place(text, at, end[4], c.font.bold)
}

// form follows a content within a content.
func (c *content) form(args []pdf.Value) {
	if len(args) != 1 || c.depth == mostForms {
		return
	}
	form := c.resources.Key("XObject").Key(args[0].Name())
	if form.Kind() != pdf.Stream || form.Key("Subtype").Name() != "Form" {
		return
	}
	state, stack, fonts, depth := c.state, c.stack, c.fonts, c.depth
	if m := form.Key("Matrix"); m.Len() == 6 {
		own := matrix{}
		for i := range own {
			own[i] = m.Index(i).Float64()
		}
		c.transform = own.mul(c.transform)
	}
	resources := form.Key("Resources")
	if resources.IsNull() {
		resources = c.resources
	}
	c.stack, c.fonts, c.depth = nil, map[string]*font{}, depth+1
	c.run(form, resources)
	c.state, c.stack, c.fonts, c.depth = state, stack, fonts, depth
}
