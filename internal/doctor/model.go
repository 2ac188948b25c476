package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	prompts "tania/internal/answer"
	"tania/internal/answer/llm"
)

const (
	modelCheck    = "model"
	openAIAddress = "https://api.openai.com/v1"
)

// listedModel is a model as GET /models has it. OpenAI adds the day on which it is shut down.
type listedModel struct {
	ID       string `json:"id"`
	Shutdown string `json:"shutdown_date"`
}

// model looks whether the model's server takes the key and has the models, and asks the first one a word.
func (x *examination) model(ctx context.Context) {
	m := x.config.Model
	if !m.Online() {
		x.info(modelCheck, "none is configured: the offline responder answers from bot.yaml alone; OPENAI_API_KEY or OPENAI_BASE_URL brings one")
		return
	}
	listed, reachable := x.listModels(ctx)
	if !reachable {
		return
	}
	for i, name := range append([]string{m.Name}, m.Fallbacks...) {
		at := slices.IndexFunc(listed, func(l listedModel) bool { return l.ID == name })
		if at >= 0 && listed[at].Shutdown != "" {
			x.warn(modelCheck, fmt.Sprintf("%s is shut down on %s", name, listed[at].Shutdown),
				"choose another in OPENAI_MODEL or OPENAI_FALLBACK_MODELS")
		}
		if i > 0 && at >= 0 {
			x.ok(modelCheck, "the fallback %s is there", name)
			continue
		}
		x.tryModel(ctx, name)
	}
}

// listModels gives the server's list, empty where it has none; reachable is false when nothing more can be asked.
func (x *examination) listModels(ctx context.Context) (listed []listedModel, reachable bool) {
	a, err := x.askModel(ctx, http.MethodGet, "/models", nil)
	if err != nil {
		text, fix := trouble(err, "OPENAI_BASE_URL")
		x.fail(modelCheck, x.modelAddress()+": "+text, fix)
		return nil, false
	}
	var list struct {
		Data []listedModel `json:"data"`
	}
	switch {
	case a.status == http.StatusUnauthorized:
		x.refusedKey()
		return nil, false
	case a.status >= 500:
		x.fail(modelCheck, fmt.Sprintf("%s answers %d", x.modelAddress(), a.status),
			"see the model server's log or status page; fallback models are on the same server")
		return nil, false
	case a.status == http.StatusOK && a.into(&list):
		return list.Data, true
	}
	return nil, true
}

// tryModel asks a model as serve will, with the bot's rules and knowledge, a system role and a tool. That tells what a list cannot: whether
// there is credit, how long it takes, and what of a request the server does not take.
func (x *examination) tryModel(ctx context.Context, name string) {
	m := x.config.Model
	asked := llm.NewOpenAI(llm.OpenAIOptions{
		APIKey: m.Key.Reveal(), BaseURL: x.modelAddress(), Model: name, Timeout: x.client.Timeout, MaxTokens: m.MaxTokens,
		Transport: x.client.Transport,
	})
	defer asked.Close()
	found := asked.Probe(ctx, prompts.New(prompts.Options{Bot: x.config.Bot, Responder: asked, Now: x.now}).Sample("Reply with the word ok."))
	said := x.quoted(found.Said)
	switch {
	case found.Truncated:
		x.ok(modelCheck, "%s answers; it thinks longer than OPENAI_MAX_TOKENS lets it, and is then asked for more", name)
	case found.Unread != "":
		x.warn(modelCheck, fmt.Sprintf("%s answers, but nothing of the answer is for a customer: %s", name, x.quoted(found.Unread)),
			"see what the model writes; choose another if it stays so")
	case found.Answered:
		x.ok(modelCheck, "%s answers in %d ms", name, found.Took.Milliseconds())
	case found.Status == 0 && found.Cause != nil:
		text, fix := trouble(found.Cause, "OPENAI_BASE_URL")
		x.fail(modelCheck, name+": "+text, fix)
	case found.Status == 0 && strings.Contains(said, "not a chat completion"), found.Status == 0 && strings.Contains(said, "no choices"):
		x.fail(modelCheck, x.modelAddress()+" answers, but not as an OpenAI-compatible server",
			"end OPENAI_BASE_URL where /chat/completions begins, with /v1 on most servers")
	case found.Status == http.StatusUnauthorized:
		x.refusedKey()
	case found.Status == http.StatusNotFound && strings.Contains(said, "model"), found.Status == http.StatusForbidden:
		x.fail(modelCheck, fmt.Sprintf("%s: %s", name, said), "choose a model the key may use, in OPENAI_MODEL or OPENAI_FALLBACK_MODELS")
	case found.Status == http.StatusNotFound:
		x.fail(modelCheck, fmt.Sprintf("%s has no /chat/completions", x.modelAddress()),
			"end OPENAI_BASE_URL where /chat/completions begins, with /v1 on most servers")
	case found.NoCredit:
		x.fail(modelCheck, fmt.Sprintf("%s: no credit is left: %s", name, said), "add credit at the provider, or raise its limit")
	case found.Status == http.StatusTooManyRequests:
		x.warn(modelCheck, fmt.Sprintf("%s is rate limited just now: %s", name, said), "try again; raise the provider's limit if it stays")
	default:
		x.fail(modelCheck, fmt.Sprintf("%s: the server answers %d: %s", name, found.Status, said), "see the model server's log or status page")
	}
	for _, lack := range found.Lacks {
		x.info(modelCheck, "%s %s", name, lack)
	}
}

// refusedKey does not quote the server, whose answer may hold a part of the key.
func (x *examination) refusedKey() {
	text := x.modelAddress() + " refuses OPENAI_API_KEY"
	if x.config.Model.Key == "" {
		text = x.modelAddress() + " wants a key, and OPENAI_API_KEY is not set"
	}
	x.fail(modelCheck, text, "copy the key again, or make a new one")
}

func (x *examination) askModel(ctx context.Context, method, path string, body any) (*answer, error) {
	header := http.Header{}
	if key := x.config.Model.Key; key != "" {
		header.Set("Authorization", "Bearer "+key.Reveal())
	}
	return x.ask(ctx, method, x.modelAddress()+path, header, body)
}

func (x *examination) modelAddress() string {
	if u := x.config.Model.BaseURL; u != nil {
		return u.String()
	}
	return openAIAddress
}
