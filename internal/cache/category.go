package cache

import (
	"slices"
	"strings"
	"time"

	"tania/internal/cache/reading"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/language"
)

// passing are words of questions whose answers do not hold for long.
var passing = reading.WordSet(`precio precios promocion promociones promo oferta ofertas descuento descuentos stock disponible
	disponibles disponibilidad existencias inventario agotado price prices promotion promotions
	offer offers discount discounts sale available availability preco precos promocao promocoes desconto descontos oferta disponivel
	disponiveis estoque clima weather tempo trafico traffic
	cotizacion rate cotacao`)

// categorise says how long an answer stays true: what comes from the FAQ is the business's word, what is about prices and stock passes.
func categorise(question *language.Reading, m shareable.Candidate) store.Category {
	asked := question.Compounds()
	if reading.HasAny(asked, passing) || exchange(asked) {
		return store.CategoryTransient
	}
	if slices.ContainsFunc(m.Sources, func(s string) bool { return strings.HasPrefix(s, "faq:") }) {
		return store.CategoryFAQ
	}
	return store.CategoryGeneral
}

// exchange reports whether a question is about what a currency is worth: "cambio" alone may well be "I change".
func exchange(asked []string) bool {
	i := slices.Index(asked, "cambio")
	if i <= 0 || slices.Contains(asked, "como") {
		return false
	}
	of := i+1 < len(asked) && (asked[i+1] == "del" || asked[i+1] == "do")
	return of || asked[i-1] == "de" || asked[i-1] == "taxa"
}

// life is how long an answer of a category is kept: its time, less up to a tenth, so that what was stored together does not expire
// together.
func (c *Cache) life(category store.Category) time.Duration {
	d := c.Life[category]
	if d <= 0 {
		d = defaultLife[category]
	}
	c.random.Lock()
	defer c.random.Unlock()
	return d - time.Duration(c.Rand.Int64N(int64(d)/10+1))
}

// defaultLife is the specification's.
var defaultLife = map[store.Category]time.Duration{
	store.CategoryFAQ: 24 * time.Hour, store.CategoryGeneral: 4 * time.Hour, store.CategoryTransient: 30 * time.Minute,
}
