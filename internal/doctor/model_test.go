package doctor

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tania/internal/answer/llm/modelservers"
)

// dead is a network without anybody in it.
type dead struct{}

func (dead) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("network is unreachable")
}

const completion = `{"choices":[{"message":{"role":"assistant","content":"ok"}}]}`

// models is a model server: its list, and its answers to completions by what the request holds.
func models(t *testing.T, list page, completions ...[2]any) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+modelKey {
			reply(w, page{status: 401, body: `{"error":{"message":"Incorrect API key provided: ` + r.Header.Get("Authorization") + `"}}`})
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		switch r.URL.Path {
		case "/v1/models":
			reply(w, list)
			return
		case "/v1/chat/completions":
			for _, c := range completions {
				if strings.Contains(string(body), c[0].(string)) {
					reply(w, c[1].(page))
					return
				}
			}
		}
		reply(w, page{status: 404, body: `404 page not found`})
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

func TestTheModelIsAsked(t *testing.T) {
	listed := page{body: `{"object":"list","data":[{"id":"m1"},{"id":"m2","shutdown_date":"2027-01-14"},{"id":"m3","shutdown_date":null}]}`}
	noList := page{status: 404}
	answers := page{body: completion}
	for _, x := range []struct {
		name        string
		list        page
		completions [][2]any
		settings    []string
		status      Status
		words       []string
	}{
		{"answers", listed, [][2]any{{`"m1"`, answers}}, nil, OK, []string{"m1 answers in"}},
		{
			"fallback in the list", listed,
			[][2]any{{`"m1"`, answers}},
			[]string{"OPENAI_FALLBACK_MODELS=m3"},
			OK,
			[]string{"fallback m3 is there"},
		},
		{
			"model that will be shut down", listed,
			[][2]any{{`"m1"`, answers}},
			[]string{"OPENAI_FALLBACK_MODELS=m2"},
			Warn,
			[]string{"m2 is shut down on 2027-01-14"},
		},
		{
			"fallback not in the list", listed,
			[][2]any{
				{`"m1"`, answers},
				{`"mm"`, page{status: 404, body: `{"error":{"message":"The model mm does not exist"}}`}},
			},
			[]string{"OPENAI_FALLBACK_MODELS=mm"},
			Fail,
			[]string{"mm: The model mm does not exist", "OPENAI_FALLBACK_MODELS"},
		},
		{"server without a list", noList, [][2]any{{`"m1"`, answers}}, nil, OK, []string{"m1 answers"}},
		{"reasoning model", listed, [][2]any{{
			`"max_tokens"`,
			page{status: 400, body: `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}`},
		}, {`max_completion_tokens`, answers}}, nil, OK, []string{"m1 answers"}},
		{
			"server that knows max_tokens alone", listed,
			[][2]any{{
				`"max_completion_tokens"`,
				page{status: 422, body: `{"message":"max_completion_tokens: extra fields not permitted"}`},
			}, {`"max_tokens"`, answers}},
			nil, OK,
			[]string{"m1 answers"},
		},
		{
			"thinks long", listed,
			[][2]any{{`"m1"`, page{
				status: 400,
				body:   `{"error":{"message":"Could not finish the message because max_tokens or model output limit was reached."}}`,
			}}},
			nil, OK,
			[]string{"thinks longer"},
		},
		{
			"no credit", listed,
			[][2]any{{`"m1"`, page{
				status: 429,
				body:   `{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}`,
			}}},
			nil, Fail,
			[]string{"no credit is left"},
		},
		{
			"rate limit", listed,
			[][2]any{{`"m1"`, page{status: 429, body: `{"error":{"message":"Slow down"}}`}}},
			nil, Warn,
			[]string{"rate limited just now: Slow down"},
		},
		{
			"model not allowed to this key", listed,
			[][2]any{{`"m1"`, page{status: 403, body: `{"error":{"message":"no access"}}`}}},
			nil, Fail,
			[]string{"m1: no access"},
		},
		{"server down", page{status: 503}, nil, nil, Fail, []string{"answers 503"}},
		{"server breaks", listed, [][2]any{{`"m1"`, page{status: 500, body: `{"error":"boom"}`}}}, nil, Fail, []string{"answers 500: boom"}},
		{
			"another kind of server",
			page{body: "<html>"},
			[][2]any{{`"m1"`, page{body: "<html>"}}},
			nil, Fail,
			[]string{"not as an OpenAI-compatible server"},
		},
		{"address without completions", noList, nil, nil, Fail, []string{"has no /chat/completions", "with /v1"}},
		{"refused key", listed, nil, []string{"OPENAI_API_KEY=wrong-key-of-mine"}, Fail, []string{"refuses OPENAI_API_KEY"}},
		{"no key", listed, nil, []string{"OPENAI_API_KEY="}, Fail, []string{"OPENAI_API_KEY is not set"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			address := models(t, x.list, x.completions...)
			settings := append([]string{"OPENAI_BASE_URL=" + address, "OPENAI_API_KEY=" + modelKey, "OPENAI_MODEL=m1"}, x.settings...)
			checks := examine(t, Deps{}, settings...)
			expect(t, checks, modelCheck, x.status, x.words...)
			if strings.Contains(list(checks), "wrong-key-of-mine") {
				t.Error("the key is printed")
			}
		})
	}
}

func TestTheModelServerIsOutOfReach(t *testing.T) {
	checks := examine(t, Deps{Transport: dead{}}, "OPENAI_API_KEY="+modelKey)
	expect(t, checks, modelCheck, Fail, "https://api.openai.com/v1: network is unreachable")
}

// TestTheDoctorSaysWhatEachServerTakes runs the check against the table of servers: the model answers on each, and what it does not take is
// said.
func TestTheDoctorSaysWhatEachServerTakes(t *testing.T) {
	for _, s := range modelservers.Table {
		t.Run(s.Name, func(t *testing.T) {
			server := httptest.NewServer(http.StripPrefix("/v1", onlyCompletions(s.Handler("ok"))))
			t.Cleanup(server.Close)
			checks := examine(t, Deps{}, "OPENAI_BASE_URL="+server.URL+"/v1", "OPENAI_API_KEY="+modelKey, "OPENAI_MODEL=m1",
				"OPENAI_MAX_TOKENS=1000")
			expect(t, checks, modelCheck, OK, "m1 answers in")
			// Whether the temperature is taken is not asked: serve sends none.
			if s.Takes != "" && !strings.Contains(s.Takes, "temperature") {
				expect(t, checks, modelCheck, Info, s.Takes)
			}
		})
	}
}

func onlyCompletions(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/chat/completions" {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func TestASecretOfFewLettersDoesNotGarbleTheLines(t *testing.T) {
	for _, short := range []string{"a", "model", "the", "1", "it", "m1", "chatwoot"} {
		quoting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reply(w, page{status: 403, body: `{"error":{"message":"key ` + short + ` may not; token=` + short + `"}}`})
		}))
		t.Cleanup(quoting.Close)
		with := examine(t, Deps{}, "OPENAI_BASE_URL="+quoting.URL+"/v1", "OPENAI_API_KEY="+short, "OPENAI_MODEL=m2",
			"CHATWOOT_WEBHOOK_TOKEN="+short, "ADMIN_TOKEN="+short)
		expect(t, with, modelCheck, Fail, "choose a model the key may use, in OPENAI_MODEL or OPENAI_FALLBACK_MODELS")
		expect(t, with, "webhook secret", OK, "the address in Chatwoot must end in")
		for _, c := range with {
			if c.Name == modelCheck && (strings.Contains(c.Text, "key "+short+" ") || strings.Contains(c.Text, "token="+short)) {
				t.Errorf("%q is printed: %+v", short, c)
			}
		}
	}
}
