package assembly_test

import (
	"strings"
	"testing"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestAnAgentRatesWhereTheyWork: a private note in Chatwoot rates an answer, a note of the bot confirms it once, in the language of the
// team, and the question is listed with the reason; a customer who writes the same rates nothing.
func TestAnAgentRatesWhereTheyWork(t *testing.T) {
	x := newTown(t, map[string]string{"bot.yaml": "name: Tienda\nlanguage: es\n"})
	id, _ := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "¿Envían a Leticia?"})
	other, _ := x.asks(x.shop, chatwootsim.CustomerMessage{Inbox: 11, Text: "¿Envían a Mitú?"})
	x.asks(x.shop, chatwootsim.CustomerMessage{Conversation: other, Text: "/bad"})
	x.record("1", "1")
	notes := func() (found []string) {
		for _, m := range x.shop.Messages(id) {
			if m.Private && m.Sender.Kind == tania.ActorBot && strings.Contains(m.Content, "Preguntas") {
				found = append(found, m.Content)
			}
		}
		return found
	}
	agent := x.shop.Options.Users[0].ID
	if _, err := x.shop.AgentNote(id, agent, "/faq before anybody answered"); err != nil {
		t.Fatal(err)
	}
	x.until(x.shop, "the confirmation without a draft", func() bool { return len(notes()) == 1 })
	if got := notes()[0]; !strings.Contains(got, "No hay un borrador") {
		t.Errorf("the bot's note before anybody answered: %q", got)
	}
	if _, err := x.shop.AgentReplies(id, agent, "Sí, a Leticia tarda cinco días.", chatwootsim.ViaDashboard); err != nil {
		t.Fatal(err)
	}
	if _, err := x.shop.AgentNote(id, agent, "/faq"); err != nil {
		t.Fatal(err)
	}
	x.until(x.shop, "the confirmation", func() bool { return len(notes()) == 2 })
	if got := notes()[1]; !strings.Contains(got, "`¿Envían a Leticia?`") || !strings.Contains(got, "Allí hay un borrador") {
		t.Errorf("the bot's note: %q", got)
	}
	asked := x.read("/admin/questions?miss=wanted_entry")
	if !strings.Contains(asked, "Leticia") || !strings.Contains(asked, `"answered":true`) {
		t.Errorf("questions: %s", asked)
	}
	b := x.browser()
	page := b.ask(questionLink.FindString(b.ask("/questions?miss=wanted_entry", nil)), nil)
	if !strings.Contains(page, "Sí, a Leticia tarda cinco días.</textarea>") || !strings.Contains(page, "teach-proposed") {
		t.Errorf("no draft is proposed: %s", page)
	}
	if asked := x.read("/admin/questions?miss=rated_bad"); strings.Contains(asked, "Leticia") || strings.Contains(asked, "Mitú") {
		t.Errorf("a customer rated: %s", asked)
	}
}
