package retail

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// Server is a shop on the web: POST /TOOL with the arguments as JSON. A call that carries an Idempotency-Key which came before is answered
// as before and does nothing.
type Server struct {
	Shop *Shop

	mu   sync.Mutex
	keys map[string]answer
	// repeated counts the calls that came again with their key.
	repeated int
}

type answer struct {
	status int
	body   []byte
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var arguments map[string]any
	if err := json.NewDecoder(r.Body).Decode(&arguments); err != nil || r.Method != http.MethodPost {
		http.Error(w, "POST the arguments as JSON", http.StatusBadRequest)
		return
	}
	a := s.answer(strings.TrimPrefix(r.URL.Path, "/"), r.Header.Get("Idempotency-Key"), arguments)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // whoever asked may have gone
}

func (s *Server) answer(tool, key string, arguments map[string]any) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, again := s.keys[key]; again && key != "" {
		s.repeated++
		return before
	}
	result, err := s.Shop.Call(tool, arguments)
	a := answer{status: http.StatusOK}
	if err != nil {
		a.status, result = http.StatusUnprocessableEntity, map[string]any{"error": err.Error()}
	}
	if a.body, err = json.Marshal(result); err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	if key != "" {
		if s.keys == nil {
			s.keys = map[string]answer{}
		}
		s.keys[key] = a
	}
	return a
}

// Repeated is how many calls came again with their key.
func (s *Server) Repeated() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repeated
}
