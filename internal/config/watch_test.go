package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWatchingIsSetByItsVariables(t *testing.T) {
	env := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(env, []byte("OTEL_SERVICE_NAME=bakery\nOTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load([]string{
		"METRICS_PORT=9464", "ALERT_WEBHOOK_URL=https://hooks.example.com/T0/secret", "ALERT_WAITING=50", "ALERT_OLDEST_WAITING_SECONDS=300",
		"OTEL_BSP_SCHEDULE_DELAY=50",
	}, env)
	if err != nil {
		t.Fatal(err)
	}
	w := c.Watch
	if w.MetricsPort != 9464 || w.AlertWebhook.Reveal() != "https://hooks.example.com/T0/secret" || w.AlertWaiting != 50 ||
		w.AlertOldest != 5*time.Minute ||
		w.Traces.Host != "collector:4318" {
		t.Errorf("%+v", w)
	}
	want := map[string]string{"OTEL_SERVICE_NAME": "bakery", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}
	if diff := cmp.Diff(want, w.OpenTelemetry); diff != "" {
		t.Error(diff)
	}
	for _, warning := range c.Warnings {
		if strings.Contains(warning, "OTEL_") {
			t.Error(warning)
		}
	}
	for _, bad := range []string{"ALERT_WEBHOOK_URL=hooks.example.com/secret", "ALERT_WEBHOOK_URL=https:///secret", "METRICS_PORT=0"} {
		_, err := Load([]string{bad}, "")
		if err == nil || strings.Contains(err.Error(), "/secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
