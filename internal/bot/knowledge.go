package bot

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"tania/internal/setting"
)

// Limits of the knowledge, in bytes, files and passages.
const (
	maxKnowledgeFile = 512 << 10
	maxKnowledge     = 5000
	maxPassages      = 50_000
)

// knowledge reads the passages of bot.yaml and of the files it names, in the order of their mention, each file once. What was learned is
// read elsewhere.
func (s *botSource) knowledge(fsys fs.FS) (passages []Passage, ps setting.Problems) {
	sources, read := map[string]bool{}, map[string]bool{}
	add := func(source, title, text, link string) {
		passages = append(passages, Passage{Source: unique(source, sources), Title: title, Text: text, URL: link})
	}
	for i, k := range s.file.Knowledge {
		at := fmt.Sprintf("$.knowledge[%d]", i)
		if k.Path == "" {
			title, text := strings.TrimSpace(k.Title), strings.TrimSpace(k.Text)
			if text == "" {
				ps = append(ps, s.problem(at, "has no text", "write a file, a folder, a pattern, or title and text"))
				continue
			}
			link, wrong := s.link(at+".url", k.URL)
			ps = append(ps, wrong...)
			for _, part := range portions(text) {
				add(strings.TrimSuffix(s.name+"#"+title, "#"), title, part, link)
			}
			continue
		}
		files, err := knowledgeFiles(fsys, k.Path)
		if err != nil {
			ps = append(ps, s.problem(at, fmt.Sprintf("(%s) %v", k.Path, err),
				"name a file, a folder or a pattern such as knowledge/*.md, beside or below bot.yaml"))
			continue
		}
		for _, file := range files {
			if read[file] || isLearned(file) {
				continue
			}
			read[file] = true
			source, err := readBounded(fsys, file, maxKnowledgeFile)
			if err == nil {
				source, err = setting.PlainText(source)
			}
			if wrong, ok := errors.AsType[setting.EncodingError](err); ok {
				ps = append(ps, s.problem(at, "("+file+") "+err.Error(), wrong.Fix()))
				continue
			}
			if err != nil {
				ps = append(ps, s.problem(at, "cannot be read: "+err.Error(), "correct the file, or leave it out"))
				continue
			}
			link, wrong := s.link(at, frontMatterURL(source))
			ps = append(ps, wrong...)
			for _, part := range s.reader.portions(source) {
				add(strings.TrimSuffix(file+"#"+part.heading(), "#"), part.title(), part.text, link)
			}
		}
	}
	if len(read) > maxKnowledge || len(passages) > maxPassages {
		ps = append(ps, s.problem("$.knowledge", fmt.Sprintf("has %d files and %d passages; at most %d and %d are kept in mind", len(read),
			len(passages), maxKnowledge, maxPassages),
			"leave out what customers do not ask about"))
	}
	return passages, ps
}

// knowledgeFiles gives the files of a file's name, a pattern, or a folder with all below it, sorted.
func knowledgeFiles(fsys fs.FS, name string) ([]string, error) {
	name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
	if !fs.ValidPath(name) {
		return nil, errors.New("is not beside or below bot.yaml")
	}
	matches, err := fs.Glob(fsys, name)
	if err != nil {
		return nil, errors.New("is not a pattern")
	}
	var files []string
	for _, match := range matches {
		err := fs.WalkDir(fsys, match, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), ".") && file != ".":
				if d.IsDir() {
					return fs.SkipDir
				}
			case d.IsDir():
			case file == match || isKnowledge(file):
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, errors.New("names no file that is there")
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// isKnowledge picks the files of a folder.
func isKnowledge(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".markdown", ".txt":
		return true
	}
	return false
}

// unique numbers sources that occur again: "a.md#Times", "a.md#Times (2)".
func unique(source string, taken map[string]bool) string {
	free := source
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s (%d)", source, n)
	}
	taken[free] = true
	return free
}
