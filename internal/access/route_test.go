package access_test

import (
	"testing"

	"tania/internal/access"
)

func TestOnlyGetReads(t *testing.T) {
	for pattern, want := range map[string]bool{"GET /dead": true, "POST /dead": false, "DELETE /dead": false, "GETTING /dead": false} {
		if got := (access.Route{Pattern: pattern}).Reads(); got != want {
			t.Errorf("%s reads: %v", pattern, got)
		}
	}
}
