package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"tania/internal/tania"
)

// Embed gives a text's embedding by a model of the same server. The budget is checked and the call observed as others are. Its errors are those of
// Respond; it is not tried again, since whoever compares meanings can do without.
func (a *OpenAI) Embed(ctx context.Context, model, text string) ([]float32, tania.Usage, error) {
	if err := a.checkBudget(ctx); err != nil {
		return nil, tania.Usage{}, err
	}
	bounded, done := context.WithTimeout(ctx, a.options.Timeout)
	defer done()
	began := time.Now()
	var res *http.Response
	made, err := a.server.embed.New(bounded, openai.EmbeddingNewParams{
		Model: model, Input: openai.EmbeddingNewParamsInputUnion{OfString: openai.String(text)},
		EncodingFormat: openai.EmbeddingNewParamsEncodingFormatFloat,
	}, option.WithResponseInto(&res))
	observed := Call{Model: model, Duration: time.Since(began)}
	if res != nil {
		observed.Status = res.StatusCode
	}
	f := a.server.judge(ctx, bounded, res, err)
	if f == nil && (made == nil || len(made.Data) == 0 || len(made.Data[0].Embedding) == 0) {
		f = &failure{kind: kindStatus, status: observed.Status, text: "no embedding in the answer; is OPENAI_EMBEDDING_MODEL right?"}
	}
	var embedding []float32
	if f == nil {
		for _, x := range made.Data[0].Embedding {
			embedding = append(embedding, float32(x))
		}
		observed.Usage = a.embeddingUsage(model, text, made.Usage.PromptTokens)
	} else {
		f.model, f.text = model, a.server.withoutSecrets(f.text)
		observed.Err = f
	}
	if a.options.Observe != nil {
		a.options.Observe(observed)
	}
	if observed.Err != nil {
		return nil, observed.Usage, fmt.Errorf("llm: embed: %w", errors.Join(ErrUnavailable, observed.Err))
	}
	return embedding, observed.Usage, nil
}

func (a *OpenAI) embeddingUsage(model, text string, tokens int64) tania.Usage {
	if tokens <= 0 {
		tokens = estimate(text)
	}
	return tania.Usage{Model: model, Calls: 1, InputTokens: tokens, Cost: a.cost(model, "", tokens, 0)}
}
