package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const hidden = "sk-very-secret"

func TestASecretIsNeverPrinted(t *testing.T) {
	c := *mustLoad(t, "OPENAI_API_KEY="+hidden, "CHATWOOT_API_ACCESS_TOKEN="+hidden+"1", "CHATWOOT_WEBHOOK_SECRET=a,"+hidden,
		"REDIS_URL=redis://:"+hidden+"@r")
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c, "key", c.Model.Key)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c, "key", c.Model.Key)
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		all += fmt.Sprintf(verb, c.Model.Key) + fmt.Sprintf(verb, c)
	}
	if strings.Contains(all, hidden) || strings.Contains(all, fmt.Sprintf("%x", hidden)) {
		t.Error("the secret is in what was printed")
	}
	if c.Model.Key.Reveal() != hidden || Secret("").String() != "(unset)" {
		t.Error("Reveal or String is wrong")
	}
}

func TestErrorsDoNotShowSecrets(t *testing.T) {
	for _, setting := range []string{
		"OPENAI_API_KEY=Bearer " + hidden,
		"OPENAI_API_KEY=" + hidden + " copied",
		"OPENAI_API_KEY=\"" + hidden + "\"",
		"CHATWOOT_WEBHOOK_SECRET=good," + hidden + "\tx",
		"CHATWOOT_BASE_URL=https://me:" + hidden + "@chat.example.com",
		"CHATWOOT_BASE_URL=https://chat.example.com?api_access_token=" + hidden,
		"OPENAI_BASE_URL=ftp://me:" + hidden + "@models.example.com",
		"REDIS_URL=http://default:" + hidden + "@redis:6379",
	} {
		t.Chdir(t.TempDir())
		_, err := Load([]string{setting}, "")
		if err == nil {
			t.Errorf("%s is accepted", setting)
		} else if strings.Contains(err.Error(), hidden) {
			t.Errorf("%s shows its secret: %v", setting, err)
		}
	}
}

func TestTheRESTTokenAsWebhookSecretIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Load([]string{"CHATWOOT_API_ACCESS_TOKEN=" + hidden, "CHATWOOT_WEBHOOK_SECRET=x," + hidden}, "")
	if err == nil || !strings.Contains(err.Error(), "the same as CHATWOOT_API_ACCESS_TOKEN") || strings.Contains(err.Error(), hidden) {
		t.Errorf("%v", err)
	}
}
