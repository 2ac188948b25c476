package check

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// actionlint is a program by itself: as a library it wants another YAML parser than Compose's does.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

func TestWorkflowsAreRight(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflow: %v", err)
	}
	if text, err := exec.Command("go", append([]string{"run", actionlint, "-oneline", "-no-color"},
		files...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
