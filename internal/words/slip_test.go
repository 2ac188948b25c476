package words

import "testing"

func TestSlipBetweenNamesTheOneError(t *testing.T) {
	for _, c := range []struct {
		a, b string
		slip Slip
		at   int
	}{
		{"carta", "carta", NoSlip, 0},
		{"", "", NoSlip, 0},
		{"", "a", LeftOut, 0},
		{"carta", "carrta", LeftOut, 3},
		{"carta", "cartas", LeftOut, 5},
		{"carta", "arta", LeftOut, 0},
		{"carta", "corta", Replaced, 1},
		{"carta", "cartu", Replaced, 4},
		{"carta", "acrta", Exchanged, 0},
		{"carta", "catra", Exchanged, 2},
		{"carta", "carat", Exchanged, 3},
		{"carta", "corte", NoSlip, 0},
		{"carta", "actra", NoSlip, 0},
		{"carta", "car", NoSlip, 0},
	} {
		for _, words := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if slip, at := SlipBetween(words[0], words[1]); slip != c.slip || at != c.at {
				t.Errorf("%q, %q: %v at %d, want %v at %d", words[0], words[1], slip, at, c.slip, c.at)
			}
		}
	}
	if n := testing.AllocsPerRun(10, func() { SlipBetween("devoluciones", "devolusiones") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
