package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tania/internal/dashboard"
	"tania/internal/tania"
)

// humanAnswered has a human answer the first question that was missed.
func (s *site) humanAnswered(answer string) {
	s.t.Helper()
	key := tania.ConversationKey{Account: 1, Conversation: 1}
	_, err := s.engine.UpdateConversation(s.t.Context(), key, func(c *tania.Conversation) bool {
		c.Contact = tania.Contact{ID: 5, Name: "Ana Torres"}
		c.Remember(tania.Entry{ID: 1, From: tania.FromCustomer, Name: "Ana Torres", Text: "soy Ana"})
		c.Remember(tania.Entry{ID: 9, From: tania.FromHuman, Name: "Luis Peña", Text: answer})
		return true
	})
	if err != nil {
		s.t.Fatal(err)
	}
	records, err := s.engine.Records(s.t.Context(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	records[0].Review.Answered = time.Now()
	if err := s.engine.SaveRecords(s.t.Context(), records...); err != nil {
		s.t.Fatal(err)
	}
}

// TestWhatAHumanAnsweredIsADraft that is filled in, without personal data, and not published as long as what stands for that is in it.
func TestWhatAHumanAnsweredIsADraft(t *testing.T) {
	s := newIdleSite(t, nil)
	s.missed("¿Venden boletas? Soy Ana, pedido 99812")
	s.humanAnswered("Hola Ana, sí, en la taquilla. Su pedido 99812 sale hoy. Luis")
	_, body := s.ask(http.DefaultClient, "GET", asked, nil, nil)
	if !strings.Contains(body, "Sí, en la taquilla. Su pedido [número] sale hoy. [nombre]</textarea>") || !strings.Contains(body, "teach-proposed") ||
		!strings.Contains(body, "¿Venden boletas? Soy [nombre], pedido [número]</textarea>") {
		t.Errorf("the draft:\n%s", body)
	}
	s.missed("¿Venden boletas? Soy Ana, pedido 99812", "¿venden boletas?, soy Luis, pedido 4711")
	s.humanAnswered("Hola Ana, sí, en la taquilla.")
	if _, list := s.groups(""); !strings.Contains(list, "A human answered") {
		t.Errorf("the list does not say that a human answered:\n%s", list)
	}
	s.missed("¿Venden boletas? Soy Ana, pedido 99812")
	s.humanAnswered("Sí, en Av. Amsterdam 118. Su hermana Lucía Gómez las tiene en Av. Insurgentes 1200, piso 3.")
	if _, body = s.ask(http.DefaultClient, "GET", asked, nil, nil); !strings.Contains(body,
		"Sí, en Av. Amsterdam 118. Su hermana [nombre] las tiene en [dirección].</textarea>") {
		t.Errorf("the shop's address and a customer's:\n%s", body)
	}
	form := lesson("publish", "1")
	form.Set("answer", "Sí. Su pedido [número] sale hoy.")
	resp, body := s.teach(asked, form)
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "A mark such as") ||
		!strings.Contains(body, "Su pedido [número] sale hoy.</textarea>") {
		t.Errorf("a mark was published: %s\n%s", resp.Status, body)
	}
	form.Set("answer", "Sí, en la taquilla.")
	if resp, _ := s.teach(asked, form); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("without a mark: %s", resp.Status)
	}
}

func TestNoDraftWhereCustomersAreHidden(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Mask = true })
	s.missed("¿Venden boletas?")
	s.humanAnswered("En la taquilla.")
	if _, body := s.ask(http.DefaultClient, "GET", asked, nil, nil); strings.Contains(body, "taquilla") || strings.Contains(body, "boletas") {
		t.Errorf("the draft is shown:\n%s", body)
	}
}
