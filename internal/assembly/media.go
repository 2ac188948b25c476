package assembly

import (
	"cmp"
	"fmt"
	"log/slog"

	"tania/internal/config"
	"tania/internal/media"
)

// newMedia gives what reads the files that customers attach.
func newMedia(c *config.Config, log *slog.Logger) (*media.Reader, error) {
	o := media.Options{Chatwoot: c.Chatwoot.BaseURL, Storage: c.Media.Storage, Log: log}
	if base, key, ok := c.Media.Speech.Server(c); ok {
		o.Speech = media.NewSpeech(media.SpeechOptions{
			BaseURL: base, Model: c.Media.Speech.Model, Key: key.Reveal(), Timeout: c.Media.Speech.Timeout,
		})
	}
	if base, key, ok := c.Media.Vision.Server(c); ok {
		o.Vision = media.NewVision(media.VisionOptions{
			BaseURL: base, Model: cmp.Or(c.Media.Vision.Model, c.Model.Name), Key: key.Reveal(), Timeout: c.Media.Vision.Timeout,
		})
	}
	o.Documents = c.Media.Documents && c.Model.Online()
	reader, err := media.New(o)
	if err != nil {
		return nil, fmt.Errorf("CHATWOOT_STORAGE_HOSTS: %w", err)
	}
	return reader, nil
}
