package knowledge

import (
	"slices"
	"testing"

	"tania/internal/embedding"
)

func remembered() *Memory {
	return NewMemory([]Text{
		{Heading: "Horario", Text: "Abrimos a las nueve.", Marks: []string{"=hours"}},
		{Heading: "Mascotas", Text: "Los perros son bienvenidos en la terraza.", Marks: []string{"=pets", "=pets"}},
		{Heading: "Envíos", Text: "Tardan tres días.", Marks: []string{"=pets", "=shipping"}},
		{Heading: "Inscripción", Text: "Cuesta 600 pesos."},
	})
}

func places(ranked []Ranked) []int {
	var all []int
	for _, r := range ranked {
		all = append(all, r.Place)
	}
	return all
}

func TestMemoryRanksByWordsSpellingAndMarks(t *testing.T) {
	m := remembered()
	for _, c := range []struct {
		name  string
		asked []Text
		want  int
	}{
		{"a word", []Text{{Text: "¿qué horario tienen?"}}, 0},
		{"a letter too few", []Text{{Text: "el horaio"}}, 0},
		{"letters exchanged", []Text{{Text: "macsotas"}}, 1},
		{"a word of the family", []Text{{Text: "quiero inscribirme"}}, 3},
		{"what is meant", []Text{{Text: "dogs allowed?", Marks: []string{"=pets"}}}, 1},
		{"what is meant, more than once", []Text{{Text: "parcels", Marks: []string{"=shipping", "=shipping"}}}, 2},
		{"the question before", []Text{{Text: "¿y la terraza?"}, {Text: "¿y eso?"}}, 1},
		{"what was meant before", []Text{{Text: "opening", Marks: []string{"=hours"}}, {Text: "¿y eso?"}}, 0},
		{"now more than before", []Text{{Text: "envíos", Marks: []string{"=shipping"}}, {Text: "horario", Marks: []string{"=hours"}}}, 0},
	} {
		if got := places(m.Rank(embedding.Vector{}, c.asked...)); got[0] != c.want {
			t.Errorf("%s: got %v, want %d first", c.name, got, c.want)
		}
	}
}

func TestMemoryRanksEachTextOnce(t *testing.T) {
	for _, text := range []string{"", "zzz", "horario mascotas envíos"} {
		got := places(remembered().Rank(embedding.Vector{}, Text{Text: text}))
		slices.Sort(got)
		if !slices.Equal(got, []int{0, 1, 2, 3}) {
			t.Errorf("%q: got %v", text, got)
		}
	}
	if got := NewMemory(nil).Rank(embedding.Vector{}, Text{Text: "horario"}); len(got) != 0 {
		t.Errorf("nothing was ranked as %v", got)
	}
}

// TestAKnownWordIsNotTakenForAnother: "carne" is no misspelled "carta" where both are known.
func TestAKnownWordIsNotTakenForAnother(t *testing.T) {
	m := NewMemory([]Text{{Text: "carta"}, {Text: "carne"}})
	if got := m.Rank(embedding.Vector{}, Text{Text: "carne"}); got[0].Place != 1 || got[1].Score != 0 {
		t.Errorf("got %v", got)
	}
	if got := m.Rank(embedding.Vector{}, Text{Text: "carnee"}); got[0].Place != 1 || got[0].Score <= got[1].Score {
		t.Errorf("got %v for a letter too many", got)
	}
}
