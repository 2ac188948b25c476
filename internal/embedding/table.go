package embedding

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/cespare/xxhash/v2"
)

// Table makes vectors without a model: that of a text is the mean of the vectors of its tokens, which a file has (model2vec's format, see
// https://github.com/MinishLab/model2vec). It is safe for concurrent use.
type Table struct {
	tokens *tokens
	// rows are the tokens' vectors, size numbers each, and weights what a number of each is worth.
	rows    []int8
	weights []int32
	size    int
	name    string
}

// mostTokens are looked at of a text: what is longer is about what it begins with.
const mostTokens = 512

// Bounds of what a table may be, so that a file that says nonsense is refused before memory is taken.
const (
	longestHeader = 16 << 20
	mostRows      = 4 << 20
	mostSize      = 4096
)

// LoadTable reads a table: a file in the format of safetensors with the tensor "embeddings" (F32, F16 or I8), and tokenizer.json beside it;
// or the folder of both, where the first is model.safetensors.
func LoadTable(path string) (*Table, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "model.safetensors")
	}
	t := &Table{}
	if err := t.readRows(path); err != nil {
		return nil, fmt.Errorf("embedding: %s: %w", path, err)
	}
	beside := filepath.Join(filepath.Dir(path), "tokenizer.json")
	content, err := os.ReadFile(beside)
	if err != nil {
		return nil, fmt.Errorf("embedding: %w", err)
	}
	if t.tokens, err = readTokens(content, len(t.weights)); err != nil {
		return nil, fmt.Errorf("embedding: %s: %w", beside, err)
	}
	t.name = t.called(content)
	return t, nil
}

// tensor is where a safetensors file has one.
type tensor struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

func (t *Table) readRows(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	var size [8]byte
	if _, err := io.ReadFull(file, size[:]); err != nil {
		return fmt.Errorf("no safetensors file: %w", err)
	}
	length := binary.LittleEndian.Uint64(size[:])
	if length > longestHeader {
		return errors.New("no safetensors file: its header is too long")
	}
	header := make([]byte, length)
	if _, err := io.ReadFull(file, header); err != nil {
		return fmt.Errorf("no safetensors file: %w", err)
	}
	tensors := map[string]json.RawMessage{}
	if err := json.Unmarshal(header, &tensors); err != nil {
		return fmt.Errorf("no safetensors file: %w", err)
	}
	for _, other := range []string{"mapping", "weights"} {
		if tensors[other] != nil {
			return fmt.Errorf("its tensor %q is not supported: save the table with all of its vectors, without quantising the vocabulary", other)
		}
	}
	var where tensor
	if err := json.Unmarshal(tensors["embeddings"], &where); err != nil || len(where.Shape) != 2 {
		return errors.New(`no tensor "embeddings" of two dimensions`)
	}
	return t.read(file, int64(len(size)+len(header)), where)
}

func (t *Table) read(file io.ReaderAt, data int64, where tensor) error {
	width := map[string]int{"F32": 4, "F16": 2, "I8": 1}[where.Type]
	rows, size := where.Shape[0], where.Shape[1]
	if width == 0 {
		return fmt.Errorf("its vectors are %s; F32, F16 and I8 can be read", where.Type)
	}
	length := int64(rows) * int64(size) * int64(width)
	if rows < 1 || rows > mostRows || size < 1 || size > mostSize || where.Offsets[1]-where.Offsets[0] != length {
		return fmt.Errorf("%d vectors of %d numbers cannot be", rows, size)
	}
	t.size, t.rows = size, make([]int8, rows*size)
	scales := make([]float32, rows)
	packed, numbers := make([]byte, size*width), make([]float32, size)
	for row := range rows {
		if _, err := file.ReadAt(packed, data+where.Offsets[0]+int64(row)*int64(len(packed))); err != nil {
			return fmt.Errorf("vector %d: %w", row, err)
		}
		unpack(where.Type, packed, numbers)
		scales[row] = quantise(numbers, t.rows[row*size:(row+1)*size])
	}
	t.weights = fixed(scales)
	return nil
}

func unpack(kind string, packed []byte, to []float32) {
	for i := range to {
		switch kind {
		case "F32":
			to[i] = math.Float32frombits(binary.LittleEndian.Uint32(packed[4*i:]))
		case "F16":
			to[i] = half(binary.LittleEndian.Uint16(packed[2*i:]))
		default:
			to[i] = float32(int8(packed[i])) //nolint:gosec // the bytes are signed numbers
		}
	}
}

// half reads a number of 16 bits: one of the sign, five of the exponent, ten of the fraction.
func half(b uint16) float32 {
	exponent, fraction := int(b>>10&31), float64(b&1023)
	x := math.Ldexp(1024+fraction, exponent-25)
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		x = math.NaN() // infinite numbers say nothing either
	}
	if b>>15 == 1 {
		x = -x
	}
	return float32(x)
}

// quantise writes numbers as bytes, and gives what one of these is worth; 0 of what says nothing.
func quantise(numbers []float32, to []int8) float32 {
	most := float32(0)
	for _, x := range numbers {
		most = max(most, x, -x)
	}
	if most == 0 || math.IsNaN(float64(most)) || math.IsInf(float64(most), 0) {
		return 0
	}
	for i, x := range numbers {
		to[i] = int8(math.Round(float64(x / most * 127)))
	}
	return most / 127
}

// finest is the greatest of the whole numbers that weights become; mostTokens of them, times 127, are far from 2³¹.
const finest = 1 << 14

func fixed(scales []float32) []int32 {
	most := float32(math.SmallestNonzeroFloat32)
	for _, s := range scales {
		most = max(most, s)
	}
	made := make([]int32, len(scales))
	for i, s := range scales {
		made[i] = int32(math.Round(float64(s / most * finest)))
	}
	return made
}

// Vector is what a text means; none where it has no token that the table knows.
func (t *Table) Vector(text string) Vector {
	var room [mostSize]int32
	sum := room[:t.size]
	found := false
	t.tokens.each(text, mostTokens, func(token uint32) {
		found = true
		weight := t.weights[token]
		row := t.rows[int(token)*t.size:][:t.size]
		for i, x := range row {
			sum[i] += int32(x) * weight
		}
	})
	if !found {
		return Vector{}
	}
	return shrink(sum)
}

// shrink makes a vector of sums.
func shrink(sum []int32) Vector {
	most := int32(0)
	for _, x := range sum {
		most = max(most, x, -x)
	}
	if most == 0 {
		return Vector{}
	}
	v := Vector{bytes: make([]int8, len(sum))}
	scale, squares := 127/float32(most), int64(0)
	for i, x := range sum {
		scaled := float32(x) * scale
		n := int32(scaled + 0.5)
		if scaled < 0 {
			n = int32(scaled - 0.5)
		}
		v.bytes[i] = int8(n) //nolint:gosec // within -127 to 127
		squares += int64(n) * int64(n)
	}
	v.norm = math.Sqrt(float64(squares))
	return v
}

// Known gives the vector of a text: a table asks nobody.
func (t *Table) Known(text string) (Vector, bool) { return t.Vector(text), true }

// Name tells a table from others, whose vectors cannot be compared with its.
func (t *Table) Name() string { return t.name }

// called names a table by its content.
func (t *Table) called(tokenizer []byte) string {
	h := xxhash.New()
	_, _ = h.Write(tokenizer)
	row := make([]byte, 0, t.size+4)
	for i, w := range t.weights {
		row = binary.LittleEndian.AppendUint32(row[:0], uint32(w)) //nolint:gosec // only told apart
		for _, x := range t.rows[i*t.size:][:t.size] {
			row = append(row, byte(x)) //nolint:gosec // only told apart
		}
		_, _ = h.Write(row)
	}
	return fmt.Sprintf("table %016x", h.Sum64())
}

// All gives the vectors of texts, in their order.
func (t *Table) All(_ context.Context, texts []string) ([]Vector, error) {
	made := make([]Vector, len(texts))
	for i, text := range texts {
		made[i] = t.Vector(text)
	}
	return made, nil
}

// One gives the vector of a text.
func (t *Table) One(_ context.Context, text string) (Vector, error) { return t.Vector(text), nil }
