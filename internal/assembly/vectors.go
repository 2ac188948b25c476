package assembly

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"tania/internal/answer/llm"
	"tania/internal/config"
	"tania/internal/embedding"
	"tania/internal/knowledge/recall"
	"tania/internal/tania"
)

// namelessModel is asked for where no model is named: servers of one model take any name.
const namelessModel = "text-embedding-3-small"

// Vectors gives what makes vectors: a server by its address, or a table by its file; nil for "". The key of OPENAI_API_KEY goes to the
// server that it belongs to, and to no other.
func Vectors(c *config.Config, where, model string) (recall.Vectors, error) {
	if where == "" {
		if model != "" {
			return nil, errors.New("--embed-model names a model of the server of --embed, which is missing")
		}
		return nil, nil
	}
	if !strings.HasPrefix(where, "http://") && !strings.HasPrefix(where, "https://") {
		return embedding.LoadTable(where)
	}
	model = cmp.Or(model, c.Model.Embedding, namelessModel)
	o := llm.OpenAIOptions{BaseURL: where, Model: model, Timeout: embedding.DefaultTimeout}
	own := llm.DefaultBaseURL
	if c.Model.BaseURL != nil {
		own = c.Model.BaseURL.String()
	}
	if strings.TrimRight(where, "/") == strings.TrimRight(own, "/") {
		o.APIKey = c.Model.Key.Reveal()
	}
	return newVectors(model, llm.NewOpenAI(o), func(context.Context, tania.Usage) {}), nil
}

// newVectors makes vectors of texts by a model of the server that answers.
func newVectors(model string, online *llm.OpenAI, pay func(context.Context, tania.Usage)) *embedding.Server {
	return embedding.NewServer(embedding.Options{Model: model, Ask: func(ctx context.Context, texts []string) ([][]float32, error) {
		made, usage, err := online.Embed(ctx, model, texts)
		pay(ctx, usage)
		return made, err
	}})
}
