package connect

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// Health asks a process how it is, at the URL of /readyz or /healthz: 200 is well, and text is what it says. It is for containers that
// hold no shell and no curl.
func Health(ctx context.Context, url string) (status int, text string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	// Not by a proxy that the environment names, and by a connection of its own.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	return answer.StatusCode, string(body), errors.Join(err, answer.Body.Close())
}
