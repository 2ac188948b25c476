package texts

import (
	"sync"

	"tania/internal/tania"
)

// All are the texts by language. A language's are read when they are first asked for: most processes show one language,
// and workers none.
type All map[tania.Language]func() *Texts

// LoadAll gives the texts of every language, none of them read yet.
func LoadAll() All {
	all := All{}
	for _, lang := range languages {
		all[lang] = sync.OnceValue(func() *Texts {
			t, err := Load(lang)
			if err != nil {
				panic(err) // the texts are in the binary, and tested
			}
			return t
		})
	}
	return all
}
