package channels

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/tania"
)

func TestAReplyAsShortBubbles(t *testing.T) {
	sentence := strings.Repeat("palabra ", 20) + "fin."
	for name, c := range map[string]struct {
		channel tania.Channel
		text    string
		most    int
		want    []string
	}{
		"a paragraph each": {tania.ChannelWhatsApp, "¡Hola!\n\nEl pastel cuesta 380 pesos.\n\n\n¿Algo más?", 4, []string{
			"¡Hola!", "El pastel cuesta 380 pesos.", "¿Algo más?",
		}},
		"the last ones together": {tania.ChannelWhatsApp, "Uno.\n\nDos.\n\nTres.\n\nCuatro.", 2, []string{"Uno.", "Dos.\n\nTres.\n\nCuatro."}},
		"a list with its introduction": {tania.ChannelTelegram, "Abrimos:\n\n- lunes\n- martes\n\nTe esperamos.", 4, []string{
			"Abrimos:\n\n- lunes\n- martes", "Te esperamos.",
		}},
		"a list behind what has no colon": {tania.ChannelTelegram, "Estos días\n\n1. lunes\n2. martes", 4, []string{
			"Estos días\n\n1. lunes\n2. martes",
		}},
		"a long paragraph between two sentences": {tania.ChannelFacebook, sentence + " " + sentence, 4, []string{sentence, sentence}},
		"a long sentence stays whole": {tania.ChannelFacebook, strings.Repeat("palabra ", 60) + "fin", 4, []string{
			strings.Repeat("palabra ", 60) + "fin",
		}},
		"what is to be copied": {tania.ChannelWhatsApp, "Deposita a la CLABE `012345678901234567` y avísanos.\n\nGracias.", 4, []string{
			"Deposita a la CLABE `012345678901234567` y avísanos.", "012345678901234567", "Gracias.",
		}},
		"what is to be copied, where code is shown": {tania.ChannelWebWidget, "Usa `PASTEL20`.", 4, []string{"Usa `PASTEL20`.", "`PASTEL20`"}},
		"too short to be copied":                    {tania.ChannelWhatsApp, "Pulsa `OK`.", 4, []string{"Pulsa `OK`."}},
		"nothing but what is to be copied":          {tania.ChannelWhatsApp, "`PASTEL20`", 4, []string{"`PASTEL20`"}},
		"a code for which there is no room": {tania.ChannelWhatsApp, "Uno.\n\nUsa `PASTEL20`.\n\nTres.", 2, []string{
			"Uno.", "Usa `PASTEL20`.\n\nTres.",
		}},
		"a message of SMS costs": {tania.ChannelSMS, "¡Hola!\n\nCuesta 380 pesos.", 4, []string{"¡Hola!\n\nCuesta 380 pesos."}},
		"mail is a letter":       {tania.ChannelEmail, "¡Hola!\n\nCuesta 380 pesos.", 4, []string{"¡Hola!\n\nCuesta 380 pesos."}},
		"a fence":                {tania.ChannelWebWidget, "Así:\n\n```\na\n\nb\n```", 4, []string{"Así:\n\n```\na\n\nb\n```"}},
		"a table": {tania.ChannelWebWidget, "Precios\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nFin", 4, []string{
			"Precios\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nFin",
		}},
		"Liquid is disarmed in each": {tania.ChannelWebWidget, "{{a}}\n\n{{b}}", 4, []string{"{\u2060{a}}", "{\u2060{b}}"}},
		"nothing":                    {tania.ChannelWebWidget, " \n\n ", 4, nil},
	} {
		if got := Bubbles(c.channel, c.text, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
}

// Whatever the text, no bubble is longer than the channel takes, and nothing of it is lost.
func FuzzBubbles(f *testing.F) {
	f.Add("¡Hola!\n\nUsa `PASTEL20`.\n\n- a\n- b", 3)
	f.Add("a:\n\n\n\nb `x` c", 1)
	f.Fuzz(func(t *testing.T, text string, most int) {
		for _, part := range Bubbles(tania.ChannelInstagram, text, most) {
			if len(part) > 1000 || strings.TrimSpace(part) == "" {
				t.Errorf("%q", part)
			}
		}
	})
}
