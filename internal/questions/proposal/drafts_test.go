package proposal_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tania/internal/questions/proposal"
	"tania/internal/tania"
)

// shop is what a bot tells everybody.
var shop = slices.Values([]string{
	"Estamos en la Calle 45 # 12-30, local 3, Medellín. Teléfono: +57 (604) 555-0000, hola@tienda.com, https://wa.me/576045550000.",
	"La dueña es doña Rosa.",
})

// TestWhatTheBotTellsIsFoundHoweverItIsWritten, and no more of it than it tells.
func TestWhatTheBotTellsIsFoundHoweverItIsWritten(t *testing.T) {
	persons := proposal.Of(conversation("C:¿Dónde?"), slices.Values([]string{
		"Carrera 7 No. 71-21, tel. (601) 555 12 34. Vea https://www.luna.co/u/AB12cd o pregunte por el señor Ruiz.",
	}))
	for text, want := range map[string]string{
		"En la cra. 7 # 71-21 piso 2":         "En la cra. 7 # 71-21 piso 2",
		"En la Cra 7 # 71-2":                  "En la [dirección]",
		"Al 5551234 o al 5551235":             "Al 5551234 o al [número]",
		"Al +57 601 555-1234":                 "Al +57 601 555-1234",
		"luna.co/u/ab12CD y luna.co/u/ab12CE": "luna.co/u/ab12CD y [enlace]",
		"El señor Ruiz o el señor Rui":        "El señor Ruiz o el señor [nombre]",
	} {
		if got := persons.Replace(text, tania.Spanish); got != want {
			t.Errorf("%q became\n%q, want\n%q", text, got, want)
		}
	}
	ana := proposal.Of(conversation("C:hola"), slices.Values([]string{"Ana atiende los martes"}))
	if got := ana.Replace("Ana", tania.Spanish); got != "[nombre]" {
		t.Errorf("the customer's name: %q", got)
	}
}

// TestDraftsAsAgentsWriteThem holds what is somebody's and what is everybody's apart, in sentences that were written before the rules and
// in some that were written after.
func TestDraftsAsAgentsWriteThem(t *testing.T) {
	file, err := os.ReadFile("testdata/drafts.txt")
	if err != nil {
		t.Fatal(err)
	}
	braces := regexp.MustCompile(`\{\{(.*?)\}\}`)
	persons := proposal.Of(conversation("C:¿Dónde está mi pedido K7Q?"), shop)
	left, lost, total := 0, 0, 0
	for line := range strings.Lines(string(file)) {
		language, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		total++
		var want strings.Builder
		want.WriteString("^")
		from := 0
		for _, at := range braces.FindAllStringIndex(text, -1) {
			want.WriteString(regexp.QuoteMeta(text[from:at[0]]) + `\[[^\]]+\](?:[ ,]+\[[^\]]+\])*`)
			from = at[1]
		}
		want.WriteString(regexp.QuoteMeta(text[from:]) + "$")
		plain := braces.ReplaceAllString(text, "$1")
		got := persons.Replace(plain, tania.Language(language))
		if regexp.MustCompile(want.String()).MatchString(got) {
			continue
		}
		if from == 0 {
			lost++
		} else {
			left++
		}
		t.Errorf("%s: %s\n    became %s", language, text, got)
	}
	t.Logf("%d sentences: personal data is left or not alone in %d, what is everybody's is lost in %d", total, left, lost)
}
