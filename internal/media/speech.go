package media

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"tania/internal/knowledge/source/fetch"
	"tania/internal/tania"
)

// Speech is a server that writes recordings down: OpenAI's /audio/transcriptions, or one that is compatible.
type Speech struct {
	base, model, key string
	timeout          time.Duration
	client           *http.Client
}

// DefaultSpeechModel is OpenAI's name for Whisper, which compatible servers know too.
const DefaultSpeechModel = "whisper-1"

// DefaultServerTime bounds one call of a server.
const DefaultServerTime = 30 * time.Second

// SpeechOptions configure NewSpeech.
type SpeechOptions struct {
	// BaseURL ends before /audio/transcriptions; Model is DefaultSpeechModel where it is empty; Timeout bounds one call.
	BaseURL, Model, Key string
	Timeout             time.Duration
}

// NewSpeech makes no request.
func NewSpeech(o SpeechOptions) *Speech {
	return &Speech{
		base: strings.TrimRight(o.BaseURL, "/"), model: cmp.Or(o.Model, DefaultSpeechModel), key: o.Key,
		timeout: cmp.Or(o.Timeout, DefaultServerTime), client: newClient(),
	}
}

// newClient follows no redirects: the key must not go elsewhere.
func newClient() *http.Client {
	return &http.Client{
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// mostHeard bounds a transcript, in characters: about a quarter of an hour of speech. mostAnswer bounds what is read of a server's answer.
const (
	mostHeard  = 12_000
	mostAnswer = 1 << 20
)

var (
	errNoRecording = errors.New("the file is no recording of a kind that is read")
	errNoSpeech    = errors.New("nothing was heard in the recording")
)

// hear gives what is said in a recording.
func (s *Speech) hear(ctx context.Context, file *fetch.Answer, language tania.Language) (string, error) {
	extension := recording(file.Body)
	if extension == "" {
		return "", errNoRecording
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	fields := [][2]string{{"model", s.model}, {"response_format", "json"}}
	if language != "" {
		fields = append(fields, [2]string{"language", string(language)})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return "", err
		}
	}
	// Servers go by the name's ending. The name that the customer's phone gave is not passed on.
	part, err := w.CreateFormFile("file", "voice"+extension)
	if err != nil {
		return "", err
	}
	if _, err = part.Write(file.Body); err != nil {
		return "", err
	}
	if err = w.Close(); err != nil {
		return "", err
	}
	answer, err := post(ctx, s.client, s.timeout, s.base+"/audio/transcriptions", s.key, w.FormDataContentType(), &form)
	if err != nil {
		return "", fmt.Errorf("the transcription server: %w", err)
	}
	return heard(answer)
}

// heard reads a server's answer.
func heard(answer []byte) (string, error) {
	var said struct {
		Text *string `json:"text"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Text == nil {
		return "", errors.New("the transcription server's answer has no text; is TRANSCRIPTION_BASE_URL right?")
	}
	text := strings.TrimSpace(*said.Text)
	if text == "" {
		return "", errNoSpeech
	}
	return shortened(text, mostHeard), nil
}

func shortened(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + " …"
	}
	return text
}

// recordings are how files of the kinds begin that phones and browsers record, and how their names end.
var recordings = []struct {
	offset    int
	begins    string
	extension string
}{
	{0, "OggS", ".ogg"},
	{0, "ID3", ".mp3"},
	{0, "\xff\xfb", ".mp3"},
	{0, "\xff\xf3", ".mp3"},
	{0, "\xff\xf2", ".mp3"},
	{0, "\xff\xf1", ".aac"},
	{0, "\xff\xf9", ".aac"},
	{4, "ftyp", ".m4a"},
	{8, "WAVE", ".wav"},
	{0, "\x1aE\xdf\xa3", ".webm"},
	{0, "fLaC", ".flac"},
	{0, "#!AMR", ".amr"},
}

// recording gives how the name of a recording ends, "" for a file that is none. The content decides, not what the sender calls it.
func recording(content []byte) string {
	for _, r := range recordings {
		if len(content) > r.offset && bytes.HasPrefix(content[r.offset:], []byte(r.begins)) {
			return r.extension
		}
	}
	return ""
}

// post makes one call. What a server says of its failure is not passed on: it may quote the customer, or the key.
func post(ctx context.Context, client *http.Client, most time.Duration, address, key, kind string, body io.Reader) ([]byte, error) {
	ctx, done := context.WithTimeout(ctx, most)
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "tania")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, passing{errors.New("does not answer")}
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	switch {
	case err != nil:
		return nil, passing{errors.New("broke off")}
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return nil, passing{fmt.Errorf("status %d", res.StatusCode)}
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	return answer, nil
}
