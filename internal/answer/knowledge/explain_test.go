package knowledge_test

import (
	"slices"
	"testing"

	"tania/internal/answer/knowledge"
	"tania/internal/bot"
	"tania/internal/embedding"
	"tania/internal/language"
)

// TestWhyAnEntryIsFound: the words that it has and lacks, its place, and the one that was asked for behind the others.
func TestWhyAnEntryIsFound(t *testing.T) {
	faq := []bot.FAQ{
		{ID: "hours", Questions: []string{"¿Cuál es el horario de la tienda?"}, Answer: bot.Text{"es": "De nueve a seis."}},
		{ID: "shipping", Questions: []string{"¿Cuánto cuesta el envío?"}, Answer: bot.Text{"es": "Noventa pesos."}},
		{ID: "parking", Questions: []string{"¿Hay parqueadero?"}, Answer: bot.Text{"es": "Sí."}},
	}
	x := knowledge.New(faq, []bot.Passage{{Source: "k.md#Garantía", Title: "Garantía", Text: "La garantía cubre un año."}}, "es")
	all := x.Explain(language.Read("¿cuánto cuesta el envío a Leticia?"), embedding.Vector{}, 1, "k.md#Garantía")
	if len(all) != 2 || all[0].Source() != "faq:shipping" || all[1].Source() != "k.md#Garantía" {
		t.Fatalf("%+v", all)
	}
	first, last := all[0], all[1]
	if first.Place != 1 || first.ByWords != 1 || first.Likely <= last.Likely || first.Share <= last.Share {
		t.Errorf("the first: %+v, the other: %+v", first, last)
	}
	if !slices.Contains(first.Has, "envio") || !slices.Equal(first.Lacks, []string{"leticia"}) {
		t.Errorf("it has %q and lacks %q", first.Has, first.Lacks)
	}
	if last.Place < 2 || !slices.Contains(last.Lacks, "envio") || len(last.Has) != 0 {
		t.Errorf("the other has %q and lacks %q, at place %d", last.Has, last.Lacks, last.Place)
	}
	if all := x.Explain(language.Read("envío"), embedding.Vector{}, 10, "faq:shipping"); len(all) != 4 {
		t.Errorf("%d entries, want each once", len(all))
	}
}
