package chatwootsim

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const filesAt = "/rails/active_storage/blobs/redirect/"

// attach makes attachments of a message's uploads, each of which is served from then on. Callers hold mu.
func (s *Server) attach(r *http.Request, list any) []Attachment {
	var all []Attachment
	uploads, _ := list.([]any)
	if one, ok := list.(*upload); ok {
		uploads = []any{one}
	}
	for _, u := range uploads {
		file, ok := u.(*upload)
		if !ok {
			continue // a signed id of a direct upload, which the simulator does not have
		}
		s.files = append(s.files, file)
		kind, _, _ := strings.Cut(file.kind, "/")
		if kind != "image" && kind != "audio" && kind != "video" {
			kind = "file"
		}
		all = append(all, Attachment{
			Type: kind, ContentType: file.kind, Extension: strings.TrimPrefix(path.Ext(file.name), "."), Size: int64(len(file.data)),
			URL: fmt.Sprintf("http://%s%s%d/%s", r.Host, filesAt, len(s.files), file.name),
		})
	}
	return all
}

// file serves an upload.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("file"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || n > len(s.files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", s.files[n-1].kind)
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(s.files[n-1].data)
}
