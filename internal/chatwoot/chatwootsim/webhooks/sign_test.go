package webhooks

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"
)

func TestSignaturesAreThoseOfChatwoot(t *testing.T) {
	var vectors []struct {
		Payload, Secret, Body string
		Headers               map[string]string
	}
	data, err := os.ReadFile("../../testdata/signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors: %v", len(vectors), err)
	}
	for _, v := range vectors {
		seconds, err := strconv.ParseInt(v.Headers["X-Chatwoot-Timestamp"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := sign(v.Secret, time.Unix(seconds, 0), []byte(v.Body)); got != v.Headers["X-Chatwoot-Signature"] {
			t.Errorf("%s: %s, want %s", v.Payload, got, v.Headers["X-Chatwoot-Signature"])
		}
	}
}
