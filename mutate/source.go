package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// source is a package's code with its types.
type source struct {
	path, dir, name string
	fset            *token.FileSet
	files           []*ast.File
	names           []string
	texts           [][]byte
	info            *types.Info
	pkg             *types.Package
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles                       []string
}

// load reads a package by its import path. What it imports comes as export data from the build cache.
func load(pattern string) (*source, error) {
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Name,Export,GoFiles", pattern) //nolint:gosec // a room
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", pattern, err)
	}
	exports := map[string]string{}
	var last listed // go list names a package after all that it imports
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		last = listed{}
		if err := d.Decode(&last); err != nil {
			return nil, err
		}
		exports[last.ImportPath] = last.Export
	}
	s := &source{path: last.ImportPath, dir: last.Dir, name: last.Name, fset: token.NewFileSet()}
	for _, name := range last.GoFiles {
		full := filepath.Join(s.dir, name)
		text, err := os.ReadFile(full)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(s.fset, full, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files, s.names, s.texts = append(s.files, file), append(s.names, full), append(s.texts, text)
	}
	s.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
	}
	config := types.Config{Importer: importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	s.pkg, err = config.Check(s.path, s.fset, s.files, s.info)
	return s, err
}
