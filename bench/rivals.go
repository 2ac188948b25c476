package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// rival is a program of bench/rivals; its command takes the words that bench/rivals/bullmq/main.js explains.
type rival struct {
	name    string
	command []string
}

// installRivals makes the rivals' programs in a directory of its own, which remove removes.
func installRivals(ctx context.Context) (list []rival, remove func(), err error) {
	dir, err := os.MkdirTemp("", "tania-bench-rivals-*")
	if err != nil {
		return nil, nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	if err := copySources(dir); err != nil {
		remove()
		return nil, nil, err
	}
	bullmq, asynq := filepath.Join(dir, "bullmq"), filepath.Join(dir, "asynq")
	for _, step := range []struct {
		in      string
		command []string
	}{
		{bullmq, []string{"npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"}},
		{asynq, []string{"go", "build", "-o", "asynq", "."}},
	} {
		cmd := exec.CommandContext(ctx, step.command[0], step.command[1:]...)
		cmd.Dir = step.in
		if out, err := cmd.CombinedOutput(); err != nil {
			remove()
			return nil, nil, fmt.Errorf("%s: %w: %s", strings.Join(step.command, " "), err, out)
		}
	}
	return []rival{
		{"Express + BullMQ", []string{"node", filepath.Join(bullmq, "main.js")}},
		{"asynq", []string{filepath.Join(asynq, "asynq")}},
	}, remove, nil
}

func copySources(dir string) error {
	var errs []error
	for _, name := range []string{"bullmq/package.json", "bullmq/main.js", "asynq/go.mod", "asynq/go.sum", "asynq/main.go"} {
		content, err := os.ReadFile(filepath.Join("bench", "rivals", name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o600)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
