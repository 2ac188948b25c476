package chatwoot

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"
)

func BenchmarkDecode(b *testing.B) {
	body, err := os.ReadFile("testdata/payloads/message_created__whatsapp__incoming_text.json")
	if err != nil {
		b.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(compact.Len()))
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode(compact.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("any", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v map[string]any
			if err := json.Unmarshal(compact.Bytes(), &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		now := time.Now()
		v := NewVerifier("s3cr3tTokenOf24Base58Chr")
		stamp, signature := Sign("s3cr3tTokenOf24Base58Chr", now, compact.Bytes())
		h := map[string][]string{HeaderTimestamp: {stamp}, HeaderSignature: {signature}}
		for b.Loop() {
			if err := v.Verify(h, compact.Bytes(), now); err != nil {
				b.Fatal(err)
			}
		}
	})
}
