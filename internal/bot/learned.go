package bot

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"tania/internal/knowledge/source/learned"
)

// isLearned reports whether a file is one of those that tania learn writes.
func isLearned(file string) bool { return strings.HasPrefix(file, learned.Folder+"/") }

// learn adds what was learned from sources, as far as there is room. A program writes those files from what others publish: nothing in
// them stops a start.
func (b *Bot) learn(fsys fs.FS, by *Reader) {
	room := maxPassages - len(b.Knowledge)
	passages, warnings, err := allLearned(fsys, learned.Folder, by)
	b.Warnings = append(b.Warnings, warnings...)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Warnings = append(b.Warnings, fmt.Sprintf("what was learned cannot be read: %v; make the folder readable for Tania", err))
	}
	if len(passages) > room {
		b.Warnings = append(b.Warnings, fmt.Sprintf(
			"%d passages were learned, and there is room for %d of them: the others are left out; delete a source that customers do not ask about from %s",
			len(passages), room, learned.Folder))
		passages = passages[:room]
	}
	b.Knowledge = append(b.Knowledge, passages...)
}

// CountLearned counts the passages of a folder in which the documents of a source are.
func CountLearned(folder fs.FS) int {
	passages, _, _ := allLearned(folder, ".", nil)
	return len(passages)
}

// allLearned reads the documents below a folder.
func allLearned(fsys fs.FS, root string, by *Reader) (passages []Passage, warnings []string, err error) {
	err = fs.WalkDir(fsys, root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), ".") && file != root:
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && path.Ext(file) == ".md":
			more, err := learnedPassages(fsys, file, by)
			if err != nil {
				warnings = append(warnings, fmt.Sprintf("%s is left out: %v; delete it and run tania learn again", file, err))
			}
			passages = append(passages, more...)
		}
		return nil
	})
	return passages, warnings, err
}

// learnedPassages divides a learned document. The source of a passage is the address of the document with the heading.
func learnedPassages(fsys fs.FS, file string, by *Reader) ([]Passage, error) {
	content, err := readBounded(fsys, file, learned.MostBytes)
	if err != nil {
		return nil, err
	}
	d, err := learned.Decode(content)
	if err != nil {
		return nil, err
	}
	var passages []Passage
	taken := map[string]bool{}
	link := "" // of what people can read on the web
	if validURL(d.Source) {
		link = d.Source
	}
	for _, part := range by.portions([]byte("\n" + d.Text)) {
		under := part.path
		if len(under) > 0 && under[0] == d.Title {
			under = under[1:]
		}
		title := strings.Join(nonEmpty(append([]string{d.Title}, under...)), " › ")
		source := unique(strings.TrimSuffix(d.Source+"#"+part.heading(), "#"), taken)
		passages = append(passages, Passage{Source: source, Title: title, Text: part.text, URL: link})
	}
	return passages, nil
}
