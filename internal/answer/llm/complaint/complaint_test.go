package complaint_test

import (
	"testing"

	"tania/internal/answer/llm/complaint"
	"tania/internal/lazyregexp"
)

func TestReadGivesTheMessageForPeople(t *testing.T) {
	for body, want := range map[string][2]string{
		`{"error":{"code":"rate_limit","type":"tokens","message":"Slow  down\nplease"}}`: {"rate_limit tokens", "Slow down please"},
		`{"error":{"message":"Provider returned error","metadata":{"raw":"no room"}}}`:   {" ", "Provider returned error: no room"},
		`[{"error":{"code":400,"message":"bad"}}]`:                                       {"400 ", "bad"},
		`{"error":"model not loaded"}`:                                                   {"", "model not loaded"},
		`{"detail":[{"msg":"extra"}]}`:                                                   {"", `[{"msg":"extra"}]`},
		`Bad Gateway`:                                                                    {"", "Bad Gateway"},
		` `:                                                                              {"", "no text"},
	} {
		if code, text := complaint.Read([]byte(body)); code != want[0] || text != want[1] {
			t.Errorf("%s: %q %q, want %q", body, code, text, want)
		}
	}
}

func TestWordsAreTheServersOwn(t *testing.T) {
	tools := lazyregexp.New(`tools`)
	for body, want := range map[string]bool{
		`{"error":{"message":"tools are not supported"}}`:                          true,
		`{"error":{"message":"no","failed_generation":"call the tools"}}`:          false, // what the model wrote
		`{"error":{"message":"upstream: {\"message\":\"no tools here\"}"}}`:        true,  // a broker passes it on
		`{"error":{"message":"my-tools-7b is not there"}}`:                         false, // the model's name
		`<html><body>tools</body></html>`:                                          false,
		`{"detail":[{"loc":["body","tools"],"msg":"Extra inputs not permitted"}]}`: true,
	} {
		if got := complaint.WordsOf([]byte(body), "my-tools-7b").Says(tools); got != want {
			t.Errorf("%s names tools: %t, want %t", body, got, want)
		}
	}
}

func TestRoomIsThatOfTheModel(t *testing.T) {
	for body, want := range map[string][2]int{
		`{"error":{"message":"This model's maximum context length is 8,192 tokens. However, you requested 9000 tokens (8500 in the messages, 500 in the completion)."}}`: {8192, 8500},
		`{"error":{"n_ctx":4096,"n_prompt_tokens":5100,"message":"the request exceeds the available context size"}}`:                                                     {4096, 5100},
		`{"error":{"message":"too long"}}`: {0, 0},
	} {
		if context, prompt := complaint.WordsOf([]byte(body), "").Room(500); context != want[0] || prompt != want[1] {
			t.Errorf("%s: %d %d, want %v", body, context, prompt, want)
		}
	}
}
