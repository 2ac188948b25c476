package worker_test

import (
	"slices"
	"sync"
	"testing"

	"tania/internal/language"
	"tania/internal/tania"
)

// texts are those that are read, from now to the end of the test.
type texts struct {
	mu   sync.Mutex
	list []string
}

func watchTexts(t *testing.T) *texts {
	t.Helper()
	all := &texts{}
	t.Cleanup(language.Watch(func(text string) {
		all.mu.Lock()
		defer all.mu.Unlock()
		all.list = append(all.list, text)
	}))
	return all
}

// of counts how often a text was read.
func (a *texts) of(text string) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, read := range a.list {
		if read == text {
			n++
		}
	}
	return n
}

// TestATurnReadsItsTextOnce counts in turns of all kinds: with a model's answer that is kept, with a hit, with doubts about a hit, within a
// conversation, and on the ways that ask no model.
func TestATurnReadsItsTextOnce(t *testing.T) {
	g := &gullible{}
	r, cache := cachedRig(t, g.respond)
	read := watchTexts(t)
	var last tania.ConversationID
	for _, turn := range []struct {
		what, text string
		goesOn     bool
	}{
		{"an answer that is kept", asksCost, false},
		{"a hit", "¡Hola! " + asksCost, false},
		{"a hit that is asked again", "¿Cuánto cuesta el envío a domicilio?", true},
		{"a long question in a conversation", "¿Cuál es la garantía que tienen los zapatos de la tienda en línea?", true},
		{"a greeting", "Hola, buenas tardes", false},
		{"a link", "¿Es esta la tienda? https://example.com/tienda", false},
	} {
		conversation := last
		if !turn.goesOn {
			conversation = 0
		}
		last, _ = r.asks(conversation, turn.text)
		settled(t, cache)
		if n := read.of(turn.text); n != 1 {
			t.Errorf("%s: %q is read %d times, want once", turn.what, turn.text, n)
		}
	}
	if len(g.asked()) == 0 || slices.Contains(read.list, "") {
		t.Errorf("%d questions reached the model, and what is read is %q", len(g.asked()), read.list)
	}
}
