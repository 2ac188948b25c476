package pii

import (
	"regexp"
	"strings"
)

var (
	// mailbox allows spaces around the at sign, as people write who copy by hand, and a line that breaks behind it.
	mailbox = regexp.MustCompile(`([a-z0-9_+%&'*=~^#!$][a-z0-9._+%&'*=~^#!$\-]{0,63})([ \n]?@[ \n]?)((?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})`)
	// spoken is an e-mail as it is said, and heard in a voice note. It is looked for in texts as they came, so letters may have accents.
	spoken = regexp.MustCompile(`(?i)\b[a-z0-9]+(?:\s+(?:punto|ponto|dot|point)\s+[a-z0-9]+|\s+(?:gui[oó]n bajo|underline|underscore|gui[oó]n|h[ií]fen|dash)\s+[a-z0-9]+)*` +
		`\s+(?:\(?arroba\)?|\(at\)|\[at\]|at)\s+[a-z0-9\-]+(?:\s*(?:\s(?:punto|ponto|dot|point)\s|\(dot\)|\[dot\]|\(punto\)|\(ponto\)|\.)\s*[a-z0-9]+)*` +
		`\s*(?:\s(?:punto|ponto|dot|point)\s|\(dot\)|\[dot\]|\(punto\)|\(ponto\)|\.)\s*[a-z]{2,10}\b`)
)

// files are what is behind the point of a file's name, "logo@2x.png".
var files = wordSet(`png jpg jpeg gif svg webp pdf js ts css json zip mp3 mp4 mov doc docx xls xlsx csv txt html`)

// emails finds e-mails.
func emails(t *reading) {
	for _, at := range mailbox.FindAllStringSubmatchIndex(t.low, -1) {
		from, to := at[2], at[1]
		local, domain := strings.TrimLeft(t.low[from:at[3]], "'*=~^#!$&%"), t.low[at[6]:to]
		from = at[3] - len(local)
		if local == "" || strings.HasSuffix(local, ".") || files[domain[strings.LastIndexByte(domain, '.')+1:]] {
			continue
		}
		if spaced := at[5]-at[4] > 1; spaced && !strings.ContainsAny(local, "._-0123456789") && !spacedMail(t.low, at) {
			continue
		}
		t.take(Email, from, to, local+"@"+domain)
	}
	if !saysAt(t.low) {
		return
	}
	for _, at := range spoken.FindAllStringIndex(t.low, -1) {
		if said := t.low[at[0]:at[1]]; !strings.Contains(said, " at ") || strings.Contains(said, " dot ") {
			t.take(Email, at[0], at[1], strings.Join(strings.Fields(said), " "))
		}
	}
}

// saysAt reports whether a text may have an at sign in words.
func saysAt(text string) bool {
	for _, sign := range []string{"rroba", "RROBA", "(at)", "[at]"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return strings.Contains(text, " at ") && strings.Contains(text, "dot")
}

// spacedMail reports whether there is a space on both sides of the at sign, or only a line's end: "write me @ example.com" is no e-mail.
func spacedMail(s string, at []int) bool {
	sign := s[at[4]:at[5]]
	return sign == "@\n" || len(sign) == 3
}
