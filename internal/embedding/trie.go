package embedding

// trie finds the pieces that a text begins with, byte by byte.
type trie struct {
	// steps lead from a node by a byte to the next, in an open hash table whose size is a power of two; 0 is nowhere.
	steps []struct{ key, to uint32 }
	used  int
	// tokens are the pieces' numbers plus one, by node; 0: no piece ends here.
	tokens []uint32
}

func newTrie() *trie {
	return &trie{steps: make([]struct{ key, to uint32 }, 1<<10), tokens: make([]uint32, 1)}
}

// slot is where the step from a node by a byte is, or would be.
func (t *trie) slot(node uint32, b byte) int {
	key := node<<8 | uint32(b)
	mask := len(t.steps) - 1
	at := int(key*2654435761>>7) & mask
	for t.steps[at].to != 0 && t.steps[at].key != key {
		at = (at + 1) & mask
	}
	return at
}

func (t *trie) add(piece string, token uint32) {
	node := uint32(0)
	for i := range len(piece) {
		at := t.slot(node, piece[i])
		if t.steps[at].to == 0 {
			if 2*t.used >= len(t.steps) {
				t.grow()
				at = t.slot(node, piece[i])
			}
			t.steps[at].key, t.steps[at].to = node<<8|uint32(piece[i]), uint32(len(t.tokens)) //nolint:gosec // memory ends before
			t.tokens = append(t.tokens, 0)
			t.used++
		}
		node = t.steps[at].to
	}
	if piece != "" {
		t.tokens[node] = token + 1
	}
}

func (t *trie) grow() {
	old := t.steps
	t.steps = make([]struct{ key, to uint32 }, 2*len(old))
	for _, s := range old {
		if s.to != 0 {
			t.steps[t.slot(s.key>>8, byte(s.key))] = s //nolint:gosec // the lowest byte is meant
		}
	}
}

// prefixes gives each piece that a text begins with, and its length in bytes, the shortest first.
func (t *trie) prefixes(text string, give func(token uint32, size int)) {
	node := uint32(0)
	for i := range len(text) {
		if node = t.steps[t.slot(node, text[i])].to; node == 0 {
			return
		}
		if n := t.tokens[node]; n != 0 {
			give(n-1, i+1)
		}
	}
}

// longest gives the longest piece that a text begins with; its length is 0 where there is none.
func (t *trie) longest(text string) (token uint32, size int) {
	t.prefixes(text, func(n uint32, length int) { token, size = n, length })
	return token, size
}
