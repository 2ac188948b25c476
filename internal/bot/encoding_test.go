package bot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

const carmen = "name: Carmen\ntexts:\n  farewell: \"Adiós\"\n"

// TestBotFileAsEditorsOnWindowsSaveIt: with a byte order mark it is read as without; in another encoding the start is refused, with the
// place, what to do, and none of the file's bytes.
func TestBotFileAsEditorsOnWindowsSaveIt(t *testing.T) {
	for name, text := range map[string]string{
		"UTF-8": carmen, "UTF-8 with a byte order mark": "\ufeff" + carmen, "with Windows' line ends": "\ufeff" +
			strings.ReplaceAll(carmen, "\n", "\r\n"),
	} {
		bot, err := Load(write(t, "bot.yaml", text))
		if err != nil || bot.Name != "Carmen" || bot.Farewell.In("es", "es") != "Adiós" {
			t.Errorf("%s: %v, %+v", name, err, bot)
		}
	}
	wide := func(text string, low, high int, mark bool) string {
		var out []byte
		if mark {
			text = "\ufeff" + text
		}
		for _, unit := range utf16.Encode([]rune(text)) {
			two := []byte{0, 0}
			two[low], two[high] = byte(unit), byte(unit>>8)
			out = append(out, two...)
		}
		return string(out)
	}
	// wider has the lowest byte of each character at a place of four.
	wider := func(text string, low int, mark bool) string {
		var out []byte
		if mark {
			text = "\ufeff" + text
		}
		for _, r := range text {
			four := []byte{0, 0, 0, 0}
			four[low], four[1+low/3] = byte(r), byte(r>>8)
			out = append(out, four...)
		}
		return string(out)
	}
	for name, c := range map[string]struct{ text, where, what string }{
		"Windows-1252":                  {strings.ReplaceAll(carmen, "ó", "\xf3"), "bot.yaml:3", "Windows-1252"},
		"Latin-1 with a mark before":    {"\ufeff" + strings.ReplaceAll(carmen, "ó", "\xf3"), "bot.yaml:3", "Windows-1252"},
		"the old Mac's":                 {strings.ReplaceAll(carmen, "ó", "\x97"), "bot.yaml:3", "Mac OS Roman"},
		"Windows' dash and apostrophe":  {strings.ReplaceAll(carmen, "ó", "\xf3s \x97 don\x92t \x96 a\xf1o\x97n"), "bot.yaml:3", "Windows-1252"},
		"UTF-32":                        {wider(carmen, 0, true), "bot.yaml:", "UTF-32"},
		"UTF-32, the other way round":   {wider(carmen, 3, true), "bot.yaml:", "UTF-32"},
		"UTF-32 without a mark":         {wider(carmen, 3, false), "bot.yaml:", "UTF-32"},
		"UTF-16":                        {wide(carmen, 0, 1, true), "bot.yaml:", "UTF-16"},
		"UTF-16, the other way round":   {wide(carmen, 1, 0, true), "bot.yaml:", "UTF-16"},
		"UTF-16 without a mark":         {wide(carmen, 0, 1, false), "bot.yaml:", "UTF-16"},
		"cut in the middle of a letter": {carmen[:strings.Index(carmen, "ó")+1], "bot.yaml:3", "not in UTF-8"},
	} {
		_, err := Load(write(t, "bot.yaml", c.text))
		if err == nil {
			t.Errorf("%s: it is read", name)
			continue
		}
		said := err.Error()
		if !strings.Contains(said, c.where) || !strings.Contains(said, c.what) || !strings.Contains(said, "save it as UTF-8") ||
			strings.Contains(said, "\n") || strings.ContainsAny(said, "\x00\ufffd") || strings.Contains(said, "Carmen") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

// TestLettersThatWereSpoiltBeforeAreNamed: what a program read in the wrong encoding, and saved in UTF-8, would reach customers as it is.
func TestLettersThatWereSpoiltBeforeAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ text, what string }{
		"read as Windows-1252":  {"name: Carmen\ntexts:\n  farewell: \"AdiÃ³s\"\n", "Ã³"},
		"a question mark":       {"name: Carmen\ntexts:\n  farewell: \"Â¿Algo más?\"\n", "Â¿"},
		"quotation marks":       {"name: Carmen\ntexts:\n  farewell: 'â€œHolaâ€\u009d'\n", "â€œ"},
		"a letter that is lost": {"name: Carmen\ntexts:\n  farewell: \"Adi\ufffds\"\n", "lost"},
	} {
		_, err := Load(write(t, "bot.yaml", c.text))
		if err == nil || !strings.Contains(err.Error(), "bot.yaml:3") || !strings.Contains(err.Error(), c.what) ||
			!strings.Contains(err.Error(), "write these letters again") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"SÃO PAULO", "Ação, coração, irmã", "Â noite", "Château Â", "5 €", "maçã «boa»", "Irmã: sim"} {
		if _, err := Load(write(t, "bot.yaml", "name: Carmen\ntexts:\n  farewell: \""+text+"\"\n")); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestKnowledgeInAnotherEncodingIsNamed(t *testing.T) {
	path := write(t, "bot.yaml", "name: Carmen\nknowledge:\n  - horarios.md\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "horarios.md"), []byte("# Horarios\n\nAbrimos los s\xe1bados.\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path)
	if err == nil || !strings.Contains(err.Error(), "horarios.md") || !strings.Contains(err.Error(), "line 3") ||
		!strings.Contains(err.Error(), "save it as UTF-8") {
		t.Errorf("%v", err)
	}
}

// TestStrangePlaceholdersAreNamed: with the line, at the start, and without stopping it.
func TestStrangePlaceholdersAreNamed(t *testing.T) {
	bot, err := Load(write(t, "bot.yaml", `name: Carmen
persona: "You speak for {business} as {bot}; {tone}."
texts:
  greeting:
    es: "¡Hola, {nombre}! Soy {bot}, de {business}."
    en: "Hi {{contact.name}}, I'm {Bot}."
  handoff: "Le paso con {name}."
  farewell: "Adiós {name} {}, 5 {3}"
faq:
  - questions: [horario]
    answer: "Abrimos a las 9, {customer name}."
`))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(bot.Warnings, "\n")
	for _, want := range []string{
		"bot.yaml:2", "{tone}", "bot.yaml:5", "{nombre}", "bot.yaml:6", "{{contact.name}}", "{Bot}", "bot.yaml:7", "placeholders are not filled",
		"bot.yaml:11", "{customer name}",
		"write {name}, {bot}, {business}",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not in:\n%s", want, all)
		}
	}
	if len(bot.Warnings) != 6 || strings.Contains(all, "{3}") || strings.Contains(all, "has {bot}") {
		t.Errorf("%d warnings:\n%s", len(bot.Warnings), all)
	}
}

// write writes a file of a test, and gives its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
