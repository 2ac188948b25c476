package media_test

import (
	"os"
	"strings"
	"testing"

	"tania/internal/media"
)

func TestADocumentIsText(t *testing.T) {
	pdf, err := os.ReadFile("../knowledge/source/pdftext/testdata/chromium.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		name, kind string
		content    string
		want       string
	}{
		"a PDF":         {"factura.pdf", "application/pdf", string(pdf), " "},
		"a PDF unnamed": {"factura", "application/pdf", string(pdf), " "},
		"a text":        {"notas.txt", "text/plain", "Pedido 4711 llegó roto", "Pedido 4711 llegó roto"},
		"a table":       {"pedido.csv", "text/csv", "artículo,precio\npastel,350\n", "350"},
	} {
		base, a := chatwoot(t, x.name, x.kind, []byte(x.content))
		r, err := media.New(media.Options{Chatwoot: base, Documents: true})
		if err != nil {
			t.Fatal(err)
		}
		read, err := r.Read(t.Context(), a, "")
		if !r.Reads(a) || err != nil || !read.Own || !strings.Contains(read.Text, x.want) || r.Reads(read) {
			t.Errorf("%s: %+v, %v", name, read, err)
		}
		r.Close()
	}
}

func TestWhatIsNoDocument(t *testing.T) {
	for name, x := range map[string]struct{ name, kind, content, words string }{
		"a program":    {"factura.exe", "application/x-msdownload", "MZ", "no document"},
		"a broken PDF": {"x.pdf", "application/pdf", "%PDF-1.7 and no more", "document"},
		"nothing":      {"x.txt", "text/plain", " \n", "no text"},
	} {
		base, a := chatwoot(t, "Ana-Torres-"+x.name, x.kind, []byte(x.content))
		r, err := media.New(media.Options{Chatwoot: base, Documents: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Read(t.Context(), a, "")
		if err == nil || !strings.Contains(err.Error(), x.words) || strings.Contains(err.Error(), "Torres") {
			t.Errorf("%s: %v", name, err)
		}
		r.Close()
	}
}

func TestALongDocumentIsCut(t *testing.T) {
	base, a := chatwoot(t, "x.txt", "text/plain", []byte(strings.Repeat("línea ", 20_000)))
	r, err := media.New(media.Options{Chatwoot: base, Documents: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	read, err := r.Read(t.Context(), a, "")
	if n := len([]rune(read.Text)); err != nil || n < 11_900 || n > 12_100 {
		t.Errorf("%d characters, %v", n, err)
	}
}
