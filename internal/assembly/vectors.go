package assembly

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/bots"
	"tania/internal/bots/meaning"
	"tania/internal/config"
	"tania/internal/embedding"
	"tania/internal/knowledge/recall"
	"tania/internal/tania"
)

// Vectors gives what makes vectors: a server by its address, or a table by its file; nil for "". A key goes to the server that it belongs
// to, and to no other: OPENAI_API_KEY to the model's, EMBEDDINGS_API_KEY to that of EMBEDDINGS, or to this one where EMBEDDINGS names none.
func Vectors(c *config.Config, where, model string) (recall.Vectors, error) {
	if where == "" {
		if model != "" {
			return nil, errors.New("--embed-model names a model of the server of --embed, which is missing")
		}
		return nil, nil
	}
	if !strings.HasPrefix(where, "http://") && !strings.HasPrefix(where, "https://") {
		if config.LacksScheme(where) {
			return nil, fmt.Errorf("%s: the address of a server begins with http:// or https://", where)
		}
		return embedding.LoadTable(where)
	}
	model = cmp.Or(model, c.Model.Embedding, llm.DefaultEmbeddingModel)
	o := llm.OpenAIOptions{BaseURL: where, Model: model, Timeout: embedding.DefaultTimeout}
	server, err := url.Parse(where)
	if err != nil {
		return nil, fmt.Errorf("--embed: %w", err)
	}
	o.APIKey = c.VectorKey(server).Reveal()
	return encoder(where, model, llm.NewOpenAI(o), nil, func(context.Context, tania.Usage) {}), nil
}

// vectorsName tells the vectors of a model from those of another, and from those of one that another server has under the same name.
// OpenAI's models go by their names.
func vectorsName(base, model string) string {
	if strings.TrimRight(base, "/") == llm.DefaultBaseURL {
		return model
	}
	return strings.TrimRight(base, "/") + " " + model
}

// encoder makes vectors of texts by a model of the server that answers at an address.
func encoder(base, model string, server *llm.OpenAI, kept *embedding.Kept, pay func(context.Context, tania.Usage)) *embedding.Server {
	return embedding.NewServer(embedding.Options{Model: base + " " + model, Kept: kept, Ask: func(ctx context.Context, texts []string) ([][]float32, error) {
		made, usage, err := server.Embed(ctx, model, texts)
		pay(ctx, usage)
		if errors.Is(err, llm.ErrTextsNotTaken) {
			err = errors.Join(embedding.ErrNotTaken, err)
		}
		return made, err
	}})
}

// vectorParts are the vectors of a process, with the file of those that were made.
type vectorParts struct {
	*meaning.Vectors
	kept *embedding.Kept
}

// newVectors wires what the settings say that makes vectors, nil where nothing does. online is the model, of whose server they are by
// default.
func newVectors(
	c *config.Config, registry func() *bots.Registry, online *llm.OpenAI, pay func(context.Context, tania.Usage), w watch, log *slog.Logger,
) (*vectorParts, error) {
	base, key, asked := c.VectorServer()
	if c.Vectors.From.Table == "" && !asked {
		return nil, nil
	}
	p := &vectorParts{}
	o := meaning.Options{Patience: c.Vectors.Patience, Log: log, Hide: hider(c.Model.Hidden), Answering: func() (all []*answer.Answerer) {
		for _, by := range registry().All() {
			all = append(all, by.Answerer)
		}
		return all
	}}
	if table := c.Vectors.From.Table; table != "" {
		t, err := embedding.LoadTable(table)
		if err != nil {
			return nil, fmt.Errorf("EMBEDDINGS: %w", err)
		}
		o.Find = func(context.Context) (meaning.Encoder, string, error) {
			log.Info("a table makes vectors", "table", table)
			return t, t.Name(), nil
		}
		p.Vectors = meaning.New(o)
		return p, nil
	}
	p.kept = keptVectors(c.DataDir, log)
	server := online
	if !c.Vectors.From.Auto {
		server = llm.NewOpenAI(llm.OpenAIOptions{
			Observe: w.metrics.Model, Transport: w.tracer.Transport(w.hidden.Transport(llm.NewTransport()), "embeddings", false),
			APIKey: key.Reveal(), BaseURL: base, Model: c.Model.Embedding, Timeout: embedding.DefaultTimeout, Log: log,
		})
	}
	base = cmp.Or(base, llm.DefaultBaseURL)
	o.Find = func(ctx context.Context) (meaning.Encoder, string, error) {
		model, err := c.Model.Embedding, error(nil)
		if model == "" {
			model, err = server.EmbeddingModel(ctx)
		} else if _, err = encoder(base, model, server, p.kept, pay).One(ctx, "hello"); err != nil {
			return nil, "", fmt.Errorf("%s makes no vector with OPENAI_EMBEDDING_MODEL (%s): %w", base, model, err)
		}
		switch {
		case errors.Is(err, llm.ErrNoEmbeddings):
			log.Info("the server makes no vectors: words alone decide; EMBEDDINGS names another server or a table", "server", base)
			return nil, "", meaning.ErrNone
		case err != nil:
			return nil, "", err
		}
		log.Info("a server makes vectors", "server", base, "model", model)
		return encoder(base, model, server, p.kept, pay), vectorsName(base, model), nil
	}
	p.Vectors = meaning.New(o)
	return p, nil
}

// keptVectors are those of earlier runs, or an empty memory where their file cannot be used.
func keptVectors(dir string, log *slog.Logger) *embedding.Kept {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var kept *embedding.Kept
		kept, err = embedding.OpenKept(filepath.Join(dir, "vectors"), func(err error) {
			log.Warn("new vectors cannot be written, and are in memory until the process ends", "error", err)
		})
		if err == nil {
			return kept
		}
	}
	log.Warn("vectors are kept until the process ends only", "error", err)
	return embedding.KeepInMemory()
}

// awaitFound lets it be found out what makes vectors before the first turn is answered, for a moment: until then the cache has
// other entries.
func (p *vectorParts) awaitFound(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, 500*time.Millisecond)
	defer done()
	p.vectors().Await(ctx)
}

// close ends what is under way, and lets the file go.
func (p *vectorParts) close() error {
	if p == nil {
		return nil
	}
	p.Close()
	if p.kept == nil {
		return nil
	}
	return p.kept.Close()
}

// vectors are those of parts, which may be missing.
func (p *vectorParts) vectors() *meaning.Vectors {
	if p == nil {
		return nil
	}
	return p.Vectors
}
