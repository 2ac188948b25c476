package chatwoot

import (
	"strings"
	"time"

	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Marks are what Chatwoot, its forks and the gateways before it say of a message beside its words, in content_attributes,
// additional_attributes and content_type. docs/marks.md lists them, with their sources.

// marked reads a message's marks.
func (m *Message) marked(w *wireMessage) {
	a := &w.Attributes
	m.Campaign = bool(w.Additional.Campaign)
	m.Imported = bool(a.Imported || w.Additional.Imported)
	m.Reaction = bool(a.Reaction) || m.ContentType == "reaction"
	m.Call = m.ContentType == "voice_call"
	m.Deleted = bool(a.Deleted || a.Revoked)
	// The paired phone's messages have external_echo, or in other gateways no sender but the name that the phone goes by.
	m.Phone = bool(a.ExternalEcho) || a.PhoneName != "" && m.Sender.Kind == tania.ActorNone
	m.AutoReply = a.Email.byMachine()
	m.Origin = a.origin()
	for _, at := range []time.Time{w.updated.Time, a.Edited.Time} {
		if at.After(m.Created) {
			m.Edited = at
		}
	}
	if at := a.External.Time; at.Before(m.Created) {
		m.Written = at
	}
}

// machines are the names of mailboxes from which no person writes: those that report undelivered mail (RFC 5321, 4.5.5), and those
// that say themselves that nobody reads an answer.
var machines = lazyregexp.New(`^(?:mailer-?daemon|postmaster|bounces?|(?:no|do-?not|nao)[-_.]?(?:reply|responder?)|noresponder|naoresponda)(?:[-_+=]|$)`)

// machineSubjects are how mail servers begin the subject of an automatic reply, or of a report that a mail was not delivered.
var machineSubjects = lazyregexp.New(`(?i)^\s*(?:(?:automatic(?:al)? reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the )?office|respuesta automática|respuesta automatica|fuera de (?:la )?oficina|` +
	`resposta automática|resposta automatica|ausência temporária|fora do escritório|réponse automatique|automatische antwort|abwesenheitsnotiz|` +
	`undeliverable|no se puede entregar|não (?:é possível entregar|entregue))\s*(?::|$)|undelivered mail returned|delivery status notification|mail delivery (?:failed|failure|subsystem)|returned mail:)`)

// byMachine reports that nobody wrote a mail: Chatwoot found the headers of an automatic reply (MailPresenter#auto_reply?), or
// its sender or its subject says so.
func (e *wireEmail) byMachine() bool {
	if e == nil {
		return false
	}
	if e.AutoReply {
		return true
	}
	for _, address := range e.From {
		if _, inBrackets, ok := strings.Cut(address, "<"); ok {
			address = inBrackets
		}
		if name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@"); machines.MatchString(name) {
			return true
		}
	}
	return machineSubjects.MatchString(string(e.Subject))
}

// origin is what the customer wrote from.
func (a *wireAttributes) origin() *tania.Origin {
	switch r := a.Referral; {
	case r != nil:
		return &tania.Origin{Kind: tania.FromAd, Text: strings.TrimSpace(string(r.Headline) + "\n" + string(r.Body))}
	case a.StoryID != "" || len(a.ReplyToStory) > 0 && a.ReplyToStory[0] == '{':
		return &tania.Origin{Kind: tania.FromStory}
	}
	return nil
}

// media are the kinds of attachments that a content_type names, by content_type.
var media = map[string]string{
	"sticker": "image", "image": "image", "photo": "image", "gif": "image", "audio": "audio", "voice": "audio", "video": "video",
	"file": "file", "document": "file", "location": "location", "contact": "contact",
}

// linkAlone is a text that is nothing but an address, bare or as Markdown has images and links.
var linkAlone = lazyregexp.New(`^\s*(?:!?\[[^\]]*\]\([^()\s]*\)|https?://\S+)\s*$`)

// mediaContent gives the kind of attachment that a message is by its content_type, and the words that are left beside it:
// a sticker has none (LINE's content is the address of its picture), other media have a caption or their address. kind is
// empty for messages of words.
func mediaContent(contentType, content string) (kind, words string) {
	kind = media[contentType]
	if kind != "" && (contentType == "sticker" || linkAlone.MatchString(content)) {
		content = ""
	}
	return kind, content
}
