package semcache

import (
	"testing"

	"tania/internal/tania"
)

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read("Hola, buenas tardes, ¿cuánto cuesta enviar un paquete de 5 kg de Lima a Cusco antes del 24 de diciembre?", tania.Spanish)
	}
}

func BenchmarkCompare(b *testing.B) {
	x := Read("¿Cuánto cuesta enviar un paquete de 5 kg de Lima a Cusco antes del 24 de diciembre?", tania.Spanish)
	y := Read("cuanto questa mandar un paquete de 5 kilos de Lima a Cusco antes del 24 de diciembre", tania.Spanish)
	for b.Loop() {
		veto(x, y, match(x, y))
	}
}
