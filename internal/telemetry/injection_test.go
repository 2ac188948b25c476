package telemetry_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"tania/internal/telemetry"
)

// TestNobodysTextMakesALogLine logs what strangers may have written: in an error that quotes their input, and in an address.
func TestNobodysTextMakesALogLine(t *testing.T) {
	const attack = "x\nlevel=ERROR msg=\"forged\"\r\n{\"level\":\"ERROR\"}\x1b[2J\u2028y"
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			var out bytes.Buffer
			log := telemetry.NewLogger(&out, slog.LevelDebug, format)
			log.Warn("webhook not understood", "error", errors.New(attack), "remote", attack)
			if n := strings.Count(out.String(), "\n"); n != 1 {
				t.Errorf("%d lines: %q", n, out.String())
			}
			if strings.ContainsAny(out.String(), "\x1b\r") {
				t.Errorf("control characters reach the terminal: %q", out.String())
			}
		})
	}
}
