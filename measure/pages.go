package main

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// readPages reads the module's name and what is written for contributors; what is not there counts as nothing.
func (h *codebase) readPages(root fs.FS) error {
	for _, name := range []string{"go.mod", "AGENTS.md", "CONTRIBUTING.md"} {
		text, err := fs.ReadFile(root, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if name == "go.mod" {
			line, _, _ := strings.Cut(string(text), "\n")
			h.module = strings.TrimSpace(strings.TrimPrefix(line, "module "))
			continue
		}
		h.contributing += len(strings.Fields(string(text)))
	}
	records, err := fs.Glob(root, "docs/adr/*.md")
	h.decisions = len(records)
	return err
}

// shipped gives the lines of the packages that a program under cmd is made of; the others are suites, simulators and tools.
func (h *codebase) shipped() (lines int) {
	seen := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		lines += h.packages[dir]
		for _, other := range h.imports[dir] {
			visit(other)
		}
	}
	for dir := range h.packages {
		if path.Dir(dir) == "cmd" {
			visit(dir)
		}
	}
	return lines
}

// suites gives the lines of the packages for tests that no program under cmd is made of: those whose name, or that of a folder they are in,
// ends in "test".
func (h *codebase) suites() (lines int) {
	for dir, n := range h.packages {
		for part := range strings.SplitSeq(dir, "/") {
			if strings.HasSuffix(part, "test") {
				lines += n
				break
			}
		}
	}
	return lines
}
