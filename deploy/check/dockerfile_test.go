package check

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"golang.org/x/mod/modfile"
)

// root is the checkout.
var root = filepath.Join("..", "..")

// The image may have mostPulled bytes as it is pushed and pulled, compressed, and mostBytes unpacked.
const mostPulled, mostBytes = 14_500_000, 38_000_000

func dockerfile(t *testing.T) (build, image instructions.Stage) {
	t.Helper()
	file, err := os.Open(filepath.Join(root, "deploy", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	parsed, err := parser.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed.Warnings) > 0 {
		t.Errorf("%+v", parsed.Warnings)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != 2 || stages[0].Name != "build" || stages[1].BaseName != "scratch" {
		t.Fatalf("want a build and an image from scratch, got %+v", stages)
	}
	return stages[0], stages[1]
}

// TestTheImageIsBuiltWithTheGoThatIsChecked: the one that go.mod names, which make lint looks for vulnerabilities in.
func TestTheImageIsBuiltWithTheGoThatIsChecked(t *testing.T) {
	build, _ := dockerfile(t)
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", module, nil)
	if err != nil {
		t.Fatal(err)
	}
	if file.Toolchain == nil {
		t.Fatal("go.mod names no toolchain")
	}
	source, err := os.ReadFile(filepath.Join(root, "deploy", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	want := "ARG GO_VERSION=" + strings.TrimPrefix(file.Toolchain.Name, "go") + "\n"
	if build.BaseName != "golang:${GO_VERSION}" || !strings.Contains(string(source), want) {
		t.Errorf("it is built with %s, want it to be with %s", build.BaseName, want)
	}
}

func TestTheImageRunsAsNobodyAndChecksItself(t *testing.T) {
	_, image := dockerfile(t)
	user, health := "", []string(nil)
	for _, c := range image.Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.HealthCheckCommand:
			health = c.Health.Test
		case *instructions.RunCommand:
			t.Error("nothing can be run in an empty image")
		case *instructions.CopyCommand:
			if c.From != "build" {
				t.Errorf("the image takes %v from outside", c.SourcePaths)
			}
		}
	}
	if user != "65532:65532" {
		t.Errorf("it runs as %q", user)
	}
	if !slices.Equal(health, []string{"CMD", "/tania", "health"}) {
		t.Errorf("its health is checked by %q", health)
	}
}

// TestTheImageCanBeBuilt does by hand, in an empty directory, what a builder does: it copies what .dockerignore lets through, runs
// the commands, copies the results into an empty root, and runs the image's program there, as its user.
func TestTheImageCanBeBuilt(t *testing.T) {
	build, image := dockerfile(t)
	source, out, rootfs := t.TempDir(), t.TempDir(), t.TempDir()
	for _, c := range build.Commands {
		switch c := c.(type) {
		case *instructions.CopyCommand:
			copyContext(t, c.SourcePaths, source)
		case *instructions.RunCommand:
			line := strings.ReplaceAll(strings.Join(c.CmdLine, " "), "/out", out)
			cmd := exec.Command("/bin/sh", "-c", line)
			cmd.Dir = source
			cmd.Env = append(os.Environ(), "VERSION=v0.0.0-check", "TARGETOS=linux", "TARGETARCH="+goarch(t), "GOFLAGS=", "GOWORK=off")
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", line, err, text)
			}
		}
	}
	for _, c := range image.Commands {
		if c, ok := c.(*instructions.CopyCommand); ok {
			from := filepath.Join(out, strings.TrimPrefix(c.SourcePaths[0], "/out"))
			to := filepath.Join(rootfs, c.DestPath)
			if info, err := os.Stat(from); err != nil {
				t.Fatal(err)
			} else if info.IsDir() {
				if err := os.CopyFS(to, os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
				if err := os.MkdirAll(to, 0o755); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	program := filepath.Join(rootfs, "tania")
	isStatic(t, program)
	carries(t, program, "golang.org/x/crypto/x509roots/fallback")
	size := int64(0)
	_ = filepath.WalkDir(rootfs, func(_ string, d fs.DirEntry, err error) error {
		if info, infoErr := d.Info(); err == nil && infoErr == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return nil
	})
	var small bytes.Buffer
	zip := exec.Command("gzip", "-6", "-c", program)
	zip.Stdout = &small
	if err := zip.Run(); err != nil {
		t.Fatal(err)
	}
	t.Logf("the image: %d bytes, %d to pull", size, small.Len())
	if size > mostBytes || small.Len() > mostPulled {
		t.Errorf("the image has %d bytes, %d to pull; %d and %d at most are wanted; go version -m and go tool nm -size tell what is large", size,
			small.Len(), mostBytes, mostPulled)
	}
	if text := inside(t, rootfs, nil, "/tania", "version"); !strings.Contains(text, "v0.0.0-check") {
		t.Errorf("tania version says %q", text)
	}
	// There is no time zone in the image but those in the program.
	text := inside(t, rootfs, []string{"GOVERNOR_SERVICE_HOURS_TIMEZONE=America/Mexico_City", "PORT=x"}, "/tania", "serve")
	if strings.Contains(text, "TIMEZONE") || !strings.Contains(text, "PORT") {
		t.Errorf("with a wrong PORT and a right time zone it says %q", text)
	}
}

func goarch(t *testing.T) string {
	t.Helper()
	text, err := exec.Command("go", "env", "GOARCH").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// copyContext is COPY, of what .dockerignore lets through.
func copyContext(t *testing.T, paths []string, to string) {
	t.Helper()
	file, err := os.Open(filepath.Join(root, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	patterns, err := ignorefile.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		err := filepath.WalkDir(filepath.Join(root, path), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(root, name)
			if err != nil || relative == "." {
				return err
			}
			if relative == ".git" {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if skip, err := ignored.MatchesOrParentMatches(relative); err != nil || skip || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			target := filepath.Join(to, relative)
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			return os.WriteFile(target, content, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, secret := range []string{".env", "data", ".git"} {
		if _, err := os.Stat(filepath.Join(to, secret)); err == nil {
			t.Errorf("%s is sent to the builder", secret)
		}
	}
}

// isStatic looks for what a dynamic linker would be needed for.
func isStatic(t *testing.T, program string) {
	t.Helper()
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the binary is not static: it has %s", p.Type)
		}
	}
}

// carries looks for a package's module in the binary.
func carries(t *testing.T, program, module string) {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range info.Deps {
		if d.Path == module {
			return
		}
	}
	t.Errorf("%s is not in the binary", module)
}

// inside runs a program in a root of its own, as nobody.
func inside(t *testing.T, rootfs string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Path, cmd.Dir, cmd.Env = args[0], "/bot", env
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: rootfs}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65532, Gid: 65532}
		// t.TempDir is for its owner alone.
		for dir := rootfs; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: os.Getgid(), Size: 1}}
	}
	text, err := cmd.CombinedOutput()
	t.Logf("%s: %v: %s", strings.Join(args, " "), err, text)
	return string(text)
}
