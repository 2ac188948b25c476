package embedding

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tokens divides texts into the tokens of a tokenizer.json (of Hugging Face's library tokenizers), of the kinds that tables of vectors
// have: WordPiece, which takes the longest piece each time, and Unigram, which takes the likeliest division.
type tokens struct {
	// pieces are those that begin a word or stand anywhere, inner those that continue a word (WordPiece's "##…").
	pieces, inner *trie
	// scores are those of a Unigram's pieces; nil: WordPiece.
	scores []float32
	// unknown is not counted, nor are words longer than longest characters.
	unknown   uint32
	longest   int
	normalize []func(string) string
}

// tokenizer is what is read of the file.
type tokenizer struct {
	Normalizer *step `json:"normalizer"`
	Before     *step `json:"pre_tokenizer"`
	Model      struct {
		Type     string          `json:"type"`
		Vocab    json.RawMessage `json:"vocab"`
		Unknown  string          `json:"unk_token"`
		Prefix   string          `json:"continuing_subword_prefix"`
		Longest  int             `json:"max_input_chars_per_word"`
		Place    *uint32         `json:"unk_id"`
		Fallback bool            `json:"byte_fallback"`
	} `json:"model"`
}

// step is a normalizer or a pre-tokenizer.
type step struct {
	Type         string `json:"type"`
	Normalizers  []step `json:"normalizers"`
	Before       []step `json:"pretokenizers"`
	Lowercase    bool   `json:"lowercase"`
	StripAccents *bool  `json:"strip_accents"`
	Pattern      struct {
		Text  *string `json:"String"`
		Regex *string `json:"Regex"`
	} `json:"pattern"`
	Content string `json:"content"`
}

func readTokens(content []byte, rows int) (*tokens, error) {
	var file tokenizer
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, err
	}
	t := &tokens{pieces: newTrie(), inner: newTrie(), unknown: math.MaxUint32}
	var err error
	switch file.Model.Type {
	case "WordPiece":
		err = t.wordPiece(&file, rows)
	case "Unigram":
		err = t.unigram(&file, rows)
	default:
		err = fmt.Errorf("its model is %q; WordPiece and Unigram can be read", file.Model.Type)
	}
	if err == nil {
		err = t.normalizer(file.Normalizer)
	}
	return t, err
}

var errOutside = errors.New("a token has no vector in the table")

func (t *tokens) wordPiece(file *tokenizer, rows int) error {
	if err := allowed(file.Before, "BertPreTokenizer"); err != nil {
		return err
	}
	var vocabulary map[string]uint32
	if err := json.Unmarshal(file.Model.Vocab, &vocabulary); err != nil {
		return fmt.Errorf("vocabulary: %w", err)
	}
	prefix := file.Model.Prefix
	if prefix == "" {
		prefix = "##"
	}
	if t.longest = file.Model.Longest; t.longest == 0 {
		t.longest = 100
	}
	for piece, n := range vocabulary {
		if int(n) >= rows {
			return errOutside
		}
		if piece == file.Model.Unknown {
			t.unknown = n
			continue
		}
		if rest, ok := strings.CutPrefix(piece, prefix); ok && rest != "" {
			t.inner.add(rest, n)
		} else {
			t.pieces.add(piece, n)
		}
	}
	return nil
}

func (t *tokens) unigram(file *tokenizer, rows int) error {
	if err := allowed(file.Before, "Metaspace"); err != nil {
		return err
	}
	var vocabulary [][2]any
	if err := json.Unmarshal(file.Model.Vocab, &vocabulary); err != nil {
		return fmt.Errorf("vocabulary: %w", err)
	}
	if len(vocabulary) > rows {
		return errOutside
	}
	t.scores = make([]float32, len(vocabulary))
	if file.Model.Place != nil {
		t.unknown = *file.Model.Place
	}
	for i, entry := range vocabulary {
		piece, isText := entry[0].(string)
		score, isNumber := entry[1].(float64)
		if !isText || !isNumber {
			return fmt.Errorf("token %d of the vocabulary is not a text with a number", i)
		}
		t.scores[i] = float32(score)
		if n := uint32(i); n != t.unknown { //nolint:gosec // at most mostRows
			t.pieces.add(piece, n)
		}
	}
	return nil
}

// allowed refuses pre-tokenizers that are not known: they would divide texts otherwise, into other tokens than the table was made with.
func allowed(s *step, name string) error {
	if s == nil {
		return fmt.Errorf("it has no pre_tokenizer; %s is needed", name)
	}
	steps := s.Before
	if s.Type != "Sequence" {
		steps = []step{*s}
	}
	last := ""
	for _, one := range steps {
		switch one.Type {
		case name, "WhitespaceSplit":
			last = one.Type
		default:
			return fmt.Errorf("its pre_tokenizer %q cannot be read", one.Type)
		}
	}
	if last != name {
		return fmt.Errorf("its pre_tokenizer is not %s", name)
	}
	return nil
}

// normalizer takes the steps that a text goes through before it is divided.
func (t *tokens) normalizer(s *step) error {
	if s == nil {
		return nil
	}
	switch s.Type {
	case "Sequence":
		for i := range s.Normalizers {
			if err := t.normalizer(&s.Normalizers[i]); err != nil {
				return err
			}
		}
	case "BertNormalizer":
		if s.StripAccents == nil && s.Lowercase || s.StripAccents != nil && *s.StripAccents {
			t.normalize = append(t.normalize, withoutAccents)
		}
		if s.Lowercase {
			t.normalize = append(t.normalize, strings.ToLower)
		}
	case "Lowercase":
		t.normalize = append(t.normalize, strings.ToLower)
	case "StripAccents":
		t.normalize = append(t.normalize, withoutAccents)
	case "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled":
		t.normalize = append(t.normalize, forms[s.Type].String)
	case "Replace":
		if s.Pattern.Text == nil && (s.Pattern.Regex == nil || *s.Pattern.Regex != " {2,}") {
			return errors.New("a Replace of its normalizer cannot be read")
		}
		if old := s.Pattern.Text; old != nil { // spaces are divided at, however many
			t.normalize = append(t.normalize, func(text string) string { return strings.ReplaceAll(text, *old, s.Content) })
		}
	case "Strip":
	default:
		return fmt.Errorf("its normalizer %q cannot be read", s.Type)
	}
	return nil
}

// forms are Unicode's, by the names of normalizers. What sentencepiece compiles ("Precompiled") is its nmt_nfkc, of which NFKC is nearly
// all.
var forms = map[string]norm.Form{
	"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD, "Nmt": norm.NFKC, "Precompiled": norm.NFKC,
}

func withoutAccents(text string) string {
	if isASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// each gives the tokens of a text in their order, most of them at most, without those that are not known.
func (t *tokens) each(text string, most int, give func(uint32)) {
	text = text[:min(len(text), 16*most)] // tokens are rarely longer
	for _, normalize := range t.normalize {
		text = normalize(text)
	}
	give = bounded(most, give)
	if t.scores == nil {
		words(text, func(word string) { t.longestPieces(word, give) })
		return
	}
	for word := range strings.FieldsSeq(text) {
		t.likeliest("▁"+word, give)
	}
}

func bounded(most int, give func(uint32)) func(uint32) {
	return func(n uint32) {
		if most--; most >= 0 {
			give(n)
		}
	}
}

// words divides as BERT does: at spaces, and around each punctuation mark and each Chinese character.
func words(text string, give func(string)) {
	from := -1
	for i, r := range text {
		alone := isMark(r)
		if alone || unicode.IsSpace(r) || unicode.IsControl(r) {
			if from >= 0 {
				give(text[from:i])
				from = -1
			}
			if alone {
				give(text[i : i+utf8.RuneLen(r)])
			}
		} else if from < 0 {
			from = i
		}
	}
	if from >= 0 {
		give(text[from:])
	}
}

func isMark(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return r != utf8.RuneError && (unicode.IsPunct(r) || unicode.Is(unicode.Han, r))
}

// longestPieces divides a word; one that cannot be divided whole has no token.
func (t *tokens) longestPieces(word string, give func(uint32)) {
	if utf8.RuneCountInString(word) > t.longest {
		return
	}
	var room [32]uint32
	found, pieces := room[:0], t.pieces
	for word != "" {
		n, size := pieces.longest(word)
		if size == 0 {
			return
		}
		found, word, pieces = append(found, n), word[size:], t.inner
	}
	for _, n := range found {
		give(n)
	}
}

// unlikely is the score of a character that no piece has, worse than any division into pieces.
const unlikely = -30

// step of a division: the piece that ends here, where it begins, and the score of all up to it.
type division struct {
	from  int
	token uint32
	score float32
}

// likeliest divides a word into the pieces whose scores add up to most (Viterbi's algorithm).
func (t *tokens) likeliest(word string, give func(uint32)) {
	var room [64]division
	best := room[:0]
	for range len(word) + 1 {
		best = append(best, division{from: -1})
	}
	best[0].from = 0
	for at := 0; at < len(word); {
		_, size := utf8.DecodeRuneInString(word[at:])
		here := best[at].score
		better := func(end int, token uint32, score float32) {
			if b := &best[end]; b.from < 0 || score > b.score {
				*b = division{at, token, score}
			}
		}
		better(at+size, t.unknown, here+unlikely)
		t.pieces.prefixes(word[at:], func(token uint32, length int) { better(at+length, token, here+t.scores[token]) })
		at += size
	}
	var back [64]uint32
	found := back[:0]
	for at := len(word); at > 0; at = best[at].from {
		if best[at].token != t.unknown {
			found = append(found, best[at].token)
		}
	}
	for i := len(found) - 1; i >= 0; i-- {
		give(found[i])
	}
}
