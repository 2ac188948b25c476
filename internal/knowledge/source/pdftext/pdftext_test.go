package pdftext

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain is the program that reads a PDF where a test has it read by a process of its own.
func TestMain(m *testing.M) {
	if Asked(os.Args[1:]) {
		os.Exit(Serve(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestFilesOfRealProgramsAreRead: accents, ligatures, tables and columns, as Chromium, groff and Ghostscript write them.
func TestFilesOfRealProgramsAreRead(t *testing.T) {
	const guarantee = "La garantía cubre tres años de uso doméstico normal, e incluye la estructura, los muelles y las costuras, pero no las manchas " +
		"ni los cortes ni los daños por mudanzas que no hemos hecho nosotros."
	columns := []string{
		"## Reparación y garantía\n\n### 1. Garantía\n\n" + guarantee + " Eficaz y fluida, la oficina de Málaga atiende a difíciles y flojos.\n\n" +
			"### 2. Reparación\n\nLas reparaciones duran cinco días hábiles desde que recibimos el mueble en nuestro taller",
		"y el cliente recibe un aviso por correo cuando puede pasar a recogerlo sin costo alguno dentro del plazo indicado en el comprobante de la entrega.",
	}
	for name, want := range map[string][]string{
		"chromium.pdf": {
			"## Devoluciones y envíos\n\nPuede devolver su artículo en un plazo de 30 días. La oficina está en la calle Ñuñoa, número 5. " +
				"¿Difícil? Eficaz, flujo, afinación.\n\n## Precios\n\nProducto | Precio | Envío\n",
			"\nSofá Ibiza | 499,00 € | gratis\nSilla Cádiz | 59,90 € | 4,95 €\n",
			"dentro del plazo indicado.\n\nSegunda columna: la garantía cubre tres años",
		},
		"groff.pdf": columns, "ghostscript.pdf": columns, "objectstreams.pdf": columns, "owner.pdf": columns,
		// By AES-256 with an owner's password alone, as qpdf writes it: revisions 6 and 5, and 6 with its objects in streams.
		"aes256.pdf": columns, "aes256r5.pdf": columns, "aes256objects.pdf": columns,
	} {
		got, err := Read(fixture(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range want {
			if !strings.Contains(got.Markdown, w) {
				t.Errorf("%s: %q is not in\n%s", name, w, got.Markdown)
			}
		}
	}
	if got, err := Read(fixture(t, "chromium.pdf")); err != nil || got.Title != "Devoluciones y envíos" {
		t.Errorf("title %q, %v", got.Title, err)
	}
}

// written is a PDF of these objects, numbered from 1; the first is the catalogue.
func written(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	places := make([]int, len(objects))
	for i, o := range objects {
		places[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

func stream(dictionary string, content []byte) string {
	return fmt.Sprintf("<< /Length %d %s >>\nstream\n%s\nendstream", len(content), dictionary, content)
}

func packed(content []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}

const (
	catalogue = "<< /Type /Catalog /Pages 2 0 R >>"
	pages     = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	page      = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"
	helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
)

func TestTextInFormsIsRead(t *testing.T) {
	got, err := Read(written(catalogue, pages, page, stream("", []byte("q 1 0 0 1 50 700 cm /X Do Q BT /F 12 Tf 50 600 Td (after) Tj ET")), helvetica,
		stream("/Type /XObject /Subtype /Form /Resources << /Font << /F 5 0 R >> >>", []byte("BT /F 12 Tf (in a form) Tj ET"))))
	if err != nil || got.Markdown != "in a form\n\nafter" {
		t.Errorf("%q, %v", got.Markdown, err)
	}
}

func TestWhatHasNoTextIsSaidToHaveNone(t *testing.T) {
	scan := written(catalogue, pages, page, stream("", []byte("q 600 0 0 800 0 0 cm /X Do Q")), helvetica,
		stream("/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", []byte{0}))
	good := fixture(t, "groff.pdf")
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"a scan":         {scan, "is a scan"},
		"a password":     {fixture(t, "password.pdf"), "opens with a password alone"},
		"one by AES-256": {fixture(t, "aes256password.pdf"), "opens with a password alone"},
		"another filter": {bytes.Replace(fixture(t, "owner.pdf"), []byte("/Filter /Standard"), []byte("/Filter /Stendard"), 1), "not known here"},
		"empty":          {nil, "is no PDF"},
		"something else": {[]byte("%PDF-1.7\nhello"), "is no PDF"},
		"cut off":        {good[:len(good)/2], "is no PDF"},
		"no pages":       {written(catalogue, "<< /Type /Pages /Kids [] /Count 0 >>"), "is no PDF"},
	} {
		if got, err := Read(c.content); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v", name, got.Markdown, err)
		}
	}
}

// TestBombsEndTheirOwnProcessAlone: each is small, and would take memory or time without end.
func TestBombsEndTheirOwnProcessAlone(t *testing.T) {
	loop := strings.Replace(page, "/Contents 4 0 R", "/Contents 4 0 R /Kids [3 0 R]", 1)
	zeros := bytes.Repeat([]byte{0}, 64<<20)
	nested := packed(packed(bytes.Repeat([]byte("("), 256<<20)))
	brackets := packed(bytes.Repeat([]byte("["), 64<<20))
	form := "/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> /Font << /F 5 0 R >> >>"
	for name, content := range map[string][]byte{
		"a string without end": written(catalogue, pages, page, stream("/Filter [/FlateDecode /FlateDecode]", nested), helvetica),
		"arrays in arrays":     written(catalogue, pages, page, stream("/Filter /FlateDecode", brackets), helvetica),
		"a form in itself":     written(catalogue, pages, page, stream("", []byte("/X Do")), helvetica, stream(form, []byte("/X Do /X Do"))),
		"a tree in itself":     written(catalogue, "<< /Type /Pages /Kids [2 0 R] /Count 1000000 /Parent 2 0 R >>"),
		"a page in itself":     written(catalogue, pages, loop, stream("", []byte("BT ET")), helvetica),
		"a table of nothing": []byte("%PDF-1.7\n1 0 obj\n" + stream("/Type /XRef /Size 99999999 /W [1 2 1] /Filter /FlateDecode /Root 1 0 R", packed(zeros)) +
			"\nendobj\nstartxref\n9\n%%EOF\n"),
		"tables in a circle": []byte("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if len(content) > 2<<20 {
				t.Fatalf("%d bytes are no small file", len(content))
			}
			if got, err := readWithin(content, 3*time.Second); err == nil {
				t.Errorf("%d bytes of text", len(got.Markdown))
			}
		})
	}
}

func TestAReaderStartsNoReader(t *testing.T) {
	t.Setenv(child, "1")
	if _, err := Read(fixture(t, "groff.pdf")); err == nil {
		t.Error("a process of its own in a process of its own")
	}
}

// FuzzRead: whatever a file is, the process that reads it ends in time, with text or a reason. The library alone does not hold that.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.pdf"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // of the test
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add(written(catalogue, pages, page, stream("", []byte("BT /F 12 Tf (a) Tj ET")), helvetica))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := readWithin(content, 3*time.Second)
		if (got.Markdown == "") == (err == nil) {
			t.Errorf("text %q, %v", got.Markdown, err)
		}
	})
}
