package knowledge

import (
	"slices"
	"testing"

	"tania/internal/bot"
	"tania/internal/language"
	"tania/internal/tania"
)

func touched(x *Index, text string) (sources []string) {
	for _, h := range x.Touching(language.Read(text)) {
		sources = append(sources, h.Source())
	}
	return sources
}

// TestTouchingMissesFewAndTakesFew holds how many of the entries that answer a customer's question touch it, and how many of all do, which
// costs cached answers when one of those changes.
func TestTouchingMissesFewAndTakesFew(t *testing.T) {
	for _, name := range []string{"workshop", "home", "clinic"} {
		for _, others := range []int{0, 1000} {
			b := business(t, name)
			x := New(b.faq, append(slices.Clip(b.passages), crowd(t, others)...), tania.Spanish)
			recall, share := touching(x, append(slices.Clip(b.dev), b.heldOut...))
			t.Logf("%s among %d entries: %.3f of the answers touch their question, which %.3f of all do", name, x.size(), recall, share)
			if recall < 0.95 || share > 0.28 {
				t.Errorf("%s among %d entries: %.3f of the answers touch their question, and %.3f of all; want 0.95 and at most 0.28", name,
					x.size(), recall, share)
			}
		}
	}
}

// touching gives the share of the answers' entries that touch their questions, and of all entries that do. A question that goes on about
// the one before is not cached, and not asked.
func touching(x *Index, questions []customerAsks) (recall, share float64) {
	var all, found, taken, asked float64
	for _, q := range questions {
		if q.before != "" {
			continue
		}
		asked++
		sources := touched(x, q.text)
		taken += float64(len(sources))
		for _, want := range q.want {
			all++
			if slices.Contains(sources, want) {
				found++
			}
		}
	}
	return found / all, taken / asked / float64(x.size())
}

func TestTouching(t *testing.T) {
	faq := []bot.FAQ{
		{ID: "shipping", Questions: []string{"¿Hacen envíos?"}, Answer: bot.Text{tania.Spanish: "Sí, a todo el país."}},
		{ID: "returns", Questions: []string{"¿Cómo devuelvo algo?"}, Answer: bot.Text{tania.Spanish: "En la tienda, con el recibo."}},
	}
	passages := []bot.Passage{{Source: "p:granada", Title: "Granada", Text: "Los envíos desde Granada salen también los sábados."}}
	for _, c := range []struct {
		why, text string
		want      []string
	}{
		{"a word of the question, and a synonym in a passage", "¿Cuánto cuesta el envío?", []string{"faq:shipping", "p:granada"}},
		{"another language's word for the same", "do you deliver to my place", []string{"faq:shipping", "p:granada"}},
		{"a word of the answer", "¿guardo el recibo?", []string{"faq:returns"}},
		{"a typing error", "la devolusion", []string{"faq:returns"}},
		{"nothing in common", "¿tienen wifi?", nil},
		{"nothing said", "", nil},
	} {
		if got := touched(New(faq, passages, tania.Spanish), c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q touches %q, want %q", c.why, c.text, got, c.want)
		}
	}
	// What else the bot knows changes nothing.
	alone, among := New(faq, passages, tania.Spanish), New(faq, append(slices.Clip(passages), crowd(t, 300)...), tania.Spanish)
	for _, text := range []string{"¿Cuánto cuesta el envío?", "¿guardo el recibo?"} {
		got := slices.DeleteFunc(touched(among, text), func(s string) bool { return !slices.Contains(touched(alone, text), s) })
		if !slices.Equal(got, touched(alone, text)) {
			t.Errorf("%q touches %q among others, and %q without", text, got, touched(alone, text))
		}
	}
}
