package meaning

import (
	"slices"
	"strings"
	"testing"
)

// TestAQuestionIsHiddenBeforeItsVectorIsMade, whichever way it is asked for; knowledge, which is the business's own, is not.
func TestAQuestionIsHiddenBeforeItsVectorIsMade(t *testing.T) {
	h := newHouse(t)
	t.Cleanup(h.Close)
	h.options.Hide = func(text string) string { return strings.ReplaceAll(text, "ana@example.com", "[EMAIL_1]") }
	if !h.Find(t.Context()) {
		t.Fatal("nothing makes vectors")
	}
	h.Vector(t.Context(), "soy ana@example.com")
	if _, err := h.One(t.Context(), "y escribo a ana@example.com"); err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if got := h.asked; !slices.Contains(got, "soy [EMAIL_1]") || !slices.Contains(got, "y escribo a [EMAIL_1]") || len(got) != 2 {
		t.Errorf("the server was asked %q", got)
	}
}
