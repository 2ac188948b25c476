package reading

import (
	"testing"

	"tania/internal/tania"
)

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read("Hola, buenas tardes, ¿cuánto cuesta enviar un paquete de 5 kg de Lima a Cusco antes del 24 de diciembre?", tania.Spanish)
	}
}
