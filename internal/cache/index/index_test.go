package index

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tania/internal/cache/reading"
	"tania/internal/cache/same"
	"tania/internal/cache/store"
	"tania/internal/embedding"
	"tania/internal/tania"
)

var (
	someQuestions = []string{
		"¿Cuál es el horario de la tienda?", "hola, cual es el horario de la tienda", "¿Cómo cambio mi contraseña?",
		"quiero cambiar la contraseña", "¿Hacen envíos a Canarias?",
		"¿Qué garantía tienen los zapatos?", "garantía de zapatos y camisas", "¿Aceptan tarjetas de crédito?",
		"¿Cuánto cuesta el plan de 50 megas?",
	}
	someAnswers = []string{
		"Abrimos de nueve a seis. ¿Algo más?", "Abrimos de nueve a seis.", "Con gusto. Pulse «Olvidé mi clave».", "Dos años. ¿Algo más?",
		"Con gusto. Dos años.", "Sí.", "👍", "Cuesta 20 €.",
	}
	someStates = []store.State{store.StateActive, store.StateActive, store.StateDemoted, store.StateQuarantined}
	midday     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func anEntry(t *rapid.T) store.Entry {
	pick := func(what string, n int) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	e := store.Entry{
		ID: fmt.Sprint("e", pick("id", 12)), Scope: store.Scope{Account: 1, Language: tania.Spanish},
		Question: someQuestions[pick("question", len(someQuestions))],
		Answer:   someAnswers[pick("answer", len(someAnswers))], Created: midday.Add(time.Duration(pick("minute", 5)) * time.Minute),
		State: someStates[pick("state", 4)],
		Blame: pick("blame", 3),
	}
	e.Cluster = fmt.Sprint("e", pick("cluster", 12))
	e.Expires = e.Created.Add(time.Hour)
	if pick("vector", 2) == 1 {
		e.Vector = []byte{byte(pick("x", 256)), byte(pick("y", 256)), 7}
	}
	return e
}

// Whatever was put, changed and dropped: the index is as one that had only what is left put in, in any order.
func TestAShelfIsAsIfWhatWasDroppedHadNeverBeenThere(t *testing.T) {
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		live, left := New(model, 0.01), map[string]store.Entry{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			e := anEntry(t)
			if rapid.IntRange(0, 2).Draw(t, "what") == 0 {
				live.Drop(e.ID)
				delete(left, e.ID)
				continue
			}
			put(live, e)
			left[e.ID] = e
		}
		rebuilt := New(model, 0.01)
		order := make([]string, 0, len(left))
		for id := range left {
			order = append(order, id)
		}
		slices.Sort(order)
		for _, id := range rapid.Permutation(order).Draw(t, "order") {
			put(rebuilt, left[id])
		}
		if diff := cmp.Diff(rebuilt.State(), live.State()); diff != "" {
			t.Fatalf("the index differs from one made anew (-anew +index):\n%s", diff)
		}
		for _, text := range someQuestions {
			q := reading.Read(text, tania.Spanish)
			then := midday.Add(10 * time.Minute)
			a, b := rebuilt.Search(q, embedding.Vector{}, then, nil), live.Search(q, embedding.Vector{}, then, nil)
			if a.Hit != b.Hit || a.Tier == TierExact && a.Entry.ID != b.Entry.ID {
				t.Fatalf("%q: %+v, anew %+v", text, b, a)
			}
		}
	})
}

func TestTheIndexClosesItsHoles(t *testing.T) {
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	s := New(model, 0.01)
	entry := func(i int) store.Entry {
		return store.Entry{
			ID: fmt.Sprint(i), Cluster: fmt.Sprint(i), Question: fmt.Sprintf("¿Qué garantía tiene la marca %d?", i), Answer: fmt.Sprint("La de ", i),
			Created: midday, Expires: midday.Add(time.Hour),
			Scope: store.Scope{Language: tania.Spanish},
		}
	}
	for i := range 500 {
		put(s, entry(i))
	}
	for i := range 490 {
		s.Drop(fmt.Sprint(i))
	}
	if n := len(s.index.entries); n > 100 {
		t.Errorf("%d places for 10 entries", n)
	}
	for i := range 500 {
		got := s.Search(reading.Read(fmt.Sprintf("¿Qué garantía tiene la marca %d?", i), tania.Spanish), embedding.Vector{}, midday, nil)
		if got.Hit != (i >= 490) || got.Hit && got.Entry.ID != fmt.Sprint(i) {
			t.Errorf("%d: %+v", i, got)
		}
	}
	s.Drop("unknown")
	for i := 490; i < 500; i++ {
		s.Drop(fmt.Sprint(i))
	}
	if diff := cmp.Diff(New(model, 0.01).State(), s.State()); diff != "" {
		t.Errorf("an emptied index (-new +emptied):\n%s", diff)
	}
}

func TestThePhrasingsOfMergedClustersKeepTheirAnswers(t *testing.T) {
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	s := New(model, 0.01)
	put := func(id, cluster, question, answer string, rev int) {
		put(s, store.Entry{
			ID: id, Cluster: cluster, Question: question, Answer: answer, Rev: rev, Created: midday,
			Expires: midday.Add(time.Hour), Scope: store.Scope{Language: tania.Spanish},
		})
	}
	put("a", "a", someQuestions[0], "Abrimos de nueve a seis.", 0)
	put("b", "b", someQuestions[2], "abrimos de nueve a seis", 0)
	own, others := s.ClusterOf("¡Abrimos de nueve a seis!")
	if own == nil || len(others) != 1 {
		t.Fatalf("%+v, %+v; want one cluster and another of the same answer", own, others)
	}
	put("b", "a", someQuestions[2], "abrimos de nueve a seis", 1)
	if len(s.clusters) != 1 || len(s.clusters["a"].Phrases) != 2 {
		t.Errorf("clusters: %+v", s.clusters)
	}
	got := s.Search(reading.Read(someQuestions[2], tania.Spanish), embedding.Vector{}, midday, nil)
	if got.Entry.Answer != "abrimos de nueve a seis" {
		t.Errorf("served with %q", got.Entry.Answer)
	}
	s.Drop("a")
	if own, _ := s.ClusterOf("Abrimos de nueve a seis."); own == nil || own.answer != "abrimos de nueve a seis" {
		t.Errorf("the cluster is not found without its first phrasing: %+v", own)
	}
}

// put takes an entry in, as its question reads.
func put(s *Index, e store.Entry) { s.Put(e, reading.Read(e.Question, e.Scope.Language)) }
