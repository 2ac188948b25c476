package answer

import (
	"context"

	"tania/internal/answer/knowledge"
	"tania/internal/embedding"
	"tania/internal/language"
)

// Explain gives the entries that a text is about, in the order in which a model would be given them, at most limit, with why, and that of a
// source behind them. vectors reports whether meaning decided too.
func (a *Answerer) Explain(ctx context.Context, text string, limit int, also string) (all []knowledge.Explained, vectors bool) {
	var meant embedding.Vector
	if a.options.Meaning != nil {
		meant = a.options.Meaning(ctx, text)
	}
	return a.index.Explain(language.Read(text), meant, limit, also), !meant.Empty()
}
