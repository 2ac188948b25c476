package assembly

import (
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"tania/internal/config"
	"tania/internal/telemetry"
)

// gcPercent lets the heap grow to five times what lives in it before it is collected: that is little, a few MB, and
// collecting less often is worth a tenth of the webhook rate. GOGC overrides it.
const gcPercent = 400

// Load reads the settings of a process that serves.
func Load(env string) (*config.Config, *slog.Logger, error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	settings, err := config.Load(os.Environ(), env)
	if err == nil {
		err = settings.Require("CHATWOOT_BASE_URL", "CHATWOOT_API_ACCESS_TOKEN")
	}
	if err != nil {
		return nil, nil, err
	}
	for name, value := range settings.Watch.OpenTelemetry {
		if os.Getenv(name) == "" {
			if err := os.Setenv(name, value); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	log := telemetry.NewLogger(os.Stderr, settings.LogLevel, settings.LogFormat)
	for _, warning := range settings.Warnings {
		log.Warn(warning)
	}
	return settings, log, nil
}
