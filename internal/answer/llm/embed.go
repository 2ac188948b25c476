package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tania/internal/answer/llm/wire"
	"tania/internal/tania"
)

// Embed gives the embeddings of texts, in their order, by a model of the same server. The budget is checked and the call observed as
// others are. Its errors are those of Respond, and ErrTextsNotTaken; it is not tried again, since whoever compares meanings can do without.
func (a *OpenAI) Embed(ctx context.Context, model string, texts []string) ([][]float32, tania.Usage, error) {
	if err := a.checkBudget(ctx); err != nil {
		return nil, tania.Usage{}, err
	}
	vectors, observed, f := a.embed(ctx, model, texts)
	if a.options.Observe != nil {
		a.options.Observe(observed)
	}
	switch {
	case f == nil:
		return vectors, observed.Usage, nil
	case f.status == http.StatusBadRequest || f.status == http.StatusRequestEntityTooLarge || f.status == http.StatusUnprocessableEntity:
		return nil, observed.Usage, fmt.Errorf("llm: embed: %w", errors.Join(ErrTextsNotTaken, f))
	}
	return nil, observed.Usage, fmt.Errorf("llm: embed: %w", errors.Join(ErrUnavailable, f))
}

// ErrTextsNotTaken is Embed's where the server is well and refuses the texts: they are too many, too long, or not to its liking.
var ErrTextsNotTaken = errors.New("the server does not take the texts")

// embed makes one call, which it does not tell of.
func (a *OpenAI) embed(ctx context.Context, model string, texts []string) ([][]float32, tania.ModelCall, *failure) {
	bounded, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	began := time.Now()
	status, header, body, err := a.server.post(bounded, pathEmbedding, wire.EmbeddingRequest{Model: model, Input: texts, Encoding: "float"})
	observed := tania.ModelCall{Model: model, Status: status, Duration: time.Since(began)}
	var made wire.Embedding
	f := judge(ctx, bounded, status, header, body, err)
	var vectors [][]float32
	if f == nil {
		if json.Unmarshal(body, &made) == nil {
			vectors = made.InOrder(len(texts))
		}
		if vectors == nil {
			f = &failure{kind: kindStatus, status: status, text: "no embedding in the answer; is OPENAI_EMBEDDING_MODEL right?"}
		}
	}
	if f != nil {
		f.model, f.text = model, a.server.withoutSecrets(f.text)
		observed.Err, observed.Kind = f, string(f.kind)
		return nil, observed, f
	}
	observed.Usage = a.embeddingUsage(model, texts, made.Usage.PromptTokens.Whole())
	return vectors, observed, nil
}

func (a *OpenAI) embeddingUsage(model string, texts []string, tokens int64) tania.Usage {
	if tokens <= 0 {
		for _, text := range texts {
			tokens += estimate(text)
		}
	}
	return tania.Usage{Model: model, Calls: 1, InputTokens: tokens, Cost: a.cost(model, "", tokens, 0)}
}
