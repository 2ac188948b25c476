package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"tania/internal/answer/llm"
	"tania/internal/embedding"
)

const vectorsCheck = "vectors"

// vectors looks whether what makes vectors makes one: knowledge is found by words alone else.
func (x *examination) vectors(ctx context.Context) {
	from := x.config.Vectors.From
	base, key, asked := x.config.VectorServer()
	switch {
	case from.Table != "":
		if _, err := embedding.LoadTable(from.Table); err != nil {
			x.fail(vectorsCheck, err.Error(), "name a table of model2vec in EMBEDDINGS, with tokenizer.json beside it, or set it to off")
			return
		}
		x.ok(vectorsCheck, "the table %s makes them", from.Table)
		return
	case !asked && !from.Auto:
		x.info(vectorsCheck, "EMBEDDINGS is off: knowledge is found by words alone")
		return
	case !asked:
		x.info(vectorsCheck, "no server makes them: knowledge is found by words alone; EMBEDDINGS names a server or a table")
		return
	}
	base = cmp.Or(base, llm.DefaultBaseURL)
	server := llm.NewOpenAI(llm.OpenAIOptions{APIKey: key.Reveal(), BaseURL: base, Timeout: x.client.Timeout, Transport: x.client.Transport})
	defer server.Close()
	model, err := x.config.Model.Embedding, error(nil)
	if model == "" {
		model, err = server.EmbeddingModel(ctx)
	} else {
		_, _, err = server.Embed(ctx, model, []string{"hello"})
	}
	switch {
	case err == nil:
		x.ok(vectorsCheck, "%s makes them with %s", base, model)
	case errors.Is(err, llm.ErrNoEmbeddings) && from.Auto:
		x.info(vectorsCheck, "%s makes none: knowledge is found by words alone; EMBEDDINGS names another server or a table", base)
	default:
		x.warn(vectorsCheck, fmt.Sprintf("%s makes none: %s", base, x.quoted(err.Error())),
			"see the server's log; OPENAI_EMBEDDING_MODEL names its model, and until it works knowledge is found by words alone")
	}
}
