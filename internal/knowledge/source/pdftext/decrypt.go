package pdftext

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"strconv"

	"tania/internal/lazyregexp"
)

// errPassword is for a file that opens with a password alone.
var errPassword = errors.New("pdftext: the empty password does not open the file")

var (
	encryptRef = lazyregexp.New(`/Encrypt\s+(\d+)\s+(\d+)\s+R`)
	infoRef    = lazyregexp.New(`/Info(\s+\d+\s+\d+\s+R)`)
	byAES256   = lazyregexp.New(`/CFM\s*/AESV3\b`)
	xrefType   = lazyregexp.New(`/Type\s*/XRef\b`)
	streamFrom = lazyregexp.New(`>>\s*stream\r?\n`)
)

// decrypted opens a file that AES-256 encrypts (revisions 5 and 6 of ISO 32000-2, 7.6.4), which the library does not know, and whose
// user password is empty: readers open such a file without asking, and its owner has forbidden to print or change it, not to read it. Each
// stream is decrypted in its place, so that all offsets stay; of its strings only the title would be read, which is left out. Any other
// file comes back as it is.
func decrypted(content []byte) ([]byte, error) {
	dictionary := encryption(content)
	if dictionary == nil || !byAES256.MatchString(string(dictionary)) {
		return content, nil
	}
	u, ue := stringAfter(dictionary, "/U"), stringAfter(dictionary, "/UE")
	revision := numberAfter(dictionary, "/R")
	if len(u) < 48 || len(ue) < 32 || revision != 5 && revision != 6 {
		return nil, errPassword
	}
	if !bytes.Equal(passwordHash(u[32:40], revision), u[:32]) {
		return nil, errPassword
	}
	block, err := aes.NewCipher(passwordHash(u[40:48], revision))
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(key, ue[:32])
	if block, err = aes.NewCipher(key); err != nil {
		return nil, err
	}
	plain := bytes.Clone(content)
	decryptStreams(plain, block)
	// Names of the same length that mean nothing: nothing is encrypted any more.
	plain = bytes.ReplaceAll(plain, []byte("/Encrypt"), []byte("/Decrypt"))
	return []byte(infoRef.ReplaceAllString(string(plain), "/Note$1")), nil
}

// encryption is the dictionary that says how a file is encrypted, nil where none is found.
func encryption(content []byte) []byte {
	ref := encryptRef.FindAllStringSubmatch(string(content), -1)
	if len(ref) == 0 {
		return nil
	}
	last := ref[len(ref)-1]
	begin := []byte("\n" + last[1] + " " + last[2] + " obj")
	at := bytes.LastIndex(content, begin)
	if at < 0 {
		return nil
	}
	object := content[at+len(begin):]
	if end := bytes.Index(object, []byte("endobj")); end >= 0 {
		object = object[:end]
	}
	return object
}

// decryptStreams puts what each stream says in its place, followed by blanks: its cipher text is longer, by a first block and what fills
// up the last.
func decryptStreams(content []byte, block cipher.Block) {
	from := 0
	for _, at := range streamFrom.FindAllStringIndex(string(content), -1) {
		if at[0] < from {
			continue // within a stream
		}
		end := bytes.Index(content[at[1]:], []byte("endstream"))
		if end < 0 {
			return
		}
		from = at[1] + end
		head := content[max(0, bytes.LastIndex(content[:at[0]], []byte(" obj"))):at[0]]
		if body := content[at[1]:from]; !xrefType.MatchString(string(head)) {
			decryptStream(body[:len(body)-len(body)%aes.BlockSize], block)
		}
	}
}

// decryptStream works on whole blocks: a stream's cipher text is such, and the line's end behind it is less than one.
func decryptStream(body []byte, block cipher.Block) {
	if len(body) < 2*aes.BlockSize {
		return
	}
	first := bytes.Clone(body[:aes.BlockSize])
	text := body[aes.BlockSize:]
	cipher.NewCBCDecrypter(block, first).CryptBlocks(text, text)
	if filled := int(text[len(text)-1]); filled >= 1 && filled <= aes.BlockSize {
		text = text[:len(text)-filled]
	}
	for i := copy(body, text); i < len(body); i++ {
		body[i] = ' '
	}
}

// passwordHash is the hash of the empty user password with a salt (algorithm 2.B; in revision 5 SHA-256 alone).
func passwordHash(salt []byte, revision int) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	if revision == 5 {
		return k
	}
	for round := 0; ; round++ {
		text := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil // a key of 16 bytes always serves
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(text, text)
		remainder := 0
		for _, b := range text[:16] {
			remainder += int(b) // 256 is 1 modulo 3
		}
		switch remainder % 3 {
		case 0:
			sum := sha256.Sum256(text)
			k = sum[:]
		case 1:
			sum := sha512.Sum384(text)
			k = sum[:]
		default:
			sum := sha512.Sum512(text)
			k = sum[:]
		}
		if round >= 63 && int(text[len(text)-1]) <= round-31 {
			return k[:32]
		}
	}
}

// after is what follows a name in a dictionary, nil where it is not there.
func after(dictionary []byte, name string) []byte {
	for rest := dictionary; ; {
		at := bytes.Index(rest, []byte(name))
		if at < 0 {
			return nil
		}
		rest = rest[at+len(name):]
		if len(rest) > 0 && bytes.IndexByte([]byte(" \r\n\t(<0123456789"), rest[0]) >= 0 {
			return bytes.TrimLeft(rest, " \r\n\t")
		}
	}
}

func numberAfter(dictionary []byte, name string) int {
	digits := after(dictionary, name)
	end := bytes.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(string(digits[:max(0, end)]))
	if err != nil {
		return 0
	}
	return n
}

// stringAfter is the string that follows a name, in hexadecimal or in brackets.
func stringAfter(dictionary []byte, name string) []byte {
	rest := after(dictionary, name)
	switch {
	case len(rest) == 0:
		return nil
	case rest[0] == '<':
		end := bytes.IndexByte(rest, '>')
		made, err := hex.DecodeString(string(bytes.Join(bytes.Fields(rest[1:max(1, end)]), nil)))
		if err != nil {
			return nil
		}
		return made
	case rest[0] == '(':
		return literal(rest[1:])
	}
	return nil
}

// escapes are those of a string in brackets that are one letter.
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// literal reads a string up to its closing bracket.
func literal(text []byte) (made []byte) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ')' && depth == 0:
			return made
		case c != '\\':
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
			made = append(made, c)
		case i+1 < len(text):
			i++
			octal := 0
			for octal < 3 && i+octal < len(text) && text[i+octal] >= '0' && text[i+octal] <= '7' {
				octal++
			}
			if octal > 0 {
				n, _ := strconv.ParseUint(string(text[i:i+octal]), 8, 16) // digits alone
				made, i = append(made, byte(n)), i+octal-1                //nolint:gosec // what is above a byte is cut off, as the standard has it
			} else if one, ok := escapes[text[i]]; ok {
				made = append(made, one)
			} else if text[i] != '\n' {
				made = append(made, text[i])
			}
		}
	}
	return nil
}
