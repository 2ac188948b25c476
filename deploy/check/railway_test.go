package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// railway is the part of https://railway.com/railway.schema.json that is used here; a key that is not in it is an error.
type railway struct {
	Schema string `json:"$schema"`
	Build  struct {
		Builder        string   `json:"builder"`
		DockerfilePath string   `json:"dockerfilePath"`
		WatchPatterns  []string `json:"watchPatterns"`
	} `json:"build"`
	Deploy struct {
		StartCommand       string `json:"startCommand"`
		HealthcheckPath    string `json:"healthcheckPath"`
		HealthcheckTimeout int    `json:"healthcheckTimeout"`
		RestartPolicyType  string `json:"restartPolicyType"`
		OverlapSeconds     int    `json:"overlapSeconds"`
		DrainingSeconds    int    `json:"drainingSeconds"`
	} `json:"deploy"`
}

func TestTheRailwayServicesAreOneImageWithTwoStartCommands(t *testing.T) {
	for name, command := range map[string]string{"railway.json": "/tania serve --worker=false", "railway.worker.json": "/tania worker"} {
		file, err := os.Open(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		var r railway
		d := json.NewDecoder(file)
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_ = file.Close()
		if r.Build.Builder != "DOCKERFILE" || r.Deploy.StartCommand != command || r.Deploy.RestartPolicyType != "ALWAYS" {
			t.Errorf("%s: %+v", name, r)
		}
		if _, err := os.Stat(filepath.Join(root, r.Build.DockerfilePath)); err != nil {
			t.Error(err)
		}
		for _, pattern := range r.Build.WatchPatterns {
			if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(pattern, "/**"))); err != nil {
				t.Error(err)
			}
		}
		// A worker has nothing that Railway could ask.
		if web := name == "railway.json"; web != (r.Deploy.HealthcheckPath != "") {
			t.Errorf("%s: healthcheckPath %q", name, r.Deploy.HealthcheckPath)
		}
	}
}
