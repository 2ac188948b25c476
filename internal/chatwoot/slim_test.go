package chatwoot

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// slim writes a body in pieces of n bytes.
func slim(t *testing.T, body []byte, n int) []byte {
	t.Helper()
	var s Slim
	for part := body; len(part) > 0; part = part[min(n, len(part)):] {
		if _, err := s.Write(part[:min(n, len(part))]); err != nil {
			t.Fatal(err)
		}
	}
	return s.Bytes()
}

// TestSlimCutsLongTextsAlone: what has no long text stays byte for byte; what has one is JSON still, with the beginning of the text.
func TestSlimCutsLongTextsAlone(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"a":"b","c":[1,2,{"d":"\"\\"}]}`, `{"a":"\u00e1\ud83d\ude00","b":"ñ"}`, "{\"a\":\"\\\\\"}", `not JSON "at all`, ``,
		`{"a":"\u12"}`,
	} {
		if got := slim(t, []byte(body), 1); string(got) != body {
			t.Errorf("%s became %s", body, got)
		}
	}
	for name, unit := range map[string]string{
		"letters": "a", "accents": "ñ", "emoji": "😀", "escapes": `\n`, "escaped letters": `\u00f1`, "quotes": `\"`, "backslashes": `\\`,
	} {
		for shift := range 7 { // so that the cut would fall on each byte of a unit
			text := strings.Repeat("x", shift) + strings.Repeat(unit, slimText)
			body := []byte(`{"before":"one","long":"` + text + `","after":["two",{"long":"` + text + `"}],"id":7}`)
			for _, n := range []int{len(body), 4093} {
				got := slim(t, body, n)
				var read struct {
					Before, Long string
					ID           int
				}
				if err := json.Unmarshal(got, &read); err != nil || read.Before != "one" || read.ID != 7 || !utf8.Valid(got) {
					t.Fatalf("%s, %d: %v, %q, %d", name, shift, err, read.Before, read.ID)
				}
				var whole string
				if json.Unmarshal([]byte(`"`+text+`"`), &whole) != nil || !strings.HasPrefix(whole, read.Long) ||
					strings.ContainsRune(read.Long, utf8.RuneError) {
					t.Fatalf("%s, %d: not the beginning of the text", name, shift)
				}
				if len(got) > 2*(slimText+16)+200 || len(got) < 2*slimText {
					t.Errorf("%s, %d: %d bytes are kept", name, shift, len(got))
				}
			}
		}
	}
}

func TestSlimIsBounded(t *testing.T) {
	var s Slim
	part := []byte(strings.Repeat(`"short",`, 1000))
	var err error
	for range 1 << 20 {
		if _, err = s.Write(part); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrTooMuch) || len(s.Bytes()) > slimAll+len(part) {
		t.Errorf("%v, with %d bytes kept", err, len(s.Bytes()))
	}
}

// FuzzSlim: whatever is written, in whatever pieces, what is kept of JSON is JSON, and short texts are as they were.
func FuzzSlim(f *testing.F) {
	f.Add([]byte(`{"a":"b\\","c":"\u00e1"}`), 3)
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		if len(body) > slimText {
			return
		}
		if got := slim(t, body, max(1, n)); !bytes.Equal(got, body) {
			t.Errorf("%q became %q", body, got)
		}
	})
}
