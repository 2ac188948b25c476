package media_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/media"
	"tania/internal/tania"
)

// eyes is a model that sees, and what it was sent last.
type eyes struct {
	mu    sync.Mutex
	calls int
	model string
	sent  []byte
}

func (e *eyes) vision(t *testing.T, answer string) *media.Vision {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model    string
			Messages []struct {
				Role    string
				Content []struct {
					Type  string
					Image struct{ URL string } `json:"image_url"`
				}
			}
		}
		if r.URL.Path != "/v1/chat/completions" || json.NewDecoder(r.Body).Decode(&q) != nil || len(q.Messages) != 2 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		encoded, ok := strings.CutPrefix(q.Messages[1].Content[1].Image.URL, "data:image/jpeg;base64,")
		sent, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.calls, e.model, e.sent = e.calls+1, q.Model, sent
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(s.Close)
	return media.NewVision(media.VisionOptions{BaseURL: s.URL + "/v1", Model: "sees", Timeout: 5 * time.Second})
}

func (e *eyes) saw() (calls int, model string, sent []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls, e.model, e.sent
}

func seeing(text string) string {
	answer, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": text}}}})
	return string(answer)
}

// photograph is a JPEG with a place in its EXIF data.
func photograph(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00GPS 19.4326 N 99.1332 W, Pixel 9")
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

func (e *eyes) reads(t *testing.T, answer string, file []byte) (tania.Attachment, error) {
	t.Helper()
	base, a := chatwoot(t, "foto.jpg", "image/jpeg", file)
	r, err := media.New(media.Options{Chatwoot: base, Vision: e.vision(t, answer)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	if !r.Reads(a) {
		t.Fatal("a picture is not read")
	}
	return r.Read(t.Context(), a, "")
}

func TestAPictureIsDescribed(t *testing.T) {
	const shown = "Un comprobante de pago por 350 pesos."
	e := &eyes{}
	read, err := e.reads(t, seeing(" "+shown), photograph(t, 3000, 1500))
	if err != nil || read.Text != shown || !read.Own || read.Transcript != "" {
		t.Fatalf("%+v, %v", read, err)
	}
	calls, model, sent := e.saw()
	size, err := jpeg.DecodeConfig(bytes.NewReader(sent))
	if err != nil || size.Width != 1024 || size.Height != 512 || calls != 1 || model != "sees" {
		t.Errorf("the model %q was sent %dx%d in %d calls: %v", model, size.Width, size.Height, calls, err)
	}
	if bytes.Contains(sent, []byte("GPS")) || bytes.Contains(sent, []byte("Exif")) {
		t.Error("the place where the picture was taken was sent")
	}
}

func TestASmallTransparentPictureStaysItsSize(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 40, 2000))
	picture.Set(0, 0, color.Transparent)
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	e := &eyes{}
	if _, err := e.reads(t, seeing("nada"), b.Bytes()); err != nil {
		t.Fatal(err)
	}
	_, _, sent := e.saw()
	drawn, err := jpeg.Decode(bytes.NewReader(sent))
	if err != nil || drawn.Bounds().Dx() != 20 || drawn.Bounds().Dy() != 1024 {
		t.Fatalf("%v, %v", drawn.Bounds(), err)
	}
	if r, g, bl, _ := drawn.At(10, 10).RGBA(); r < 0xf000 || g < 0xf000 || bl < 0xf000 {
		t.Error("what is transparent is not white")
	}
}

// bomb is a PNG of a few bytes that says it is huge.
func bomb(w, h uint32) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	header = append(header, 8, 6, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	b = append(b, header...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
}

func TestWhatIsNoPictureOfASizeThatIsReadIsNotSent(t *testing.T) {
	for name, x := range map[string]struct {
		file  []byte
		words string
	}{
		"a bomb": {bomb(60_000, 60_000), "more pixels"}, "a line without end": {bomb(1<<30, 1), "more pixels"},
		"a little too much": {bomb(6000, 4001), "more pixels"}, "a page": {[]byte("<html>"), "no picture"}, "nothing": {nil, "no picture"},
		"a broken one":         {photograph(t, 100, 100)[:200], "no picture"},
		"a drawing by program": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "no picture"},
	} {
		e := &eyes{}
		_, err := e.reads(t, seeing("x"), x.file)
		if calls, _, _ := e.saw(); err == nil || calls != 0 || !strings.Contains(err.Error(), x.words) {
			t.Errorf("%s: sent %d times, %v", name, calls, err)
		}
	}
}

func TestAModelThatSaysNothingOfAPicture(t *testing.T) {
	for _, answer := range []string{seeing(""), `{"choices":[]}`, "<html>", `{}`} {
		e := &eyes{}
		if read, err := e.reads(t, answer, photograph(t, 10, 10)); err == nil || read.Own || !strings.Contains(err.Error(), "VISION_MODEL") {
			t.Errorf("%s: %+v, %v", answer, read, err)
		}
	}
}
