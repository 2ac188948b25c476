package pii_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/pii"
)

// found are the kinds and the texts of what is found.
func found(text string, kinds ...pii.Kind) (list []string) {
	if kinds == nil {
		kinds = slices.DeleteFunc(slices.Clone(pii.Kinds), func(k pii.Kind) bool { return k == pii.Address })
	}
	for _, f := range pii.SetOf(kinds...).Find(text) {
		list = append(list, string(f.Kind)+" "+text[f.Start:f.End])
	}
	return list
}

// TestPublishedNumbersAreFound has examples that authorities, banks and networks publish. One changed figure, and none is one.
func TestPublishedNumbersAreFound(t *testing.T) {
	for number, kind := range map[string]pii.Kind{
		"4111 1111 1111 1111": pii.Card, "5555555555554444": pii.Card, "3782 822463 10005": pii.Card, "6011-1111-1111-1117": pii.Card,
		"ES91 2100 0418 4502 0005 1332": pii.IBAN, "DE89370400440532013000": pii.IBAN, "GB29 NWBK 6016 1331 9268 19": pii.IBAN,
		"PT50 0002 0123 1234 5678 9015 4": pii.IBAN, "BR1800360305000010009795493C1": pii.IBAN, "NO93 8601 1117 947": pii.IBAN,
		"529.982.247-25": pii.CPF, "52998224725": pii.CPF, "11.222.333/0001-81": pii.CNPJ, "12.ABC.345/01DE-35": pii.CNPJ,
		"12ABC34501DE35": pii.CNPJ, "HEGG560427MVZRRL04": pii.CURP, "GODE561231GR8": pii.RFC, "12345678Z": pii.DNI, "12.345.678-Z": pii.DNI,
		"X1234567L": pii.NIE, "A58818501": pii.CIF, "12.345.678-5": pii.TaxID, "33-69345023-9": pii.TaxID, "FR40303265045": pii.TaxID,
		"DE136695976": pii.TaxID, "IT00743110157": pii.TaxID, "BE0428759497": pii.TaxID, "GB980780684": pii.TaxID, "213.123.432-1": pii.TaxID,
		"2850590940090418135201": pii.Account, "1234-1234-16 1234567890": pii.Account,
	} {
		if diff := cmp.Diff([]string{string(kind) + " " + number}, found("es "+number)); diff != "" {
			t.Errorf("%s:\n%s", number, diff)
		}
		if kind == pii.CURP || kind == pii.RFC {
			continue // the last one is not all that tells them
		}
		last := number[len(number)-1]
		other := number[:len(number)-1] + string(map[bool]byte{true: last + 1, false: last - 1}[last == '0' || last >= 'A' && last < 'Z'])
		if got := found("es " + other); slices.Contains(got, string(kind)+" "+other) {
			t.Errorf("%s: a wrong check digit, and %q", other, got)
		}
	}
}

// TestWordsDecide has numbers that are what the words say: each is in braces.
func TestWordsDecide(t *testing.T) {
	for _, c := range []struct{ text, kinds string }{
		{"mi tarjeta es {4111-1111-1111-1111}…", "card"},
		{"La tarjeta con la que pagué el pedido es {4539578763621486}", "card"},
		{"el pedido 4539578763621486 no llegó", ""},
		{"my order number is 4539578763621486", ""},
		{"tracking 4539 5787 6362 1486", ""},
		{"tarjeta 4539 5787 6362 1487", ""},
		{"tarjeta\n{4539\n5787\n6362\n1486}\ncad 12/27", "card"},
		{"{４５３９ ５７８７ ６３６２ １４８６}", "card"},
		{"la visa {4539 57 8763 62 1486}, por favor", "card"},
		{"Mi CLABE es {032180000118359719}", "account"},
		{"folio 032180000118359719", ""},
		{"mi nss {12 34 56 7890 3}", "ssn"},
		{"my social security number is {078051120}", "ssn"},
		{"{078-05-1120}", "ssn"},
		{"order 078051120", ""},
		{"O NIF é {123 456 789}", "tax_id"},
		{"fatura 123456789", ""},
		{"Mi DNI argentino es DNI {30.123.456}", "dni"},
		{"DNI 12345678A", ""},
		{"{12345678Z}", "dni"},
		{"pedido 12345678Z", ""},
		{"4398 0090 9442 0576", ""},
		{"nuestro RFC es {ABC010203XY1}", "rfc"},
		{"la pieza ABC010203XY1", ""},
		{"factura con XAXX010101000", ""},
		{"escribe a {ana.pérez@correo.es}.", "email"},
		{"escribe a {ana @ gmail.com}", "email"},
		{"{ana punto lopez arroba gmail punto com}", "email"},
		{"write to {john at example dot com} please", "email"},
		{"we met at noon dot", ""},
		{"el logo@2x.png no carga y react@18.2.0 tampoco", ""},
		{"llámame al {4567 8901}", "phone"},
		{"(llama al {612345678})", "phone"},
		{"tel.{612.345.678}", "phone"},
		{"mi whatsapp es {+52 (1) 55-1234-5678}, gracias", "phone"},
		{"{0034 612 345 678}", "phone"},
		{"Te llamé ayer, mi pedido es 612345678", ""},
		{"mi pedido no llegó, llámame al {612345678}", "phone"},
		{"mi móvil es {612345678} o {698765432}", "phone phone"},
		{"pagué 612345678 pesos", ""},
		{"pagué $612345678", ""},
		{"el servidor 192.168.100.200 no responde", ""},
		{"{612345678} es mi número", "phone"},
		{"612345678 es el número de mi pedido", ""},
		{"llámame el 29/11/2026 a las 18:30", ""},
		{"estamos en 19.432608, -99.133209", ""},
		{"v1.2.345678901", ""},
		{"3.141592653", ""},
		{"0000000000", ""},
		{"El teléfono de mi madre, que recoge el paquete, es {622334455}", "phone"},
		{"please charge the order to {4000056655665556}", "card"},
		{"Te llamé al móvil, mi pedido es 612345678", ""},
		{"pedido ORD-612345678", ""},
		{"550e8400-e29b-41d4-a716-446655440000", ""},
		{"Mi CUIT es {20-57900923-4} -- el móvil {0161 469 8649} está apagado", "tax_id phone"},
		{"{E S 9 1 2 1 0 0 0 4 1 8 4 5 0 2 0 0 0 5 1 3 3 2} es mi IBAN", "iban"},
		{"IBAN{ES9121000418450200051332}", "iban"},
		{"{es91 2100 0418 4502 0005 1332} a nombre de Ana", "iban"},
	} {
		text := strings.NewReplacer("{", "", "}", "").Replace(c.text)
		var want []string
		kinds := strings.Fields(c.kinds)
		for i, part := range strings.Split(c.text, "{")[1:] {
			value, _, _ := strings.Cut(part, "}")
			want = append(want, kinds[i]+" "+value)
		}
		if diff := cmp.Diff(want, found(text)); diff != "" {
			t.Errorf("%q:\n%s", c.text, diff)
		}
	}
}

// TestAddressesAreFoundBesideTheRest: an address keeps its accents and does not hide the telephone behind it.
func TestAddressesAreFoundBesideTheRest(t *testing.T) {
	const text = "Señora, mándelo a la calle Peñíscola 12, 28013 Madrid; móvil 612 345 678"
	want := []string{"address calle Peñíscola 12, 28013 Madrid", "phone 612 345 678"}
	if diff := cmp.Diff(want, found(text, pii.Address, pii.Phone)); diff != "" {
		t.Error(diff)
	}
	if got := found(text); len(got) != 1 {
		t.Errorf("without the setting %q are found", got)
	}
}

// TestOneValueHasOneForm: however it is written, it is the same.
func TestOneValueHasOneForm(t *testing.T) {
	for _, same := range [][]string{
		{"4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "４１１１ 1111 1111 1111", "4111\u200b 1111 1111\n1111"},
		{"ES91 2100 0418 4502 0005 1332", "es9121000418450200051332"},
		{"12345678Z", "12.345.678-z"},
		{"Ana@Example.com", "ana@example.com"},
		{"+34 612 345 678", "+34612345678", "(+34) 612-345-678"},
		{"MUÑO850101HDFXXX06", "muño850101hdfxxx06"},
	} {
		values := map[string]bool{}
		for _, written := range same {
			for _, f := range pii.SetOf(pii.Kinds...).Find("es " + written) {
				values[f.Value] = true
			}
		}
		if len(values) > 1 || len(values) == 0 && !strings.HasPrefix(same[0], "MU") {
			t.Errorf("%q have the values %v", same, values)
		}
	}
}

func TestOnlyWhatIsWantedIsFound(t *testing.T) {
	const text = "tarjeta 4111111111111111, correo ana@example.com, móvil 612345678"
	for kind, want := range map[pii.Kind]string{
		pii.Card: "card 4111111111111111", pii.Email: "email ana@example.com", pii.Phone: "phone 612345678",
	} {
		if diff := cmp.Diff([]string{want}, found(text, kind)); diff != "" {
			t.Error(diff)
		}
	}
	if got := pii.Set(0).Find(text); got != nil {
		t.Errorf("nothing is wanted, and %v found", got)
	}
}

func TestKindsAreNamed(t *testing.T) {
	got, err := pii.Parse([]string{"cards", " Email", "card", "accounts"})
	if want := []pii.Kind{pii.Card, pii.Email, pii.IBAN, pii.Account}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if all, err := pii.Parse([]string{"all"}); err != nil || !slices.Equal(all, pii.Kinds) {
		t.Errorf("all are %v, %v", all, err)
	}
	if _, err := pii.Parse([]string{"cards", "passports"}); err == nil || !strings.Contains(err.Error(), `"passports"`) {
		t.Errorf("an unknown name gives %v", err)
	}
	for _, name := range pii.Names() {
		if kinds, err := pii.Parse([]string{name}); err != nil || len(kinds) == 0 {
			t.Errorf("%s means %v, %v", name, kinds, err)
		}
	}
}

// FuzzFind has any text read without a panic, and what is found within its bounds, in order and apart.
func FuzzFind(f *testing.F) {
	f.Add("mi tarjeta es 4111-1111-1111-1111, (+34) 612 345 678\xff\n ana@b.co")
	set := pii.SetOf(pii.Kinds...)
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, x := range set.Find(text) {
			if x.Start < at || x.End <= x.Start || x.End > len(text) || x.Value == "" {
				t.Fatalf("%+v in %q", x, text)
			}
			at = x.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	set := pii.SetOf(pii.Kinds...)
	text := strings.Repeat("Hola, ¿me pueden decir dónde está mi pedido 123456 del 12/11/2026? Gracias. ", 10) + "Mi móvil es 612 345 678"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		set.Find(text)
	}
}
