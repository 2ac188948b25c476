package same

import (
	"tania/internal/cache/reading"
)

// SameLanguage reports whether nothing tells two questions to be in two languages.
func SameLanguage(a, b *reading.Question) bool {
	return a.Language == b.Language && (a.Facts.Language == "" || b.Facts.Language == "" || a.Facts.Language == b.Facts.Language)
}
