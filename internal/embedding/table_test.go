package embedding

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// safetensors writes a table's file.
func safetensors(t testing.TB, dir, kind, name string, rows [][]float32) {
	t.Helper()
	var data []byte
	for _, row := range rows {
		for _, x := range row {
			switch kind {
			case "F32":
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
			case "F16":
				data = binary.LittleEndian.AppendUint16(data, halfOf(x))
			case "I8":
				data = append(data, byte(int8(x)))
			case "F64":
				data = binary.LittleEndian.AppendUint64(data, math.Float64bits(float64(x)))
			}
		}
	}
	header, err := json.Marshal(map[string]any{
		"__metadata__": map[string]string{"format": "pt"},
		name:           map[string]any{"dtype": kind, "shape": []int{len(rows), len(rows[0])}, "data_offsets": []int{0, len(data)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	content := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	write(t, filepath.Join(dir, "model.safetensors"), append(content, data...))
}

// halfOf writes a normal number of 16 bits whose fraction fits.
func halfOf(x float32) uint16 {
	b := math.Float32bits(x)
	if x == 0 {
		return 0
	}
	return uint16(b>>16&0x8000) | uint16((b>>23&255)-127+15)<<10 | uint16(b>>13&1023)
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const wordPieces = `{"normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null},
 "pre_tokenizer": {"type": "BertPreTokenizer"},
 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
  "vocab": {"[UNK]": 0, "silla": 1, "##s": 2, "mesa": 3, "?": 4, "si": 5, "##llon": 6}}}`

const unigrams = `{"normalizer": {"type": "Sequence", "normalizers": [{"type": "Precompiled"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁"}]},
 "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0],
  ["▁silla", -5], ["s", -2], ["▁", -1], ["silla", -9], ["▁sill", -2], ["as", -2.5], ["ñ", -3]]}}`

// unit rows tell which tokens were pooled, and how often.
func unit(n int) [][]float32 {
	rows := make([][]float32, n)
	for i := range rows {
		rows[i] = make([]float32, n)
		rows[i][i] = 1
	}
	return rows
}

func pooled(t *testing.T, table *Table, text string) string {
	t.Helper()
	var found []string
	table.tokens.each(text, mostTokens, func(n uint32) { found = append(found, fmt.Sprint(n)) })
	return strings.Join(found, " ")
}

func TestTextsAreDividedAsTheTokenizerSays(t *testing.T) {
	for name, c := range map[string]struct {
		tokenizer string
		want      map[string]string
	}{
		"WordPiece": {wordPieces, map[string]string{
			"silla": "1", "Sillas, ¿mesa?": "1 2 3 4", "SILLÓN": "5 6", "sillaz": "", "": "", "mesa\u0000 mesa": "3 3", "[UNK]": "",
			"漢silla": "1", strings.Repeat("silla", 30): "",
		}},
		// "▁sill"+"as" is worth -4.5, "▁silla"+"s" -7.
		"Unigram": {unigrams, map[string]string{
			"sillas": "5 6", "silla": "1", "ﬁñ": "3 7", " sillas   sillas ": "5 6 5 6", "<unk>": "3", "": "",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			safetensors(t, dir, "F32", "embeddings", unit(8))
			write(t, filepath.Join(dir, "tokenizer.json"), []byte(c.tokenizer))
			table, err := LoadTable(dir)
			if err != nil {
				t.Fatal(err)
			}
			for text, want := range c.want {
				if got := pooled(t, table, text); got != want {
					t.Errorf("%q: tokens %s, want %s", text, got, want)
				}
			}
		})
	}
}

func TestAVectorIsTheMeanOfItsTokens(t *testing.T) {
	rows := [][]float32{{9, 9, 9}, {1, 0, -0.5}, {0, 2, 0}, {0, 0, 3}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}}
	for _, kind := range []string{"F32", "F16", "I8"} {
		dir := t.TempDir()
		table := rows
		if kind == "I8" {
			table = [][]float32{{9, 9, 9}, {20, 0, -10}, {0, 40, 0}, {0, 0, 60}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}}
		}
		safetensors(t, dir, kind, "embeddings", table)
		write(t, filepath.Join(dir, "tokenizer.json"), []byte(wordPieces))
		loaded, err := LoadTable(filepath.Join(dir, "model.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := loaded.One(t.Context(), "sillas mesa")
		if want := Quantise([]float32{1, 2, 2.5}); err != nil || got.Cosine(want) < 0.9999 {
			t.Errorf("%s: %v, %v, want the direction of %v", kind, got.Numbers(), err, want.Numbers())
		}
		if v := loaded.Vector("??"); !v.Empty() {
			t.Errorf("%s: tokens that say nothing have the vector %v", kind, v.Numbers())
		}
		if v := loaded.Vector("xyz"); !v.Empty() {
			t.Errorf("%s: an unknown word has the vector %v", kind, v.Numbers())
		}
	}
}

func TestTablesThatCannotBeReadAreRefused(t *testing.T) {
	whole := func(t *testing.T, dir string) {
		t.Helper()
		safetensors(t, dir, "F32", "embeddings", unit(7))
		write(t, filepath.Join(dir, "tokenizer.json"), []byte(wordPieces))
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		want  string
	}{
		"no file":        {func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "model.safetensors")) }, "no such file"},
		"no tokenizer":   {func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "tokenizer.json")) }, "tokenizer.json"},
		"of another use": {func(t *testing.T, dir string) { safetensors(t, dir, "F32", "weights", unit(7)) }, `"weights" is not supported`},
		"other numbers":  {func(t *testing.T, dir string) { safetensors(t, dir, "F64", "embeddings", unit(7)) }, "F64"},
		"too few rows":   {func(t *testing.T, dir string) { safetensors(t, dir, "F32", "embeddings", unit(4)) }, "no vector in the table"},
		"cut off": {func(t *testing.T, dir string) {
			path := filepath.Join(dir, "model.safetensors")
			content, _ := os.ReadFile(path)
			write(t, path, content[:len(content)-9])
		}, "vector 6"},
		"empty": {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "model.safetensors"), nil) }, "no safetensors file"},
		"a long header": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "model.safetensors"), []byte(strings.Repeat("\xff", 64)))
		}, "header is too long"},
		"other model": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "tokenizer.json"), []byte(`{"model": {"type": "BPE"}}`))
		}, `"BPE"`},
		"other division": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "tokenizer.json"), []byte(strings.ReplaceAll(wordPieces, "BertPreTokenizer", "ByteLevel")))
		}, `"ByteLevel"`},
		"other normalizer": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "tokenizer.json"), []byte(strings.ReplaceAll(wordPieces, "BertNormalizer", "ByteLevel")))
		}, `"ByteLevel"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			whole(t, dir)
			if _, err := LoadTable(dir); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, dir)
			if _, err := LoadTable(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want one about %s", err, c.want)
			}
		})
	}
}

// BenchmarkVector makes the vector of a sentence, with a vocabulary as large as a multilingual table's, of 256 numbers each.
func BenchmarkVector(b *testing.B) {
	const rows, sentence = 200_000, "Hola, quería saber si puedo devolver la silla que compré la semana pasada en su tienda"
	chance := rand.New(rand.NewPCG(1, 2))
	vocabulary := [][2]any{{"<unk>", 0}}
	for _, word := range strings.Fields(sentence) {
		for from := range word {
			vocabulary = append(vocabulary, [2]any{"▁" + word[:from+1], -12 + chance.Float64()}, [2]any{word[from:], -12 + chance.Float64()})
		}
	}
	for len(vocabulary) < rows {
		piece := make([]byte, 2+chance.IntN(8))
		for i := range piece {
			piece[i] = byte('a' + chance.IntN(26))
		}
		vocabulary = append(vocabulary, [2]any{string(piece), -14 + chance.Float64()})
	}
	tokenizer, err := json.Marshal(map[string]any{
		"normalizer": map[string]any{"type": "Precompiled"}, "pre_tokenizer": map[string]any{"type": "Metaspace"},
		"model": map[string]any{"type": "Unigram", "unk_id": 0, "vocab": vocabulary},
	})
	if err != nil {
		b.Fatal(err)
	}
	table := &Table{size: 256, rows: make([]int8, rows*256), weights: make([]int32, rows)}
	for i := range table.rows {
		table.rows[i] = int8(chance.IntN(255) - 127)
	}
	for i := range table.weights {
		table.weights[i] = chance.Int32N(finest)
	}
	if table.tokens, err = readTokens(tokenizer, rows); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if table.Vector(sentence).Empty() {
			b.Fatal("no vector")
		}
	}
}

func TestATableIsCalledByItsContent(t *testing.T) {
	names := map[string]string{}
	for name, rows := range map[string][][]float32{"one": unit(8), "the same": unit(8), "another": append(unit(8)[1:], unit(8)[0])} {
		dir := t.TempDir()
		safetensors(t, dir, "F32", "embeddings", rows)
		write(t, filepath.Join(dir, "tokenizer.json"), []byte(wordPieces))
		table, err := LoadTable(dir)
		if err != nil {
			t.Fatal(err)
		}
		names[name] = table.Name()
	}
	if names["one"] != names["the same"] || names["one"] == names["another"] {
		t.Errorf("they are called %q", names)
	}
}
