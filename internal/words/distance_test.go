package words

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestDistanceCountsErrors(t *testing.T) {
	for _, c := range []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 2, 0},
		{"carta", "carta", 2, 0},
		{"carta", "cartas", 2, 1},
		{"carta", "crata", 2, 1},
		{"carta", "carne", 2, 2},
		{"carta", "carne", 1, 2},
		{"", "abc", 5, 3},
		{"ca", "abc", 5, 3}, // letters that were exchanged are not changed again
		{"devolucion", "debolusion", 2, 2},
		{"abc", "xyz", 2, 3},
		{"a", "abcdef", 2, 3},
		{strings.Repeat("ab", 40), strings.Repeat("ab", 40) + "c", 3, 1},
		{"x" + strings.Repeat("ab", 40) + "y", strings.Repeat("ba", 40), 99, 3},
	} {
		if got := Distance(c.a, c.b, c.most); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := Distance(c.b, c.a, c.most); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
	if n := testing.AllocsPerRun(10, func() { Distance("devoluciones", "debolusiones", 2) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestDistanceIsThatOfTheWholeTable compares with the plain algorithm, which leaves nothing out.
func TestDistanceIsThatOfTheWholeTable(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	word := func() string {
		b := make([]byte, random.IntN(9))
		for i := range b {
			b[i] = "abc"[random.IntN(3)]
		}
		return string(b)
	}
	for range 20_000 {
		a, b, most := word(), word(), random.IntN(6)
		if got, want := Distance(a, b, most), min(wholeTable(a, b), most+1); got != want {
			t.Fatalf("%q, %q, at most %d: %d, want %d", a, b, most, got, want)
		}
	}
}

func wholeTable(a, b string) int {
	cost := func(i, j int) int {
		if a[i-1] == b[j-1] {
			return 0
		}
		return 1
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost(i, j))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
