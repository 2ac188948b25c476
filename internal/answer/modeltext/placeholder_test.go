package modeltext

import "testing"

func TestASentenceThatIsNotFilledInIsNotSaid(t *testing.T) {
	for text, want := range map[string]string{
		hall + "\n\nSaludos,\n[Your Name]\n[Company Name]":                                        hall,
		"Estimado [nombre]:\n\n" + hall:                                                           hall,
		"Dear {{customer.name}},\n\nWe open at nine on weekdays.":                                 "We open at nine on weekdays.",
		"Olá, [nome do cliente]!\n\nAbrimos às nove durante a semana, e às dez no sábado.":        "Abrimos às nove durante a semana, e às dez no sábado.",
		hall + " Llame al [número de teléfono].":                                                  hall,
		hall + " We are **[Your Company]**.":                                                      hall,
		"¡Hola, {nombre}! " + hall:                                                                hall,
		hall + " Escríbanos a {correo_de_la_tienda}.":                                             hall,
		"Hi {customer_name},\n\nI'm {bot}. We open at nine on weekdays, and at ten on Saturdays.": "We open at nine on weekdays, and at ten on Saturdays.",
		hall + "\nEscríbanos a:\n- [email]":                                                       hall,
	} {
		if got := reader.Read(text); got.Text != want {
			t.Errorf("%q is said as %q", text, got.Text)
		}
	}
	for _, text := range []string{
		"Abrimos a las [hora].", "¡Hola! Abrimos a las [hora]. ¿Algo más?",
		"Hi, I'm [Your Name] from [Company]. Anything else?",
		"Nosso endereço é [endereço da loja].", "Horarios:\n- Lunes: [hora]\n- Martes: [hora]",
		"The price is {{price}}.", "El precio es {precio}.", "Somos {business}.", "O valor é { valor }.", "[insert the date here]",
	} {
		if got := reader.Read(text); got.Text != "" || !got.Lost {
			t.Errorf("%q is said as %+v", text, got)
		}
	}
	for _, text := range []string{
		"1. [1] is the first, [2] the second.", "Vea [nuestra dirección](https://x.mx/a) o [teléfono](tel:+5255).",
		"Pulse [Correo] y escriba el suyo.",
		"Click [Your name] in the menu.", "Clique em [Endereço].", "- [x] pagado\n- [ ] enviado", "Mire [el mapa].",
		"Escriba {nombre} donde va el nombre.", "La plantilla tiene {nombre} y {fecha}.", "El conjunto {a, b} y {rojo}.", "Use `{name}` ahí.",
		"Escriba `[nombre]` o `{{name}}` en la plantilla.",
		"```\nHola, {{name}}\n```", "Lo dijo ella [riendo]: sí.", "See [the date][1].\n\n[date]: https://x.mx/d",
	} {
		if got := reader.Read(text); got.Text != text || len(got.Calls) > 0 {
			t.Errorf("%q is said as %q", text, got.Text)
		}
	}
}

func TestFootnotesOfSearchesAreNotSaid(t *testing.T) {
	for _, text := range []string{
		"Abrimos el salón para fiestas [^1^] los sábados[^2^].", "Abrimos el salón para fiestas los sábados【1†source】.",
		"Abrimos el salón para fiestas los sábados [^1].\n\n[^1]: https://x.mx/salon",
		"Abrimos el salón para fiestas los sábados [citation:2][citation: 3].",
		"Abrimos el salón para fiestas los sábados [^1, ^2^].",
	} {
		if got := reader.Read(text).Text; got != hall {
			t.Errorf("%q is said as %q", text, got)
		}
	}
	for _, text := range []string{"Son [1] mesas y [12] sillas.", "2^3 es 8, y [^a] no es nota.", "[1] Centro\n[2] Norte"} {
		if got := reader.Read(text).Text; got != text {
			t.Errorf("%q is said as %q", text, got)
		}
	}
}

func TestALineWithAnArrowIsACallOnlyOfATool(t *testing.T) {
	for _, text := range []string{">>>a\n\n\n0", ">>>nota\nAbrimos a las 9.", ">>>nota\n{ y más"} {
		if got := reader.Read(text); got.Text != text || len(got.Calls) > 0 {
			t.Errorf("%q is said as %+v", text, got)
		}
	}
	if got := reader.Read(">>>all\n" + hall); got.Text != hall {
		t.Errorf("to all: %+v", got)
	}
	if got := reader.Read(">>>search\n{\"q\": \"salón\"}"); got.Text != "" || len(got.Calls) > 0 || !got.Lost {
		t.Errorf("an unknown tool: %+v", got)
	}
	if got := reader.Read(">>>handoff\nrenta"); len(got.Calls) != 1 {
		t.Errorf("a known one: %+v", got)
	}
}
