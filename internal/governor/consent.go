package governor

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tania/internal/chatwoot"
	"tania/internal/tania"
	"tania/internal/words"
)

// Words by which a customer orders that nothing more is sent, and takes that back. On SMS they are an order to the carrier: nothing
// reaches the number afterwards, and most countries forbid to answer it. The English ones are those of the CTIA's messaging principles
// and of Twilio's and Bandwidth's own handling; Spanish and Portuguese ones are what carriers and shops name in their messages.
// They are folded: lower case, without accents, punctuation or space.
var (
	// plainOptOut can be meant in no other way, on any channel.
	plainOptOut = wordSet(
		"stop", "stopall", "unsubscribe", "optout", "revoke",
		"baja", "darbaja", "darmedebaja", "dardebaja", "darsedebaja", "demedebaja", "damedebaja", "bajadefinitiva",
		"desuscribir", "desuscribirme", "desuscribirse", "cancelarsuscripcion", "anularsuscripcion", "nomasmensajes",
		// Misspelt, in more words, and Meta's button below marketing templates.
		"unsuscribe", "unsubcribe", "unsubscribeme", "optmeout", "stopmessages", "stopmessaging", "stopmessagingme", "stoptexting",
		"stoptextingme", "stoppromotions", "stopmarketing",
		"donttextme", "dontmessageme", "nomoremessages", "nomoretexts", "removemefromyourlist", "removemefromthelist", "takemeoffyourlist",
		"detenerpromociones", "detenermensajes", "pararmensajes", "noquieromasmensajes", "noquierorecibirmasmensajes", "noenvienmasmensajes",
		"nomeenvienmasmensajes",
		"nomemandenmasmensajes", "dejendeenviarmemensajes", "dejendemandarmemensajes", "quitenmedelalista", "quitenmedesulista",
		"pararpromocoes", "naoqueromaismensagens", "naoqueromaisrecebermensagens", "naoquerorecebermaismensagens", "naoenviemmaismensagens",
		"naomeenviemmaismensagens",
		"naomemandemmaismensagens", "paremdemeenviarmensagens", "medescadastre", "descadastreme", "metiremdalista", "metiredalista",
		"meremovadalista",
		"sair", "descadastrar", "descadastro", "desinscrever", "cancelarinscricao", "cancelarassinatura", "pararmensagens", "naoenviarmais",
	)
	// carrierOptOut are orders to a carrier; where there is none they may be said to the bot.
	carrierOptOut = wordSet(
		"cancel", "end", "quit", "remove", "stopit",
		"alto", "parar", "pare", "cancelar", "detener", "salir", "fin", "basta",
		"remover", "encerrar",
	)
	optIn = wordSet(
		"start", "unstop", "yes", "subscribe", "optin", "resume",
		"alta", "altas", "iniciar", "suscribir", "suscribirme", "reanudar", "si",
		"inscrever", "cadastrar", "voltar", "retomar", "sim",
	)
)

func wordSet(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[w] = true
	}
	return m
}

// carrier is the channel under whose rules a channel stands: SMS or WhatsApp, whoever delivers it; empty for all others.
func carrier(c tania.Channel) tania.Channel {
	switch c {
	case tania.ChannelSMS, tania.ChannelTwilio:
		return tania.ChannelSMS
	case tania.ChannelWhatsApp, tania.ChannelTwilioWhatsApp:
		return tania.ChannelWhatsApp
	}
	return ""
}

// HearsConsent reports whether opt-out words count on a channel.
func (g *Governor) HearsConsent(c tania.Channel) bool {
	return carrier(c) != "" && slices.Contains(g.OptOut, carrier(c))
}

// Consent is what a customer's message says of being written to, where it says that and nothing else: on is the channel that it is said of.
func (g *Governor) Consent(ev *chatwoot.Event) (on tania.Channel, said tania.Consent, ok bool) {
	m := ev.Message
	if m == nil || ev.Kind != chatwoot.KindMessageCreated || m.Direction != chatwoot.Incoming || m.Private {
		return "", said, false
	}
	if !g.HearsConsent(ev.Conversation.Channel) || len(m.Attachments) > 0 || len(m.Content) > 64 {
		return "", said, false
	}
	on = carrier(ev.Conversation.Channel)
	word := order(m.Content)
	out := plainOptOut[word] || on == tania.ChannelSMS && carrierOptOut[word]
	said = tania.Consent{Out: out, Word: strings.TrimSpace(m.Content), Message: m.ID, At: m.Created}
	return on, said, out || optIn[word]
}

// beside are the words of politeness that may stand beside an order, and are no part of it.
var beside = wordSet("please", "pls", "plz", "por", "favor", "porfavor", "porfa", "gracias", "thanks", "thank", "you", "obrigado",
	"obrigada", "now", "ya", "ahora", "agora")

// order is what a text orders: its words without those of politeness, each once where the same is written over and over, run together.
func order(text string) string {
	if word := onlyLetters(text); plainOptOut[word] || carrierOptOut[word] || optIn[word] {
		return word
	}
	var said []string
	for _, w := range strings.Fields(text) {
		if w = onlyLetters(w); w != "" && !beside[w] && (len(said) == 0 || said[len(said)-1] != w) {
			said = append(said, w)
		}
	}
	return strings.Join(said, "")
}

// onlyLetters is a text folded, without all that is no letter.
func onlyLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, words.Fold(text))
}

// optOutWord refuses an opt-out word: it is obeyed, not answered.
func optOutWord(g *Governor, ev *chatwoot.Event) finding {
	if _, said, ok := g.Consent(ev); ok && said.Out {
		return refuse(fmt.Sprintf("%q is an order to send nothing more on this channel", said.Word))
	}
	return finding{}
}

// optedOut refuses all that a contact writes after an opt-out word, until an opt-in word.
func optedOut(g *Governor, v *view) finding {
	m, ok := v.newest()
	if !ok || !g.HearsConsent(m.Channel) {
		return finding{}
	}
	if c := v.Contact.Consent[carrier(m.Channel)]; c.Out {
		return refuse(fmt.Sprintf("the contact ordered with %q that nothing more is sent on this channel; START, ALTA or SIM ends that", c.Word))
	}
	return finding{}
}
