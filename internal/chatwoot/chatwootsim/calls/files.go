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

// Files are under filesAt, which redirects to where they are stored: for Rails' own disk service, under diskAt.
const (
	filesAt = "/rails/active_storage/blobs/redirect/"
	diskAt  = "/rails/active_storage/disk/"
)

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
		all = append(all, s.attach("http://"+r.Host, file))
	}
	return all
}

// Upload makes an attachment of a file that a customer sends by a channel; base is the address that Chatwoot calls itself by.
func (s *Calls) Upload(base, name, kind string, data []byte) chatwootsim.Attachment {
	s.Lock()
	defer s.Unlock()
	return s.attach(base, &rails.Upload{Name: name, Kind: kind, Data: data})
}

func (s *Calls) attach(base string, file *rails.Upload) chatwootsim.Attachment {
	s.files = append(s.files, file)
	kind, _, _ := strings.Cut(file.Kind, "/")
	if kind != "image" && kind != "audio" && kind != "video" {
		kind = "file"
	}
	return chatwootsim.Attachment{
		Type: kind, ContentType: file.Kind, Extension: strings.TrimPrefix(path.Ext(file.Name), "."), Size: int64(len(file.Data)),
		URL: fmt.Sprintf("%s%s%d/%s", base, filesAt, len(s.files), file.Name),
	}
}

// ServeFiles serves the uploads.
func (s *Calls) ServeFiles(mux *http.ServeMux) {
	mux.HandleFunc("GET "+filesAt+"{file}/{name}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("file"))
		http.Redirect(w, r, fmt.Sprintf("%s%d/file", diskAt, n), http.StatusFound)
	})
	mux.HandleFunc("GET "+diskAt+"{file}/{name}", s.file)
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
