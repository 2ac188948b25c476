package same

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func BenchmarkCompare(b *testing.B) {
	x := reading.Read("¿Cuánto cuesta enviar un paquete de 5 kg de Lima a Cusco antes del 24 de diciembre?", tania.Spanish)
	y := reading.Read("cuanto questa mandar un paquete de 5 kilos de Lima a Cusco antes del 24 de diciembre", tania.Spanish)
	for b.Loop() {
		FindVeto(x, y, Match(x, y))
	}
}
