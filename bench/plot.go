package main

import (
	"fmt"
	"math"
	"strings"
)

// chart is a plot of lines, both axes from the left below.
type chart struct {
	title, across, up string
	// ticks are the marked places of the axis across, which is logarithmic if so said.
	ticks       []float64
	logarithmic bool
	lines       []line
}

// line is one of a chart.
type line struct {
	name   string
	x, y   []float64
	dotted bool
}

var colours = []string{"#c0392b", "#2471a3", "#1e8449", "#7d3c98"}

// svg draws a chart.
func (c chart) svg() string {
	const width, height, left, bottom, top, right = 720, 320, 60, 50, 20, 150
	most := 0.0
	for _, l := range c.lines {
		for _, y := range l.y {
			most = math.Max(most, y)
		}
	}
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for most/step < 4 {
		step /= 2
	}
	most = math.Ceil(most/step+0.5) * step
	scale := func(v float64) float64 {
		if c.logarithmic {
			return math.Log10(v)
		}
		return v
	}
	first, last := scale(c.ticks[0]), scale(c.ticks[len(c.ticks)-1])
	x := func(v float64) float64 { return left + (scale(v)-first)/(last-first)*(width-left-right) }
	y := func(v float64) float64 { return height - bottom - v/most*(height-bottom-top) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n",
		width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", c.title)
	for v := 0.0; v <= most; v += step {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end" fill="#333">%g</text>`+"\n", left, y(v),
			width-right, left-8, y(v)+4, v)
	}
	for _, t := range c.ticks {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#333">%.0f</text>`+"\n", x(t), height-bottom+18, t)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#333">%s</text>`+"\n", (left+width-right)/2, height-12, c.across)
	fmt.Fprintf(&b, `<text x="14" y="%d" text-anchor="middle" fill="#333" transform="rotate(-90 14 %d)">%s</text>`+"\n", (height-bottom+top)/2,
		(height-bottom+top)/2, c.up)
	for i, l := range c.lines {
		colour := colours[i%len(colours)]
		var points []string
		for j, v := range l.y {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(l.x[j]), y(v)))
			if l.dotted {
				fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`+"\n", x(l.x[j]), y(v), colour)
			}
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), colour)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s">%s</text>`+"\n", width-right+12, y(l.y[len(l.y)-1])+4, colour, l.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
