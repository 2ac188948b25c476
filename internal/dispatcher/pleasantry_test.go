package dispatcher

import (
	"strings"
	"testing"

	"tania/internal/tania"
)

// TestPleasantries has what several pleasantries are together, and what one word more makes of them.
func TestPleasantries(t *testing.T) {
	d := New(Options{})
	for text, want := range map[string]tania.Route{
		// The last said of the three in the usual order of a conversation counts.
		"hola, gracias":                           tania.RouteThanks,
		"hola, gracias, adiós":                    tania.RouteFarewell,
		"buenas noches":                           tania.RouteGreeting,
		"gracias, buenas noches":                  tania.RouteFarewell,
		"buenas noches, gracias":                  tania.RouteThanks,
		"que tengas lindo día":                    tania.RouteFarewell,
		"hola, que tengas lindo día":              tania.RouteGreeting,
		"hope you're having a great week":         tania.RouteGreeting,
		"hope you have a great week":              tania.RouteFarewell,
		"feliz viernes":                           tania.RouteGreeting,
		"obrigado, feliz sexta":                   tania.RouteFarewell,
		"saludos":                                 tania.RouteGreeting,
		"saludos y gracias":                       tania.RouteFarewell,
		"que dios los bendiga":                    tania.RouteThanks,
		"buenos días, que dios los bendiga":       tania.RouteGreeting,
		"igualmente":                              tania.RouteFarewell,
		"gracias, igualmente":                     tania.RouteThanks,
		"buenas tardes compañero":                 tania.RouteGreeting,
		"gracias por contestar a estas horas":     tania.RouteThanks,
		"thanks for getting back to me so quick":  tania.RouteThanks,
		"valeu pela atenção, tenha um ótimo dia!": tania.RouteFarewell,
		// What only stands beside thanks.
		"ya me quedó claro, gracias": tania.RouteThanks,
		"hola, ya me quedó claro":    tania.RouteModel,
		"ya me quedó claro":          tania.RouteModel,
		"perfecto":                   tania.RouteModel,
		"no, gracias":                tania.RouteThanks,
		"sí, gracias":                tania.RouteModel,
		"sí, gracias, ya quedó":      tania.RouteThanks,
		"no me quedó claro, gracias": tania.RouteModel,
		// A name is spoken to after thanks; after a greeting it has a capital.
		"gracias xiomi":   tania.RouteThanks,
		"hola Xiomi":      tania.RouteGreeting,
		"hola Precio":     tania.RouteModel,
		"hola xiomi":      tania.RouteModel,
		"gracias, xiomi?": tania.RouteModel,
		// Who asks something else than how one is.
		"hola?":                      tania.RouteGreeting,
		"gracias, ¿y tú cómo estás?": tania.RouteThanks,
		"gracias?":                   tania.RouteModel,
		"até amanhã?":                tania.RouteModel,
		// One word more.
		"gracias, no me llegó":           tania.RouteModel,
		"buenas, precio?":                tania.RouteModel,
		"thanks but it still fails":      tania.RouteModel,
		"adiós a mi dinero":              tania.RouteModel,
		"gracias, ya deposité":           tania.RouteModel,
		"great thanks, I'll take it":     tania.RouteModel,
		"espero que llegue bien":         tania.RouteModel,
		"how are returns":                tania.RouteModel,
		"até amanhã chega?":              tania.RouteModel,
		"muy bonito":                     tania.RouteModel,
		"quedo atento":                   tania.RouteModel,
		"would appreciate a quick reply": tania.RouteModel,
		"gracias por nada":               tania.RouteFrustration,
		"muchas gracias 😡":               tania.RouteModel,
		// More than anyone says for politeness.
		strings.Repeat("hola ", longestPleasantry):   tania.RouteGreeting,
		strings.Repeat("hola ", longestPleasantry+1): tania.RouteModel,
	} {
		if got := d.Dispatch(text); got.Route != want {
			t.Errorf("%q: %s (%s), want %s", text, got.Route, got.Why, want)
		}
	}
}

// TestPhrasesOfTheSettingsGoBeforePleasantries: what an operator has said to be something else is that.
func TestPhrasesOfTheSettingsGoBeforePleasantries(t *testing.T) {
	d := New(Options{Handoff: []string{"hola amigo"}})
	if got := d.Dispatch("hola amigo"); got.Route != tania.RouteHandoff {
		t.Errorf("%+v, want a handoff", got)
	}
}
