package embedding

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Ask has a server make the numbers of texts, in their order: one request. Its error is ErrNotTaken where the server is well and does not
// take these texts.
type Ask func(ctx context.Context, texts []string) ([][]float32, error)

// ErrNotTaken is said of texts that are too many or too long for a server, or that it refuses for another reason of its own.
var ErrNotTaken = errors.New("the server does not take these texts")

// shortestCut is the least that is left of a text that a server does not take, in characters.
const shortestCut = 100

// Defaults of a Server's Options. A batch is short enough for servers on one processor to answer within the time-out.
const (
	DefaultBatch   = 32
	DefaultTimeout = 30 * time.Second
)

// longestText bounds a text that is sent, in characters: what most models read, and what servers take that refuse longer ones.
const longestText = 2000

// Options configure NewServer. Ask and Model are required.
type Options struct {
	Ask Ask
	// Model names what makes the vectors: those of another cannot be compared with its.
	Model string
	// Kept has the vectors that were made before; nil: they are kept in memory.
	Kept *Kept
	// Batch is how many texts go in one request, DefaultBatch when 0; Timeout bounds one, DefaultTimeout when 0.
	Batch   int
	Timeout time.Duration
}

// Server makes vectors by asking a server. It is safe for concurrent use.
type Server struct {
	options Options
	// asking lets one batch go at a time: a backlog of passages must not keep a server from answering a customer's question beside it.
	asking sync.Mutex
	// took reports whether the server took a text yet.
	took atomic.Bool
}

// NewServer makes no request.
func NewServer(o Options) *Server {
	if o.Batch == 0 {
		o.Batch = DefaultBatch
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Kept == nil {
		o.Kept = KeepInMemory()
	}
	return &Server{options: o}
}

// key names a text and the model that made its vector.
type key [16]byte

func (s *Server) key(text string) key {
	h := sha256.New()
	_, _ = h.Write([]byte(s.options.Model + "\x00" + text))
	return key(h.Sum(nil)[:16])
}

// One gives the vector of a text, or of its beginning where the server does not take all of it. It is not kept: customers' words are in no
// file because of it.
func (s *Server) One(ctx context.Context, text string) (Vector, error) {
	for text = cut(text); ; {
		made, err := s.ask(ctx, []string{text})
		if err == nil {
			return made[0], nil
		}
		if !errors.Is(err, ErrNotTaken) {
			return Vector{}, err
		}
		if none := s.takesAny(ctx); none != nil {
			return Vector{}, none
		}
		shorter, ok := firstHalf(text)
		if !ok {
			return Vector{}, err
		}
		text = shorter
	}
}

// firstHalf is the beginning of a text, where enough is left of it.
func firstHalf(text string) (string, bool) {
	letters := []rune(text)
	return string(letters[:len(letters)/2]), len(letters) >= 2*shortestCut
}

// Known gives the vector of a text of the team's that was made before.
func (s *Server) Known(text string) (Vector, bool) { return s.options.Kept.get(s.key(cut(text))) }

// All gives the vectors of texts of the team's, in their order: those kept, and the others by as many requests as it takes. With an error
// those that were made are kept, so that the next attempt goes on from there.
func (s *Server) All(ctx context.Context, texts []string) ([]Vector, error) {
	made := make([]Vector, len(texts))
	var missing []int
	for i, text := range texts {
		if v, ok := s.Known(text); ok {
			made[i] = v
		} else {
			missing = append(missing, i)
		}
	}
	for batch := range slices.Chunk(missing, s.options.Batch) {
		if err := s.batch(ctx, texts, batch, made); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (s *Server) batch(ctx context.Context, texts []string, places []int, made []Vector) error {
	asked := make([]string, len(places))
	for i, place := range places {
		asked[i] = cut(texts[place])
	}
	vectors, err := s.fewer(ctx, asked)
	if err != nil {
		return err
	}
	for i, place := range places {
		if made[place] = vectors[i]; vectors[i].Empty() {
			continue
		}
		s.options.Kept.put(s.key(asked[i]), vectors[i])
	}
	return nil
}

// fewer asks for texts together and, where the server does not take them, for each half of them; of one text, for its beginning.
func (s *Server) fewer(ctx context.Context, texts []string) ([]Vector, error) {
	s.asking.Lock()
	vectors, err := s.ask(ctx, texts)
	s.asking.Unlock()
	if !errors.Is(err, ErrNotTaken) {
		return vectors, err
	}
	if err := s.takesAny(ctx); err != nil {
		return nil, err
	}
	if len(texts) == 1 {
		shorter, ok := firstHalf(texts[0])
		if !ok {
			return make([]Vector, 1), nil
		}
		return s.fewer(ctx, []string{shorter})
	}
	first, err := s.fewer(ctx, texts[:len(texts)/2])
	if err != nil {
		return nil, err
	}
	second, err := s.fewer(ctx, texts[len(texts)/2:])
	return append(first, second...), err
}

// takesAny gives an error where the server takes no text at all, for example because it has no model of that name: to ask it for fewer
// would be to ask it for each.
func (s *Server) takesAny(ctx context.Context) error {
	if s.took.Load() {
		return nil
	}
	_, err := s.ask(ctx, []string{"hello"})
	if errors.Is(err, ErrNotTaken) {
		return fmt.Errorf("embedding: the server takes no text, not even a short one: %v", err) //nolint:errorlint // these texts are not why
	}
	return err
}

func (s *Server) ask(ctx context.Context, texts []string) ([]Vector, error) {
	ctx, done := context.WithTimeout(ctx, s.options.Timeout)
	defer done()
	numbers, err := s.options.Ask(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("embedding: %w", err)
	}
	if len(numbers) != len(texts) {
		return nil, fmt.Errorf("embedding: %d vectors came for %d texts", len(numbers), len(texts))
	}
	s.took.Store(true)
	made := make([]Vector, len(texts))
	for i, n := range numbers {
		if made[i] = Quantise(n); made[i].Empty() {
			return nil, errors.New("embedding: a vector that came says nothing")
		}
	}
	return made, nil
}

// cut bounds a text. Servers refuse empty ones.
func cut(text string) string {
	if text == "" {
		return " "
	}
	n := 0
	for i := range text {
		if n++; n > longestText {
			return text[:i]
		}
	}
	return text
}
