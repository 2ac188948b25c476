// Package cacheeval measures the semantic cache on labelled questions, by the code that serves. Sets come in as JSON lines.
package cacheeval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tania/internal/tania"
)

// Row is a line of a set. Which fields it has says what it is for: a label for streams, a category for pairs, Cacheable for the gate.
type Row struct {
	Language  tania.Language `json:"lang"`
	Text      string         `json:"text"`
	Label     string         `json:"label"`
	A         string         `json:"a"`
	B         string         `json:"b"`
	Same      int            `json:"same"`
	Category  string         `json:"category"`
	Cacheable *int           `json:"cacheable"`
	Why       string         `json:"why"`
}

// Data is a folder's sets.
type Data struct {
	// Streams are by name, in the order of Names.
	Streams map[string][]Row
	Names   []string
	Pairs   []Row
	// PairsOf are the pairs by set.
	PairsOf map[string][]Row
	Gate    []Row
}

// Load reads every .jsonl of a folder.
func Load(dir string) (*Data, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("cacheeval: no .jsonl in %s", dir)
	}
	d := &Data{Streams: map[string][]Row{}, PairsOf: map[string][]Row{}}
	for _, path := range paths {
		if err := d.read(path); err != nil {
			return nil, fmt.Errorf("cacheeval: %s: %w", path, err)
		}
	}
	return d, nil
}

func (d *Data) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	name := strings.TrimSuffix(filepath.Base(path), ".jsonl")
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		var r Row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case r.Cacheable != nil:
			d.Gate = append(d.Gate, r)
		case r.Category != "":
			d.Pairs, d.PairsOf[name] = append(d.Pairs, r), append(d.PairsOf[name], r)
		case r.Label != "":
			if d.Streams[name] == nil {
				d.Names = append(d.Names, name)
			}
			d.Streams[name] = append(d.Streams[name], r)
		}
	}
	return lines.Err()
}
