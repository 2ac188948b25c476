package formats

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tania/internal/knowledge/source/pdftext"
)

// TestMain is the program that reads a PDF where a test has one read.
func TestMain(m *testing.M) {
	if pdftext.Asked(os.Args[1:]) {
		os.Exit(pdftext.Serve(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func TestPDFsAreReadByTypeNameOrContent(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "pdftext", "testdata", "chromium.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []File{
		{Name: "https://a.example/manual", Type: "application/pdf"}, {Name: "manual.PDF"}, {Name: "https://a.example/manual"},
	} {
		f.Content = content
		got, err := Read(f)
		if err != nil || got.Title != "Devoluciones y envíos" || !strings.Contains(got.Markdown, "Sofá Ibiza | 499,00 € | gratis") {
			t.Errorf("%s: %+v, %v", f.Name, got, err)
		}
	}
	if _, err := Read(File{Name: "a.pdf", Content: content[:1000]}); err == nil || err.Error() != "a.pdf is no PDF that can be read" {
		t.Errorf("%v", err)
	}
}

// packed is an archive of parts.
func packed(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(parts[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(t *testing.T, text string, e interface{ String(string) (string, error) }) []byte {
	t.Helper()
	s, err := e.String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(s)
}

func check(t *testing.T, f File, want Text) {
	t.Helper()
	got, err := Read(f)
	if err != nil {
		t.Errorf("%s: %v", f.Name, err)
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", f.Name, diff)
	}
}

func TestTextsAreReadInTheirEncodings(t *testing.T) {
	const text = "# Envíos\n\nMañana, «sí».\n"
	want := Text{Title: "Envíos", Markdown: strings.TrimSpace(text)}
	for name, content := range map[string][]byte{
		"a.md": []byte(text), "b.markdown": []byte("\ufeff" + text), "c.MD": []byte("---\ntitle: x\n---\n" + text),
		"d.txt": encoded(t, text, charmap.Windows1252.NewEncoder()), "e.md": []byte(strings.ReplaceAll(text, "\n", "\r\n")),
		"f.txt": encoded(t, text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"g.txt": encoded(t, text, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()),
	} {
		check(t, File{Name: name, Content: content}, want)
	}
	check(t, File{Name: "a.txt", Content: []byte("no title\n# b")}, Text{Markdown: "no title\n# b"})
	if got, err := Read(File{Name: "a.txt", Content: []byte("a\x00b")}); err == nil {
		t.Errorf("%+v", got)
	}
}

func TestATablesRowsNameTheirColumns(t *testing.T) {
	want := "Silla Oslo; Precio: 1,200; Color: rojo\n\nMesa; Precio: 3,500"
	for name, content := range map[string]string{
		"a.csv": "Producto,Precio,Color\nSilla Oslo,\"1,200\",rojo\n\nMesa,\"3,500\",\n",
		"b.csv": "Producto;Precio;Color\r\nSilla Oslo;1,200;rojo\r\nMesa;3,500;\r\n",
		"c.tsv": "Producto\tPrecio\tColor\nSilla  Oslo\t1,200\trojo\nMesa\t3,500\t",
	} {
		check(t, File{Name: name, Content: []byte(content)}, Text{
			Markdown: "Producto: " + strings.ReplaceAll(want, "\n\n", "\n\nProducto: "),
		})
	}
	check(t, File{Name: "numbers.csv", Content: []byte("#1,2\n3,4\n")}, Text{Markdown: "\\#1; 2\n\n3; 4"})
	check(t, File{Name: "one.csv", Content: []byte("a,b\n")}, Text{Markdown: "a; b"})
	check(t, File{Name: "quotes.csv", Content: []byte("Q,A\nsay \"hi\",\"a\nb\"\n")}, Text{Markdown: "Q: say \"hi\"; A: a b"})
}

const wholePage = `<!DOCTYPE html><html lang="es"><head><title>Devoluciones - Tienda</title><style>p{}</style></head><body>
<nav><a href="/">Inicio</a> <a href="/envios#top">Envíos</a> <a href="/envios">Envíos</a> <a href="mailto:a@b.c">Correo</a>
<a href="https://otra.example/x">Otra</a></nav><header>Rebajas de invierno: no te las pierdas</header>
<main><article><h1>Devoluciones</h1><p>Tienes treinta días para devolver un artículo, contados desde que lo recibes en casa.
El envío de vuelta <b>lo pagamos nosotros</b>, siempre que uses la etiqueta que viene en la caja.</p>
<h2>Zapatos</h2><p>Los zapatos se devuelven sin usar y en su caja original, con todas sus piezas y su papel.</p>
<ul><li>Sandalias: <a href="sandalias">igual</a></li><li>Botas: con su bolsa de tela</li></ul>
<table><tr><th>País</th><th>Días</th></tr><tr><td>México</td><td>30</td></tr></table>
<img src="data:image/png;base64,AAAA" alt="foto"><script>alert("no")</script></article></main>
<footer>Aviso legal. Todos los derechos reservados.</footer></body></html>`

func TestOfAPageTheMainContentIsRead(t *testing.T) {
	got, err := Read(File{Name: "https://tienda.example/ayuda/devoluciones", Type: "text/html; charset=utf-8", Content: []byte(wholePage)})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"**lo pagamos nosotros**", "## Zapatos", "- Sandalias: [igual](https://tienda.example/ayuda/sandalias)", "México",
	} {
		if !strings.Contains(got.Markdown, part) {
			t.Errorf("%q is missing", part)
		}
	}
	for _, part := range []string{"Inicio", "Rebajas", "Aviso legal", "alert", "data:image", "p{}"} {
		if strings.Contains(got.Markdown, part) {
			t.Errorf("%q is no content", part)
		}
	}
	if !strings.HasPrefix(got.Title, "Devoluciones") {
		t.Errorf("title %q", got.Title)
	}
	want := []string{
		"https://tienda.example/", "https://tienda.example/envios", "https://otra.example/x", "https://tienda.example/ayuda/sandalias",
	}
	if diff := cmp.Diff(want, got.Links); diff != "" {
		t.Error(diff)
	}
	if t.Failed() {
		t.Log(got.Markdown)
	}
}

// TestWhatIsThePageIsFoundWithoutItsSayingSo: pages of frames that know neither main nor article.
func TestWhatIsThePageIsFoundWithoutItsSayingSo(t *testing.T) {
	menu := `<ul><li><a href="/1">Uno</a><li><a href="/2">Dos</a><li><a href="/3">Tres</a></ul>`
	for name, body := range map[string]string{
		"divs":       `<div class="top">` + menu + `</div><div><h1>Pagos</h1><p>Con tarjeta.</p></div><div>` + menu + `</div>`,
		"header":     `<header>Rebajas</header><h1>Pagos</h1><p>Con tarjeta.</p>`,
		"roles":      `<div role="banner">Rebajas</div><div role="main"><h1>Pagos</h1><p>Con tarjeta.</p></div><p>Otros</p>`,
		"articles":   `<article><a href="/x">Ver</a></article><article><h1>Pagos</h1><p>Con tarjeta.</p></article>`,
		"hidden":     `<h1>Pagos</h1><p hidden>no</p><div aria-hidden="true">no</div><p>Con tarjeta.</p>`,
		"header in":  `<main><header><h1>Pagos</h1></header><p>Con tarjeta.</p></main><main></main>`,
		"empty main": `<main> </main><h1>Pagos</h1><p>Con tarjeta.</p>`,
	} {
		check(t, File{Name: name + ".html", Content: []byte("<title>T</title>" + body)}, Text{
			Title: "Pagos", Markdown: "# Pagos\n\nCon tarjeta.", Links: nil,
		})
	}
	content := `<title>T</title><h1>A</h1><h1>B</h1><ul><li>see <a href="a">it</a><li><a href="b">b</a> and more words<li><a href="c">c</a></ul>`
	got, err := Read(File{Name: "a.html", Content: []byte(content)})
	if err != nil || got.Title != "T" || strings.Count(got.Markdown, "\n- ") != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOddPagesAreReadOrRefused(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "deep": strings.Repeat("<div>", 20_000), "many": strings.Repeat("<p>a", 200_000), "no page": "\x00\x01",
		"nested":  strings.Repeat(strings.Repeat("<div>a", 400)+strings.Repeat("</div>", 400), 200),
		"scripts": "<html><body><script>document.write('x')</script>",
	} {
		if got, err := Read(File{Name: name + ".html", Content: []byte(content)}); err == nil && got.Markdown != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	got, err := Read(File{Name: "short.html", Content: []byte("<title>Hours</title><p>We open at nine.")})
	if err != nil || got.Markdown != "We open at nine." || got.Title != "Hours" {
		t.Errorf("%+v, %v", got, err)
	}
}

func paragraph(style, text string) string {
	if style != "" {
		style = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return `<w:p>` + style + `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

// spanishStyles are as Word in Spanish writes them: the ids are translated, the names are not.
const spanishStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="w">
<w:style w:type="paragraph" w:styleId="Ttulo"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Ttulo1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Ttulo2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Propio"><w:name w:val="Capítulo"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Cuerpo"><w:name w:val="Body Text"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style></w:styles>`

func TestAWordDocumentKeepsItsHeadingsListsAndTables(t *testing.T) {
	body := paragraph("Ttulo", "Manual de la tienda") + paragraph("Ttulo1", "Envíos") +
		`<w:p><w:r><w:t>Salen </w:t></w:r><w:del><w:r><w:delText>hoy</w:delText></w:r></w:del><w:ins><w:r><w:t>mañana</w:t></w:r></w:ins>
		<w:r><w:tab/><w:t>&amp; llegan.</w:t></w:r></w:p>` +
		paragraph("Ttulo2", "Exprés") + paragraph("Cuerpo", "# Un día") + paragraph("Propio", "Islas") +
		`<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Ocho días</w:t></w:r></w:p><w:p/>
		<w:tbl><w:tr><w:tc>` + paragraph("", "Zona") + `</w:tc><w:tc>` + paragraph("", "Precio") + `</w:tc></w:tr>
		<w:tr><w:tc>` + paragraph("", "Norte") + paragraph("", "y sur") + `</w:tc><w:tc><w:tbl><w:tr><w:tc>` + paragraph("", "$90") +
		`</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl><w:p><w:r><w:t>Fuera</w:t><w:txbxContent>` + paragraph("", "Recuadro") +
		`</w:txbxContent><w:t> del marco</w:t></w:r></w:p>`
	want := "# Envíos\n\nSalen mañana & llegan.\n\n## Exprés\n\n\\# Un día\n\n### Islas\n\n- Ocho días\n\nZona: Norte y sur; Precio: $90\n\n" +
		"Fuera\n\nRecuadro\n\ndel marco"
	parts := map[string]string{
		"word/document.xml": `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":   spanishStyles,
	}
	check(t, File{Name: "manual.docx", Content: packed(t, parts)}, Text{Title: "Manual de la tienda", Markdown: want})
	parts["docProps/core.xml"] = `<cp:coreProperties xmlns:dc="dc"><dc:title>Otro título</dc:title><dc:creator>x</dc:creator></cp:coreProperties>`
	check(t, File{
		Name: "https://a.example/x", Content: packed(t, parts),
		Type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	}, Text{Title: "Otro título", Markdown: want})
}

func TestAWorkbookGivesItsVisibleSheetsRowByRow(t *testing.T) {
	parts := map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Precios 2026" sheetId="1" r:id="rId1"/>
			<sheet name="Borrador" sheetId="2" state="hidden" r:id="rId2"/><sheet name="Horario" sheetId="3" r:id="rId3"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
			<Relationship Id="rId2" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Target="/xl/worksheets/sheet3.xml"/></Relationships>`,
		"xl/sharedStrings.xml": `<sst><si><t>Producto</t></si><si><t>Precio</t></si><si><r><t>Silla </t></r><r><t>Oslo</t></r><rPh><t>no</t></rPh></si>
			<si><t>Desde</t></si></sst>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="[Red]&quot;dy&quot;0.00"/></numFmts>
			<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>3</v></c></row>
			<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="3"><f>1+1</f><v>1200.5</v></c><c r="D2" s="1"><v>46082</v></c></row>
			<row r="3"><c r="A3" t="inlineStr"><is><t>Mesa</t></is></c><c r="B3" t="str"><v>a consultar</v></c><c r="C3" t="e"><v>#N/A</v></c></row>
			</sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData><row><c t="inlineStr"><is><t>secreto</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet3.xml": `<worksheet><sheetData><row><c t="inlineStr"><is><t>Abre</t></is></c><c s="2"><v>0.375</v></c><c t="b"><v>1</v></c>
			<c t="s"><v>99</v></c><c s="77"><v>0.30000000000000004</v></c></row></sheetData></worksheet>`,
	}
	check(t, File{Name: "precios.xlsx", Content: packed(t, parts)}, Text{Markdown: "# Precios 2026\n\n" +
		"Producto: Silla Oslo; Precio: 1200.5; Desde: 2026-03-01\n\nProducto: Mesa; Precio: a consultar\n\n# Horario\n\nAbre; 09:00; ✓; 0.3"})
	parts["xl/workbook.xml"] = strings.Replace(parts["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
	got, err := Read(File{Name: "mac.xlsx", Content: packed(t, parts)})
	if err != nil || !strings.Contains(got.Markdown, "Desde: 2030-03-02") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestArchivesThatAreMadeToDoHarmAreRefused(t *testing.T) {
	bomb := "<a>" + strings.Repeat("x", mostUnpacked) + "</a>"
	many := map[string]string{"word/document.xml": "<w:document/>"}
	for n := range mostParts {
		many[fmt.Sprint("x/", n)] = ""
	}
	for name, parts := range map[string]map[string]string{
		"document.docx": {"word/document.xml": "<w:document>" + bomb + "</w:document>"},
		"styles.docx":   {"word/document.xml": "<w:document/>", "word/styles.xml": bomb},
		"many.docx":     many,
		"parts.xlsx": { // each is small enough, all together are not
			"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": bomb[:len(bomb)/2] + "</a>", "xl/styles.xml": bomb[:len(bomb)*6/10] + "</a>",
		},
	} {
		content := packed(t, parts)
		if len(content) > 2<<20 {
			t.Fatalf("%s has %d bytes", name, len(content))
		}
		if got, err := Read(File{Name: name, Content: content}); !errors.Is(err, ErrBomb) {
			t.Errorf("%s: %+v, %v", name, len(got.Markdown), err)
		}
	}
}

// TestACellCannotRepeatALongTextWithoutEnd: a file of kilobytes could ask for terabytes otherwise.
func TestACellCannotRepeatALongTextWithoutEnd(t *testing.T) {
	row := "<row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 16_000) + `<c r="XFD1" t="s"><v>0</v></c></row>`
	got, err := Read(File{Name: "a.xlsx", Content: packed(t, map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="A" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Target="a.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       "<sst><si><t>" + strings.Repeat("x", 10<<20) + "</t></si></sst>",
		"xl/a.xml":                   "<worksheet>" + strings.Repeat(row, 50) + "</worksheet>",
	})})
	if err != nil || len(got.Markdown) > 3*mostText {
		t.Errorf("%d bytes, %v", len(got.Markdown), err)
	}
}

func TestWhatIsNoFileOfItsKindIsRefused(t *testing.T) {
	entity := `<!DOCTYPE a [<!ENTITY b "` + strings.Repeat("b", 1000) + `">]><w:document>&b;</w:document>`
	for name, content := range map[string][]byte{
		"a.docx": []byte("text"), "b.xlsx": packed(t, map[string]string{"a": "b"}), "c.docx": packed(t, map[string]string{"a": "b"}),
		"d.docx": packed(t, map[string]string{"word/document.xml": "<w:document><w:p"}),
		"e.docx": packed(t, map[string]string{"word/document.xml": entity}), "f.docx": nil,
		"utf-32.txt": []byte("\xff\xfe\x00\x00h\x00\x00\x00"), "utf-32.md": []byte("\x00\x00\xfe\xff\x00\x00\x00h"),
	} {
		if got, err := Read(File{Name: name, Content: content}); !errors.Is(err, errBroken) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, name := range []string{"a.exe", "a", "https://a.example/x.png", "a.doc"} {
		if _, err := Read(File{Name: name, Type: "image/png", Content: []byte("\x89PNG\r\n\x1a\n")}); !errors.Is(err, ErrKind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheKindIsTheServersOrTheNamesOrTheContents(t *testing.T) {
	for _, x := range []struct{ name, media, content, want string }{
		{"https://a.example/x", "text/html; charset=utf-8", "", ".html"},
		{"https://a.example/x.md", "text/plain", "", ".md"},
		{"https://a.example/x?y=z.docx", "text/plain", "", ".txt"},
		{"https://a.example/x.csv?y=1", "application/octet-stream", "", ".csv"},
		{"https://a.example/x", "", "<!DOCTYPE html><p>", ".html"},
		{"x.png", "", "text", ""},
		{"a.TXT", "", "", ".txt"},
		{"https://a.example/x.md", "image/png", "", ".md"},
		{"a", "", "\x89PNG\r\n\x1a\n", ""},
	} {
		if got := (File{Name: x.name, Type: x.media, Content: []byte(x.content)}).kind(); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}
