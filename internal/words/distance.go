package words

// shortWord is the longest word, in bytes, whose distance is counted without allocating.
const shortWord = 31

// Distance counts letters added, left out, replaced, or two neighbours exchanged between two folded words (optimal string alignment, in
// bytes), as far as most: what is farther apart is most+1.
func Distance(a, b string, most int) int {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > most {
		return most + 1
	}
	if a == "" {
		return len(b)
	}
	var buf [3 * (shortWord + 1)]int
	cells := buf[:]
	if len(b) > shortWord {
		cells = make([]int, 3*(len(b)+1))
	}
	return min(align(a, b, cells, most), most+1)
}

// align fills the rows of the alignment, of which three are kept in cells; it stops when a row has nothing near enough.
func align(a, b string, cells []int, most int) int {
	wide := len(b) + 1
	before, last, row := cells[:wide], cells[wide:2*wide], cells[2*wide:3*wide]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		nearest := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			nearest = min(nearest, row[j])
		}
		if nearest > most+1 { // an exchange reaches back over one row
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
