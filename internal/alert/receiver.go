package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"tania/internal/tania"
)

// receiver posts alerts. Its address is a secret, so no error holds it.
type receiver struct {
	url    string
	client *http.Client
}

// postTime bounds one post.
const postTime = 5 * time.Second

func newReceiver(url string, transport http.RoundTripper) *receiver {
	if transport == nil {
		transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	return &receiver{url, &http.Client{
		Transport: transport, Timeout: postTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// posted is what a receiver gets. Slack and its like read Text; programs read the rest.
type posted struct {
	Text  string `json:"text"`
	State string `json:"state"`
	// Incident is the same at the beginning and the end.
	Incident string      `json:"incident"`
	Alert    postedAlert `json:"alert"`
	Process  string      `json:"process"`
}

// postedAlert is an alert in one language.
type postedAlert struct {
	Name      string    `json:"name"`
	Since     time.Time `json:"since"`
	Ended     time.Time `json:"ended,omitzero"`
	Value     float64   `json:"value"`
	Threshold float64   `json:"threshold"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Fix       string    `json:"fix"`
}

func (r *receiver) post(ctx context.Context, a Alert, process string, lang tania.Language) error {
	p := posted{
		Text: "Tania: " + a.Title.In(lang) + "\n" + a.Text.In(lang) + "\n" + a.Fix.In(lang), State: "raised", Incident: a.Name + "@" +
			a.Since.Format(time.RFC3339),
		Alert: postedAlert{a.Name, a.Since, a.Ended, a.Value, a.Threshold, a.Title.In(lang), a.Text.In(lang), a.Fix.In(lang)}, Process: process,
	}
	if !a.Ended.IsZero() {
		p.State = "ended"
		p.Text = "Tania: " + words.say("over", a.Ended.Sub(a.Since).Round(time.Second).String(), a.Title.In(lang)).In(lang)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), postTime)
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("ALERT_WEBHOOK_URL cannot be asked")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := r.client.Do(req)
	if err != nil {
		var with *url.Error
		if errors.As(err, &with) {
			err = with.Err
		}
		return fmt.Errorf("ALERT_WEBHOOK_URL: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("ALERT_WEBHOOK_URL: answered %s", resp.Status)
	}
	return nil
}

func (r *receiver) close() { r.client.CloseIdleConnections() }
