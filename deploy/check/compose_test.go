package check

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
)

// TestTheComposeFileIsValid loads it as Compose does, without the .env that an installation has.
func TestTheComposeFileIsValid(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")}, cli.WithWorkingDirectory(root),
		cli.WithResolvedPaths(false))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if names := project.ServiceNames(); !slices.Equal(names, []string{"ai_worker", "api", "redis"}) {
		t.Fatalf("services: %v", names)
	}
	for name, s := range project.Services {
		if name != "redis" && (!s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || s.DependsOn["redis"].Condition != "service_healthy") {
			t.Errorf("%s may write, may too much, or does not wait for Redis: %+v", name, s)
		}
		if name != "redis" && (s.Build == nil || s.Build.Dockerfile != "deploy/Dockerfile") {
			t.Errorf("%s is built from %+v", name, s.Build)
		}
	}
	// A name or a port of its own would keep it from being scaled.
	if w := project.Services["ai_worker"]; w.ContainerName != "" || len(w.Ports) > 0 {
		t.Errorf("ai_worker cannot be scaled: %+v", w)
	}
	if _, err := project.WithServicesEnabled("ai_worker"); err != nil {
		t.Error(err)
	}
}
