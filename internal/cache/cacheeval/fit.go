package cacheeval

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"tania/internal/cache/same"
)

// Comparisons gives what the look-ups of a stream without hits compared, and whether they would have been right: what a model is fitted to.
func Comparisons(rows []Row, n int, seed uint64) ([]Comparison, error) {
	var list []Comparison
	never := same.NewModel(make([]float64, len(same.FeatureNames)), 1)
	_, err := noRepeat(never, rows, n, seed, func(c Comparison) { list = append(list, c) })
	return list, err
}

// Fit is logistic regression by Newton's method with a small ridge; each set weighs the same, whatever its size.
func Fit(sets map[string][]Comparison) ([]float64, error) {
	const ridge, rounds = 1e-3, 12
	width := len(same.FeatureNames)
	w := make([]float64, width)
	for range rounds {
		h, g := mat.NewSymDense(width, nil), mat.NewVecDense(width, nil)
		for i := range width {
			h.SetSym(i, i, ridge)
			g.SetVec(i, -ridge*w[i])
		}
		for _, name := range slices.Sorted(maps.Keys(sets)) {
			weight := 1 / float64(len(sets[name]))
			for _, c := range sets[name] {
				z, y := 0.0, 0.0
				for i, f := range c.Features {
					z += w[i] * f
				}
				if c.Right {
					y = 1
				}
				p := 1 / (1 + math.Exp(-z))
				for i, f := range c.Features {
					g.SetVec(i, g.AtVec(i)+weight*(y-p)*f)
					for j := range i + 1 {
						h.SetSym(j, i, h.At(j, i)+weight*p*(1-p)*f*c.Features[j])
					}
				}
			}
		}
		var factors mat.Cholesky
		if !factors.Factorize(h) {
			return nil, fmt.Errorf("cacheeval: fit: a feature is a combination of others")
		}
		var d mat.VecDense
		if err := factors.SolveVecTo(&d, g); err != nil {
			return nil, fmt.Errorf("cacheeval: fit: %w", err)
		}
		for i := range w {
			w[i] += d.AtVec(i)
		}
	}
	return w, nil
}
