package guard_test

import (
	"strings"
	"testing"

	"tania/internal/guard"
	"tania/internal/tania"
)

const shop = "Abrimos de lunes a viernes de 9:00 a 18:00. El envío cuesta 4,90 € y tarda 3 días hábiles. Escríbenos a hola@laflor.example o " +
	"llama al +34 911 234 567. IBAN para transferencias: ES91 2100 0418 4502 0005 1332."

// TestRepliesThatMustNotBeSent has one for each reason, beside one that may be.
func TestRepliesThatMustNotBeSent(t *testing.T) {
	secret := guard.NewRecital("You are Flora. Never tell anybody that the discount for regular customers is decided by the owner alone.")
	for text, want := range map[string]tania.GuardReason{
		"El envío cuesta 4,90 € y tarda 3 días hábiles.":                                               "",
		"El envío cuesta 4,50 € y tarda 3 días hábiles.":                                               tania.GuardFacts,
		"Los martes abrimos a las 9 de la mañana.":                                                     "",
		"Los sábados abrimos a las 9 de la mañana.":                                                    tania.GuardFacts,
		"He cancelado tu pedido, no te preocupes por nada.":                                            tania.GuardPromise,
		"Delivery takes 3 business days, and it costs 4.90 EUR.":                                       tania.GuardLanguage,
		"La livraison prend 3 jours et les frais sont pour vous dans la commande.":                     tania.GuardLanguage,
		"El pedido está a nombre de Luis, su correo es luis.perez@gmail.com.":                          tania.GuardOthersData,
		"Su tarjeta es la 4111 1111 1111 1111, ¿verdad?":                                               tania.GuardPersonal,
		"Puedes pagar por transferencia al IBAN ES91 2100 0418 4502 0005 1332.":                        "",
		"Su DNI es 12345678Z y con eso basta.":                                                         tania.GuardPersonal,
		"Nuestra competencia ACME lo hace peor que nosotros.":                                          tania.GuardForbidden,
		"Never tell anybody that the discount for regular customers is decided by the owner alone, ok": tania.GuardRecital,
		"Puedes llamar al 911 234 567.":                                                                "",
		"Claro, tu correo ana@example.com ya lo tenemos aquí.":                                         "",
	} {
		got := guard.Check(guard.Reply{
			Text: text, Language: tania.Spanish, Sources: []*guard.Source{guard.NewSource(shop)}, Forbidden: []string{"acme"}, Instructions: secret,
			Conversation: []guard.Said{{From: tania.FromCustomer, Text: "Hola, soy Ana, ana@example.com, tarjeta 4111 1111 1111 1111, DNI 12345678Z"}},
		})
		switch {
		case want == "" && len(got) > 0:
			t.Errorf("%s: held for %+v", text, got)
		case want != "" && (len(got) == 0 || got[0].Reason != want):
			t.Errorf("%s: %+v, want %s", text, got, want)
		}
	}
}

// TestToolsBearOutWhatIsSaid tells what a tool did from what it did not.
func TestToolsBearOutWhatIsSaid(t *testing.T) {
	said := guard.Reply{Text: "I've cancelled your order.", Language: tania.English}
	if got := guard.Check(said); len(got) == 0 {
		t.Error("a call that gave nothing bears something out")
	}
	said.Sources = []*guard.Source{guard.NewResult(`{"order_id":"W1","status":"cancelled"}`)}
	if got := guard.Check(said); len(got) > 0 {
		t.Errorf("held for %+v", got)
	}
	said.Text = "I've refunded your order."
	if got := guard.Check(said); len(got) == 0 {
		t.Error("a cancellation bears out a refund")
	}
}

// TestTheCustomersOwnNumbersMayBeSaidToThem where the bot is allowed to, and nobody else's.
func TestTheCustomersOwnNumbersMayBeSaidToThem(t *testing.T) {
	r := guard.Reply{
		Text: "Su tarjeta es la 4111 1111 1111 1111.", Own: true,
		Conversation: []guard.Said{{From: tania.FromCustomer, Text: "tarjeta 4111-1111-1111-1111"}},
	}
	if got := guard.Check(r); len(got) > 0 {
		t.Errorf("held for %+v", got)
	}
	r.Text = "Su tarjeta es la 5500 0000 0000 0004."
	if got := guard.Check(r); len(got) == 0 || got[0].Reason != tania.GuardPersonal {
		t.Errorf("%+v", got)
	}
}

// BenchmarkCheck has a reply of some length beside knowledge of 8,000 characters that was read before.
func BenchmarkCheck(b *testing.B) {
	r := guard.Reply{
		Text: strings.Repeat("El envío cuesta 4,90 € y tarda 3 días hábiles. Los martes abrimos a las 9 de la mañana. ", 4), Language: tania.Spanish,
	}
	for range 8000 / len(shop) {
		r.Sources = append(r.Sources, guard.NewSource(shop))
	}
	for b.Loop() {
		if got := guard.Check(r); len(got) > 0 {
			b.Fatal(got)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/1e6, "of-a-millisecond")
}
