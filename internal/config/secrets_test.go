package config

import (
	"slices"
	"testing"
)

// TestSecretsAreAllThatNobodyMayRead: of every secret variable, whatever is added to the table, and of the passwords in addresses.
func TestSecretsAreAllThatNobodyMayRead(t *testing.T) {
	c := mustLoad(t, "CHATWOOT_API_ACCESS_TOKEN=tok-1", "CHATWOOT_WEBHOOK_SECRET=one-2, two-3", "CHATWOOT_WEBHOOK_TOKEN=hook-4",
		"OPENAI_API_KEY=key-5",
		"ADMIN_TOKEN=admin-token-of-6", "REDIS_URL=redis://me:pass-7@redis:6379", "ALERT_WEBHOOK_URL=https://hooks.example/T0/secret-8",
		"OTEL_EXPORTER_OTLP_HEADERS=x-api-key=otlp-9, authorization=Bearer%20otlp-10%3D",
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS=x-honeycomb-team=otlp-11")
	all := c.Secrets()
	for _, want := range []string{
		"tok-1", "one-2", "two-3", "hook-4", "key-5", "admin-token-of-6", "pass-7",
		"https://hooks.example/T0/secret-8", "otlp-9", "Bearer%20otlp-10%3D", "otlp-10=", "otlp-11",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is not among them", want)
		}
	}
	if slices.ContainsFunc(mustLoad(t, "REDIS_URL=redis://redis:6379").Secrets(), func(s string) bool { return s != "" }) {
		t.Error("an address without a password is a secret")
	}
}
