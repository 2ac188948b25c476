package calls

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

const filesAt = "/rails/active_storage/blobs/redirect/"

// Attach makes attachments of a message's uploads, each of which is served from then on. Callers hold the lock.
func (s *Calls) Attach(r *http.Request, list any) []chatwootsim.Attachment {
	var all []chatwootsim.Attachment
	uploads, _ := list.([]any)
	if one, ok := list.(*rails.Upload); ok {
		uploads = []any{one}
	}
	for _, u := range uploads {
		file, ok := u.(*rails.Upload)
		if !ok {
			continue // a signed id of a direct upload, which the simulator does not have
		}
		s.files = append(s.files, file)
		kind, _, _ := strings.Cut(file.Kind, "/")
		if kind != "image" && kind != "audio" && kind != "video" {
			kind = "file"
		}
		all = append(all, chatwootsim.Attachment{
			Type: kind, ContentType: file.Kind, Extension: strings.TrimPrefix(path.Ext(file.Name), "."), Size: int64(len(file.Data)),
			URL: fmt.Sprintf("http://%s%s%d/%s", r.Host, filesAt, len(s.files), file.Name),
		})
	}
	return all
}

// ServeFiles serves the uploads.
func (s *Calls) ServeFiles(mux *http.ServeMux) {
	mux.HandleFunc("GET "+filesAt+"{file}/{name}", s.file)
}

// file serves an upload.
func (s *Calls) file(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("file"))
	s.Lock()
	defer s.Unlock()
	if n < 1 || n > len(s.files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", s.files[n-1].Kind)
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(s.files[n-1].Data)
}
