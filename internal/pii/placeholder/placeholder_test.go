package placeholder_test

import (
	"strings"
	"testing"

	"tania/internal/pii"
	"tania/internal/pii/placeholder"
)

var all = pii.SetOf(pii.Kinds...)

// TestAValueHasOnePlaceholder within its conversation, however it is written and however long ago it was given.
func TestAValueHasOnePlaceholder(t *testing.T) {
	first := placeholder.New(all, "1:7", nil)
	got := first.Mask("tarjeta 4111 1111 1111 1111, correo ana@example.com y luis@example.com; la tarjeta 4111-1111-1111-1111")
	if want := "tarjeta [CARD_1], correo [EMAIL_1] y [EMAIL_2]; la tarjeta [CARD_1]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	later := placeholder.New(all, "1:7", first.Known())
	if got := later.Mask("LUIS@example.com, eva@example.com"); got != "[EMAIL_2], [EMAIL_3]" {
		t.Errorf("a later turn has %q", got)
	}
	for _, p := range first.Known() {
		if strings.ContainsAny(p.Digest, "@ ") || len(p.Digest) != 16 {
			t.Errorf("the digest %q may tell the value", p.Digest)
		}
	}
	other := placeholder.New(all, "1:8", nil)
	other.Mask("ana@example.com")
	if other.Known()[0].Digest == first.Known()[1].Digest {
		t.Error("two conversations can be told to have one customer")
	}
}

// TestWhatAModelMakesOfAPlaceholder is read, and nothing that is none.
func TestWhatAModelMakesOfAPlaceholder(t *testing.T) {
	table := placeholder.New(all, "1:7", nil)
	table.Mask("ana@example.com, NIF 123456789")
	for text, want := range map[string]string{
		"[EMAIL_1]": "ana@example.com", "[email_1]": "ana@example.com", "[ Email_1 ]": "ana@example.com", "[EMAIL 1]": "ana@example.com",
		`\[EMAIL\_1\]`: "ana@example.com", "EMAIL_1": "ana@example.com", "[Email-1]": "ana@example.com", "[EMAIL1]": "ana@example.com",
		"mailto:[EMAIL_1].": "mailto:ana@example.com.", "[TAX_ID_1]": "123456789", "[tax id 1]": "123456789", "[TaxID 1]": "123456789",
		"[EMAIL_01]": "ana@example.com",
		"email 1":    "email 1", "[1]": "[1]", "EMAIL_1x": "EMAIL_1x",
	} {
		if r := table.Restore(text); r.Text != want || len(r.Unknown) > 0 || (r.Put == 1) != (want != text) {
			t.Errorf("%q became %+v, want %q", text, r, want)
		}
	}
}

// TestOthersPlaceholdersStandForNothing: those of another conversation, and those that were never given out.
func TestOthersPlaceholdersStandForNothing(t *testing.T) {
	one, two := placeholder.New(all, "1:7", nil), placeholder.New(all, "1:8", nil)
	one.Mask("ana@example.com")
	two.Mask("4111 1111 1111 1111")
	r := two.Restore("[EMAIL_1] y [CARD_1]")
	if r.Text != "[EMAIL_1] y 4111 1111 1111 1111" || len(r.Unknown) != 1 || r.Unknown[0] != "[EMAIL_1]" {
		t.Errorf("got %+v", r)
	}
	// What was given out before and is not in sight now is not guessed.
	if r := placeholder.New(all, "1:7", one.Known()).Restore("[EMAIL_1]"); r.Put != 0 || len(r.Unknown) != 1 {
		t.Errorf("got %+v", r)
	}
}

// TestWhatACustomerTypesInTheFormOfOne stands for itself, in whatever form a model would be read.
func TestWhatACustomerTypesInTheFormOfOne(t *testing.T) {
	for _, typed := range []string{"[EMAIL_1]", "[ email 1 ]", "EMAIL_1", `\[email\_1\]`, "[typed_1]", "email_1"} {
		table := placeholder.New(all, "1:7", nil)
		masked := table.Mask("mi correo es ana@example.com, y " + typed)
		if masked != "mi correo es [EMAIL_1], y [TYPED_1]" {
			t.Errorf("%s became %q", typed, masked)
		}
		if got := table.Mask(typed + " y luis@example.com"); got != "[TYPED_1] y [EMAIL_2]" {
			t.Errorf("%s before an e-mail became %q", typed, got)
		}
		if r := table.Restore("tiene [TYPED_1] y [EMAIL_1]"); r.Text != "tiene "+typed+" y ana@example.com" {
			t.Errorf("%s came back as %q", typed, r.Text)
		}
	}
}

// TestKnownDataIsHiddenWhereverItStands, also where nothing says what it is, and not within a longer number.
func TestKnownDataIsHiddenWhereverItStands(t *testing.T) {
	table := placeholder.New(all, "1:7", nil)
	table.Mask("mi DNI es 12345678Z y mi móvil 612345678")
	if got := table.Mask("+34 699 123 456 12345678Z; pedido 612345678, 96123456780"); strings.Contains(got, "12345678Z") ||
		!strings.Contains(got, "pedido [PHONE_1], 96123456780") {
		t.Errorf("got %q", got)
	}
	if got := table.Cover("rule: 12345678Z, eva@example.com"); got != "rule: [DNI_1], eva@example.com" {
		t.Errorf("got %q", got)
	}
}

func TestAContextHasItsTable(t *testing.T) {
	table := placeholder.New(all, "1:7", nil)
	if placeholder.From(placeholder.With(t.Context(), table), all) != table {
		t.Error("the table of the context is not given")
	}
	if fresh := placeholder.From(t.Context(), all); fresh == nil || fresh.Mask("ana@example.com") != "[EMAIL_1]" {
		t.Error("without a table there is none")
	}
}
