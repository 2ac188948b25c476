package worker_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/answer/masked"
	"tania/internal/pii"
	"tania/internal/tania"
)

// TestAConversationKeepsItsPlaceholders over its turns, and another one has its own.
func TestAConversationKeepsItsPlaceholders(t *testing.T) {
	kinds := pii.SetOf(pii.Kinds...)
	var mu sync.Mutex
	var asked []string
	echo := model(func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, p.Text)
		usage := tania.Usage{Model: "m", Calls: 1}
		return llm.Response{Text: "Anotado: " + p.Text, Known: true, Usage: usage}, nil
	})
	hidden := masked.New(echo, kinds)
	r := newRig(t, hidden.Respond, func(o *settings) { o.worker.Hidden, o.translates, o.cache = kinds, true, true })
	c := r.write(0, "apunte mi correo ana@example.com para el catálogo")
	r.until("the first answer", func() bool { return strings.Contains(r.lastOf(c), "ana@example.com") })
	r.write(c, "y también el correo luis@example.com para el catálogo")
	r.until("the second answer", func() bool { return strings.Contains(r.lastOf(c), "luis@example.com") })
	other := r.write(0, "apunte mi correo eva@example.com para el catálogo")
	r.until("the other's answer", func() bool { return strings.Contains(r.lastOf(other), "eva@example.com") })
	r.stop()
	mu.Lock()
	defer mu.Unlock()
	all := strings.Join(asked, "\n")
	for _, want := range []string{"correo [EMAIL_1] para", "correo [EMAIL_2] para"} {
		if !strings.Contains(all, want) {
			t.Errorf("the model was not asked with %q: %s", want, all)
		}
	}
	if strings.Contains(all, "@") {
		t.Errorf("the model was asked %s", all)
	}
	for conversation, n := range map[tania.ConversationID]int{c: 2, other: 1} {
		memory, err := r.engine.Conversation(t.Context(), tania.ConversationKey{Account: 1, Conversation: conversation})
		if err != nil || len(memory.Placeholders) != n {
			t.Errorf("%d remembers %+v, %v", conversation, memory.Placeholders, err)
		}
		if d := r.record(conversation); d.CacheWhy != "identifying" {
			t.Errorf("the cache said %q", d.CacheWhy)
		}
	}
}

// TestWhatWasPutBackIsKeptForNobody: an answer with data that the model was not shown is not cached, whatever was asked.
func TestWhatWasPutBackIsKeptForNobody(t *testing.T) {
	personal := model(func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Text: "Abrimos de nueve a seis.", Known: true, Personal: true, Usage: tania.Usage{Model: "m", Calls: 1}}, nil
	})
	r := newRig(t, personal, func(o *settings) { o.cache, o.translates = true, true })
	c := r.write(0, "¿Cuál es el horario de atención de la tienda?")
	r.until("the answer", func() bool { return r.lastOf(c) != "" })
	r.stop()
	if d := r.record(c); d.CacheWhy != "answer_customer_data" {
		t.Errorf("the cache said %q", d.CacheWhy)
	}
}
