package token_test

import (
	"fmt"
	"strings"
	"testing"

	"tania/internal/guard/fact/token"
)

// TestTextsAreCut shows the tokens of a text: w is a word, f a number, s a sign, each behind "_" where space
// stands before it and behind "^" where it begins a line.
func TestTextsAreCut(t *testing.T) {
	for text, want := range map[string]string{
		"Envío: $1,200.50.":           "^_w(envio) s(:) _s($) f(1,200.50) s(.)",
		"I'm 30-day\n2. Hola":         "^_w(i'm) _f(30) s(-) w(day) ^_f(2) s(.) _w(hola)",
		"*Desde* _hoy_ a_b":           "^_w(desde) _w(hoy) s(_) _w(a) s(_) w(b)",
		"١٢٣ or ３.":                   "^_f(123) _w(or) _f(3) s(.)",
		"Ve a https://shop.test/x. 5": "^_w(ve) _w(a) _s(@) s(.) _f(5)",
		"O’Hara’ 5' 1..2":             "^_w(o’hara) s(’) _f(5) s(') _f(1) s(.) s(.) f(2)",
		"cafe\u0301 1\ufe0f\u20e3 x":  "^_w(cafe) _f(1) _w(x)",
		"":                            "",
	} {
		tokens, _ := token.Cut(text)
		var got []string
		for _, t := range tokens[:len(tokens)-token.Ahead] {
			mark := ""
			if t.First {
				mark += "^"
			}
			if t.Spaced {
				mark += "_"
			}
			got = append(got, fmt.Sprintf("%s%c(%s)", mark, " wfs"[t.Sort], t.Low))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q\n got %s\nwant %s", text, strings.Join(got, " "), want)
		}
		for _, last := range tokens[len(tokens)-token.Ahead:] {
			if last.Sort != 0 || last.At != len(text) || last.End != len(text) || !last.First || !last.Spaced {
				t.Errorf("%q ends in %+v, want tokens of no sort", text, last)
			}
		}
	}
}

// TestTokensKnowTheirPlace holds that a token is what stands in the text where it says.
func TestTokensKnowTheirPlace(t *testing.T) {
	text := "¿Cuánto? ١٢ €, «Ñandú» o’clock"
	tokens, _ := token.Cut(text)
	for _, tok := range tokens[:len(tokens)-token.Ahead] {
		if tok.Raw == "" || text[tok.At:tok.End] != tok.Raw {
			t.Errorf("%q stands at %d to %d, where %q is", tok.Raw, tok.At, tok.End, text[tok.At:tok.End])
		}
	}
}

// TestCapitals tells words that begin with a capital letter, and those that have no other.
func TestCapitals(t *testing.T) {
	for text, want := range map[string][2]bool{
		"Ñandú": {true, false}, "ÑANDÚ": {true, true}, "A": {true, false}, "pro": {false, false}, "iOS": {false, false}, "5": {false, false},
		"$": {false, false},
	} {
		tokens, _ := token.Cut(text)
		if got := [2]bool{tokens[0].Capital(), tokens[0].Shouted()}; got != want {
			t.Errorf("%s: capital, shouted %v, want %v", text, got, want)
		}
	}
}

// TestAddressesAreFound shows the links and e-mail addresses of a text, as they are compared.
func TestAddressesAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"Entra en https://www.Shop.example/Pago/ o (web:shop.mx).":       "https://www.Shop.example/Pago/=shop.example/pago, shop.mx=shop.mx",
		"Escribe a mailto:Ana@Example.com, o correo:b@c.io!":             "mailto:Ana@Example.com=mail ana@example.com, b@c.io=mail b@c.io",
		"Mira http://localhost.dev?a=1 y shop.unknown/x":                 "http://localhost.dev?a=1=localhost.dev?a=1, shop.unknown/x=shop.unknown/x",
		"No: hola.que, 1.500, v1.2, a.m., p.ej, x.com, ana@casa, @a.com": "",
		"www.tienda.zzz… y [texto](https://t.co/)":                       "www.tienda.zzz=tienda.zzz, https://t.co/=t.co",
		"¿tienda.com? Cuesta 12.50/mes.":                                 "tienda.com=tienda.com",
		"www.shop.zzz y shop.zzz":                                        "www.shop.zzz=shop.zzz",
		"sub..dominio.com y https://sitio_.com/":                         "",
	} {
		_, found := token.Cut(text)
		var got []string
		for _, a := range found {
			id := a.ID
			if a.Mail {
				id = "mail " + id
			}
			got = append(got, text[a.At:a.End]+"="+id)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\n got %s\nwant %s", text, strings.Join(got, ", "), want)
		}
	}
}

func TestHost(t *testing.T) {
	for id, want := range map[string]string{"shop.mx": "shop.mx", "shop.mx/a/b?c": "shop.mx", "shop.mx?a=/b": "shop.mx"} {
		if got := token.Host(id); got != want {
			t.Errorf("the server of %s is %q, want %q", id, got, want)
		}
	}
}

func TestDigits(t *testing.T) {
	if got := token.Digits("+52 (55) 1.234,09-x"); got != "5255123409" {
		t.Errorf("got %q", got)
	}
}
