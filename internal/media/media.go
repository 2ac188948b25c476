// Package media reads what customers attach: it downloads a file from the account's Chatwoot, and gives what it says. What comes in is a
// file that anybody may have made, within bounds of bytes and time; what it says is a customer's words, and never an instruction.
package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/tania"
	"tania/internal/wait"
)

// Options configure New. Chatwoot is required.
type Options struct {
	// Chatwoot is the account's. Files are asked of it, and of the storage that it redirects to.
	Chatwoot *url.URL
	// Storage names where Chatwoot's storage is, as host, host:port, address or network, where that is not a public address.
	Storage []string
	// Speech is the server that writes recordings down; nil: none does.
	Speech *Speech
	// Vision describes pictures; nil: nothing does. Documents has the text of files read.
	Vision    *Vision
	Documents bool
	Log       *slog.Logger
	// Sleep waits between two tries; nil: by the clock.
	Sleep func(context.Context, time.Duration) error
}

// Reader reads attachments. It is safe for concurrent use.
type Reader struct {
	options Options
	files   *files
}

// New gives a reader; nothing is called yet.
func New(o Options) (*Reader, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Sleep == nil {
		o.Sleep = wait.For
	}
	f, err := newFiles(o.Chatwoot, o.Storage)
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return &Reader{options: o, files: f}, nil
}

// Close ends the connections that are open.
func (r *Reader) Close() {
	if r == nil {
		return
	}
	r.files.fetcher.Close()
	if r.options.Speech != nil {
		r.options.Speech.client.CloseIdleConnections()
	}
	if r.options.Vision != nil {
		r.options.Vision.client.CloseIdleConnections()
	}
}

// Reads reports whether an attachment is of a kind that is read here, and was not read yet. A nil Reader reads nothing.
func (r *Reader) Reads(a tania.Attachment) bool {
	if r == nil || a.URL == "" || a.Transcript != "" || a.Text != "" {
		return false
	}
	switch a.Type {
	case audio:
		return r.options.Speech != nil
	case picture:
		return r.options.Vision != nil
	case document:
		return r.options.Documents
	}
	return false
}

// The kinds of attachments that are read, by Chatwoot's file_type (app/models/attachment.rb).
const (
	audio    = "audio"
	picture  = "image"
	document = "file"
)

// Tries are how often a file is asked for or read before it counts as unreadable, and firstWait is the first wait between two: a file of a
// message that just came may be missing for some seconds (ActiveStorage analyses it behind the webhook).
const (
	mostTries = 4
	firstWait = time.Second
)

// Read gives an attachment with what its file says. language is the customer's where only one is possible, and empty where the file tells.
// Its error says, for people of the team, why nothing was read; it names nothing that the customer wrote.
func (r *Reader) Read(ctx context.Context, a tania.Attachment, language tania.Language) (tania.Attachment, error) {
	wait := firstWait
	for try := 1; ; try++ {
		read, err := r.once(ctx, a, language)
		if err == nil {
			return read, nil
		}
		if !mayPass(err) || try == mostTries || r.options.Sleep(ctx, wait) != nil {
			return a, fmt.Errorf("media: %s: %w", a.Type, err)
		}
		wait *= 2
	}
}

func (r *Reader) once(ctx context.Context, a tania.Attachment, language tania.Language) (tania.Attachment, error) {
	file, err := r.files.get(ctx, a.URL)
	if err != nil {
		return a, err
	}
	switch a.Type {
	case audio:
		a.Transcript, err = r.options.Speech.hear(ctx, file, language)
	case picture:
		a.Text, err = r.options.Vision.see(ctx, file.Body)
	case document:
		a.Text, err = written(a.URL, file)
	}
	a.Own = err == nil
	return a, err
}

// passing is a failure that may be over at the next try.
type passing struct{ error }

// Unwrap gives the cause.
func (p passing) Unwrap() error { return p.error }

// mayPass reports whether another try may end otherwise.
func mayPass(err error) bool {
	if _, ok := errors.AsType[passing](err); ok {
		return true
	}
	status, ok := errors.AsType[fetch.StatusError](err)
	return ok && (status.Status == http.StatusNotFound || status.Status == http.StatusTooManyRequests || status.Status >= 500)
}
