package tania

// Text is the same text in several languages.
type Text map[Language]string

// AnyLanguage is the key of a Text that is not bound to a language.
const AnyLanguage Language = ""

// In gives the text for a language: that language's, else the one for every language, else the fallback
// language's, else any there is.
func (t Text) In(lang, fallback Language) string {
	for _, l := range []Language{lang, AnyLanguage, fallback, Spanish, English, Portuguese} {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// SpokenIn reports whether there is a text written in a language. One for every language is written in the bot's own.
func (t Text) SpokenIn(lang, own Language) bool {
	return t[lang] != "" || lang == own && t[AnyLanguage] != ""
}
