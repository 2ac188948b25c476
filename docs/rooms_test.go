package docs

import (
	"flag"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what each room imports into the tables of rooms")

const module = "tania/internal/"

// TestTheTableOfRoomsIsTrue compares the column "Knows" of the architecture guides with the imports, and holds that a room imports only
// rooms that stand above it and that no room is missing. After a change of imports: go test ./docs -run Rooms -update.
func TestTheTableOfRoomsIsTrue(t *testing.T) {
	imports := roomImports(t)
	for page, nothing := range map[string]string{"architecture.md": "nothing", "es/arquitectura.md": "nada"} {
		text, err := os.ReadFile(filepath.FromSlash(page))
		if err != nil {
			t.Fatal(err)
		}
		lines, above := strings.Split(string(text), "\n"), map[string]bool{}
		for n, line := range lines {
			cells := strings.Split(line, " | ")
			rooms := roomsOf(cells[0], imports)
			if !strings.HasPrefix(line, "| `") || len(cells) != 3 || len(rooms) == 0 {
				continue
			}
			for _, room := range rooms {
				above[room] = true
			}
			want := known(rooms, imports, nothing)
			for _, other := range want {
				if !above[other] && other != nothing {
					t.Errorf("%s: %s imports %s, which does not stand above it", page, rooms[0], other)
				}
			}
			cell := strings.Join(quoted(want, nothing), ", ") + " |"
			if cells[2] != cell && !*update {
				t.Errorf("%s: %s knows %s; the table says %s", page, rooms[0], cell, cells[2])
			}
			lines[n] = cells[0] + " | " + cells[1] + " | " + cell
		}
		if *update {
			if err := os.WriteFile(filepath.FromSlash(page), []byte(strings.Join(lines, "\n")), 0o644); err != nil { //nolint:gosec // a guide
				t.Fatal(err)
			}
		}
		for room := range imports {
			if !strings.Contains(string(text), "`"+room+"`") {
				t.Errorf("%s does not name the room %s", page, room)
			}
		}
	}
}

// roomImports gives the rooms that each room imports, tests aside; "tania", which nearly all know, is listed too.
func roomImports(t *testing.T) map[string][]string {
	t.Helper()
	root, rooms := filepath.Join("..", "internal"), map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.Contains(path, "testdata") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		room := filepath.ToSlash(dir)
		rooms[room] = append([]string{}, rooms[room]...)
		for _, i := range file.Imports {
			if name, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module); ours {
				rooms[room] = append(rooms[room], name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

var codeName = regexp.MustCompile("`([a-z0-9/]+)`")

// roomsOf are the rooms that a cell names, nil where it names something else.
func roomsOf(cell string, imports map[string][]string) (rooms []string) {
	for _, name := range codeName.FindAllStringSubmatch(cell, -1) {
		if imports[name[1]] == nil {
			return nil
		}
		rooms = append(rooms, name[1])
	}
	return rooms
}

// known are the rooms that a row's rooms import, in order; "tania" only where it is the only one.
func known(rooms []string, imports map[string][]string, nothing string) []string {
	set := map[string]bool{}
	for _, room := range rooms {
		for _, other := range imports[room] {
			set[other] = !slices.Contains(rooms, other)
		}
	}
	maps.DeleteFunc(set, func(_ string, outside bool) bool { return !outside })
	if len(set) > 1 {
		delete(set, "tania")
	}
	if len(set) == 0 {
		return []string{nothing}
	}
	return slices.Sorted(maps.Keys(set))
}

func quoted(names []string, nothing string) (list []string) {
	for _, name := range names {
		if name != nothing {
			name = "`" + name + "`"
		}
		list = append(list, name)
	}
	return list
}
