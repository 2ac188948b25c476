package words

import "testing"

func TestSameButTyping(t *testing.T) {
	for _, c := range []struct {
		before, after string
		same          bool
	}{
		{"Qusiera rentar el salón", "Quisiera rentar el salón", true},
		{"cual es el horaro?", "¿Cuál es el horario?", true},
		{"kuanto cuesta el presio del envio", "cuanto cuesta el precio del envío", true},
		{"tienen pasteles de choclate", "tienen pasteles de chocolate", true},
		{"Hola. qiero una mesa", "Hola. Quiero una mesa", true},
		{"porfavor mándenme la lista", "por favor mándenme la lista", true},
		{"Do you hvae parking?", "Do you have parking?", true},
		{"what are your openning hours", "What are your opening hours?", true},
		{"voces entregam no domigno?", "vocês entregam no domingo?", true},
		{"gostaria de rezervar", "gostaria de reservar", true},
		{"AGENDAR CITA", "agendar cita", true},
		{"Para el martez a las 5", "Para el martes a las 5", true},
		{"", "", true},

		{"Aparten el salón para el martes", "Aparten el salón para el jueves", false},
		{"mesa para 2", "mesa para 3", false},
		{"mesa para 2", "mesa para 20", false},
		{"son 1,500", "son 15,00", false},
		{"a las 8:30", "a las 8:00", false},
		{"el pedido A102", "el pedido A120", false},
		{"mesa para dos", "mesa para doce", false},
		{"el 3 de junio", "el 3 de julio", false},
		{"son sesenta personas", "son setenta personas", false},
		{"amanhã às sete", "amanhã às seis", false},
		{"on Tuesday", "on Thursday", false},
		{"envío a Lima", "envío a Loma", false},
		{"envíenlo a Puebla", "envíenlo a Toluca", false},
		{"una caja de galletas", "una casa de galletas", false},
		{"quiero una cama", "quiero una rama", false},
		{"con gluten", "sin gluten", false},
		{"quiero un pastel", "quiero un pastel de tres leches", false},
		{"", "quiero un pastel", false},
		{"rojo", "azul", false},
		{"no quiero", "quiero", false},
		{"I want it before noon", "I want it after noon", false},
	} {
		for _, text := range [][2]string{{c.before, c.after}, {c.after, c.before}} {
			if got := SameButTyping(text[0], text[1]); got != c.same {
				t.Errorf("%q and %q: %v", text[0], text[1], got)
			}
		}
	}
}

func FuzzSameButTyping(f *testing.F) {
	f.Add("mesa para dos", "mesa para 2")
	f.Add("a", "é̃")
	f.Add("ñandú", "ńandu")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !SameButTyping(a, a) {
			t.Errorf("%q is not itself", a)
		}
		if SameButTyping(a, b) != SameButTyping(b, a) {
			t.Errorf("%q and %q: not the same both ways", a, b)
		}
	})
}
