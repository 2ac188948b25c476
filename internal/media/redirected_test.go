package media

import (
	"net/http"
	"net/url"
	"testing"
)

// TestWhereARequestMayBeSentOn names each step that a redirect may take. None of the addresses is asked.
func TestWhereARequestMayBeSentOn(t *testing.T) {
	parse := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	const chatwoot, public, s3 = "https://chatwoot.internal:3000", "https://chat.example", "https://bucket.s3.example"
	f, err := newFiles(parse(chatwoot), []string{"minio.internal:9000"})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		from, to string
		// want is where the request goes, empty where it is refused.
		want string
	}{
		"to the storage":             {chatwoot + storagePath + "blobs/1", s3 + "/key?X-Amz-Signature=1", s3 + "/key?X-Amz-Signature=1"},
		"to its own disk":            {chatwoot + storagePath + "blobs/1", chatwoot + storagePath + "disk/1", chatwoot + storagePath + "disk/1"},
		"to its disk, as others see": {chatwoot + storagePath + "blobs/1", public + storagePath + "disk/1", chatwoot + storagePath + "disk/1"},
		"to a storage without TLS":   {chatwoot + storagePath + "blobs/1", "http://bucket.s3.example/key", ""},
		"to one that is named":       {chatwoot + storagePath + "blobs/1", "http://minio.internal:9000/key", "http://minio.internal:9000/key"},
		"from the storage to itself": {s3 + "/key", s3 + "/other", s3 + "/other"},
		"from the storage away":      {s3 + "/key", "https://elsewhere.example/key", ""},
		"from the storage to us":     {s3 + "/key", chatwoot + storagePath + "disk/1", ""},
		"from the storage, open":     {s3 + "/key", "http://bucket.s3.example/key", ""},
	} {
		to := parse(x.to)
		err := f.redirected(to, []*http.Request{{URL: parse(x.from)}})
		if (err == nil) != (x.want != "") || err == nil && to.String() != x.want {
			t.Errorf("%s: %s, %v; want %q", name, to, err, x.want)
		}
	}
}
