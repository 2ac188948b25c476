// Package telemetry is how Tania is watched from outside: logs now, metrics and traces beside them.
package telemetry

import (
	"io"
	"log/slog"
)

// NewLogger writes one line per event to w, as text or JSON. Message content is never among the attributes.
func NewLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
