package pii

import "strings"

// cue is what the words around a number say that it is.
type cue uint8

// The cues. other is whatever a business keeps under a number, or counts.
const (
	none cue = iota
	cueCard
	cuePhone
	cueAccount
	cueSocial
	cueDNI
	cueTax
	cueCPF
	cueCNPJ
	cueCURP
	cueRFC
	other
)

// cueWords are words of the three languages, without accents.
var cueWords = func() map[string]cue {
	all := map[string]cue{}
	for c, list := range map[cue]string{
		cueCard: `tarjeta tarjetas card cards cartao cartoes visa mastercard amex american express credito debito credit debit maestro
			plastico diners discover elo hipercard pan`,
		cuePhone: `telefono telefonos tel telf tlf tlfn tfno tfn fono fonos celular celulares cel movil moviles mobile phone phones telephone
			cell cellphone whatsapp whats wsp wsap wasap wpp wa zap zapzap llamar llama llamame llamen llamenme llameme llamarme llamenos
			llamada marcar marcarme marcame marqueme marquenme call calling ring text sms texting ligar liga ligue liguem ligarem telefone
			telefones telemovel telemoveis tele fixo fijo landline contactar contactarme contactame contactenme contacto contactar
			contact reach reached escribeme escribirme escribame escribanme chamar chama chame contato contactem comunicarse comunicarme
			comunicate mandame mensaje dial fax telegram signal`,
		cueAccount: `iban cuenta cuentas conta contas account accounts clabe cbu cvu ccc interbancaria bancaria bancario transferencia bank
			banco bancaria transfer deposito deposit`,
		cueSocial: `ssn social nss nuss imss`,
		cueDNI:    `dni nie nif documento document identidad identificacion identity identidade carnet`,
		cueTax:    `cuit cuil cif vat tva iva rut nit contribuinte contribuintes contribuyente fiscal tributaria tributario taxpayer ruc`,
		cueCPF:    `cpf`,
		cueCNPJ:   `cnpj`,
		cueCURP:   `curp`,
		cueRFC:    `rfc`,
		other: `pedido pedidos orden ordenes order orders ordem ordens encomenda encomendas compra compras purchase ticket tickets caso casos
			case chamado protocolo folio folios factura facturas fatura faturas invoice invoices recibo receipt boleto boletos guia guias
			tracking track rastreo rastreio rastrear seguimiento envio envios shipment shipping paquete paquetes package parcel pacote
			reserva reservas booking reservation referencia referencias reference ref sku serie serial series imei isbn ean upc barras
			barcode lote lot batch modelo model modelos producto productos product products produto produtos articulo articulos item
			items codigo codigos code codes pin otp clave version versao build release revision transaccion transacciones transaction
			transacao transacoes operacion operacao autorizacion autorizacao authorization nsu cupon cupones cupom coupon voucher vale
			poliza policy apolice contrato contract expediente incidencia coordenadas coordinates coords latitud longitud latitude
			longitude lat lon lng precio price preco total monto importe amount valor cantidad quantity quantidade puntos points pontos
			cliente customer usuario user username asociado socio suscripcion subscription assinatura matricula placa patente vin chasis
			chassis commit hash checksum firmware medidor contador meter parte part repuesto peca numero_de_serie nota entrega
			delivery despacho id remision albaran presupuesto quote cotizacion orcamento solicitud request solicitacao
			expedicion localizador radicado tramite turno cita bulto bultos remito comprobante movimiento consecutivo control cupo rastreamento
			remessa comanda pagamento pago payment cobranca chave consignment waybill awb po rma claim job asset device dispositivo mac uuid
			ean13 gtin nsu carga load remesa traspaso operacao solicitud peticion inscripcion inscricao matricula registro record cuota socio
			membership member membresia fidelidad loyalty puntos apartado lista list numeroserie router modem sim iccid imsi linea
			nf nfe sn poblacion populacao population habitantes boarding vuelo flight voo asiento
			pnr isrc issn postal cep zip ip puerto port error erro timestamp`,
	} {
		for _, w := range strings.Fields(list) {
			all[w] = c
		}
	}
	return all
}()

// connectors stand between a word and its number and say nothing. A verb says that the number is what its sentence is about.
var (
	connectors = wordSet(`n no nr nro num number numero numeros n^ id del de da do das dos of el la lo los las o the with digits
		digitos mi mis my meu minha su sus your seu sua tu tus nuestro our nosso actual nuevo nueva new novo nova current anterior
		viejo at en em in on si as sigue termina personal principal siguiente correcto correcta completo completa full valid y e
		and whatsapp_number seguro nacional national fisica moral titular mio mia hoy today eu yo i this este esta numbers aqui ahi
		here abajo mine tambien tambem also is`)
	verbs = wordSet(`es is era was son are foi sao ser e sera seria aparece empieza termina begins starts called llama queda pone dice says`)
)

// listing are the words between two numbers of which the same is said, owners those by which one is the customer's.
var (
	listing = wordSet(`y o u e ou and or`)
	owners  = wordSet(`mi my meu su your seu`)
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// around is what the words around a number say.
type around struct {
	// near is the cue before it, with nothing but connectors and punctuation between; verb reports whether a verb is among them.
	near cue
	verb bool
	// aside reports whether a comma stands before the verb: "el teléfono de quien recoge el paquete, es".
	aside bool
	// number and mine report whether it is called a number, and the customer's: "mi número es".
	number, mine bool
	// far are the cues of its sentence, clause those that no comma keeps from it.
	far, clause map[cue]bool
	// behind is the cue after it: "… is my card number".
	behind cue
}

// farthest is how many words back, or forth, a cue is looked for.
const farthest = 14

// around reads the words before and after a window.
func (t *reading) around(w window) around {
	a := around{far: map[cue]bool{}, clause: map[cue]bool{}}
	direct, listed, clause, at := true, true, true, w.from
	for i, n := w.first-1, 0; i >= 0 && n < farthest; i, n = i-1, n+1 {
		atom := t.atoms[i]
		if t.endsSentence(atom.to, at) {
			break
		}
		if t.taken[atom.from] {
			if listed && (at < w.from || strings.Contains(t.low[atom.to:at], ",")) { // "mi móvil es 612… o 698…"
				at, n = atom.from, n-1
				continue
			}
			break // what stands before it is about another number
		}
		if direct && a.verb && strings.Contains(t.low[atom.to:at], ",") {
			a.aside = true
		}
		clause = clause && (n == 0 || !strings.Contains(t.low[atom.to:at], ","))
		at = atom.from
		word := t.low[atom.from:atom.to]
		c := t.cueAt(i)
		listed = listed && listing[word]
		switch {
		case atom.figures && direct && n > 0: // another number has what stands before it
			direct = false
		case c != none && direct && !(connectors[word] && c == other):
			a.near, direct = c, false
		case c == none && direct:
			a.verb, a.mine = a.verb || verbs[word], a.mine || owners[word]
			a.number = a.number || strings.HasPrefix(word, "num")
			direct = connectors[word] || verbs[word]
		}
		if c != none {
			a.far[c] = true
			a.clause[c] = a.clause[c] || clause
		}
	}
	a.behind = t.behind(w)
	return a
}

// cueAt is the cue that an atom is.
func (t *reading) cueAt(i int) cue {
	word := t.low[t.atoms[i].from:t.atoms[i].to]
	if word == "fiscal" && i > 0 && t.low[t.atoms[i-1].from:t.atoms[i-1].to] == "nota" { // Brazil's invoice
		return other
	}
	return cueWords[word]
}

// behind is the cue that follows a number: "4111… es el número de mi tarjeta", "612345678 (móvil)".
func (t *reading) behind(w window) cue {
	at, verb := w.to, false
	for i, n := w.last+1, 0; i < len(t.atoms) && n < 7; i, n = i+1, n+1 {
		atom := t.atoms[i]
		between := t.low[at:atom.from]
		if t.endsSentence(at, atom.from) || atom.figures {
			return none
		}
		at = atom.to
		word := t.low[atom.from:atom.to]
		if c := cueWords[word]; c != none && (verb || strings.ContainsAny(between, "(") || n == 0 && strings.Contains(between, ",")) {
			return c
		}
		verb = verb || verbs[word]
		if !connectors[word] && !verbs[word] && cueWords[word] == none {
			return none
		}
		if n > 0 && !verb {
			return none
		}
	}
	return none
}

// endsSentence reports whether a sentence ends between two places.
func (t *reading) endsSentence(from, to int) bool {
	between := t.low[from:to]
	if strings.ContainsAny(between, "?!;") || strings.Count(between, "\n") > 1 {
		return true
	}
	at := strings.IndexByte(between, '.')
	if at < 0 || at+1 >= len(between) || between[at+1] != ' ' && between[at+1] != '\n' {
		return false
	}
	word := lastWord(t.low[:from])
	return len(word) > 1 && !abbreviations[word]
}

// abbreviations are the words that have a point behind them within a sentence: "tel. 612…", "No. 5".
var abbreviations = wordSet(`tel telf tlf tlfn tfno tfn fono cel mov no nro num nr ext int ref av avda ave dr dra sr sra srta mr
		mrs ms st col cp exp
	cad val doc ident id fact ped ord art pag prof lic ing depto dpto apto esq urb edif ed`)

// says reports whether the words say that a number is of a kind: right before it, behind it, or in its sentence and nothing else is nearer.
func (a around) says(c cue) bool {
	switch {
	case a.near == c, a.behind == c:
		return true
	case a.near == none:
		return a.far[c]
	}
	return a.verb && (a.clause[c] || a.aside && a.far[c])
}

// called reports whether the words call a number the customer's telephone: "mi número es" and nothing else.
func (a around) called() bool {
	if a.says(cuePhone) {
		return a.names() == cuePhone || !a.denies()
	}
	return a.names() == none && a.number && a.mine && a.verb
}

// denies reports whether the words say that a number is something else than personal data.
func (a around) denies() bool {
	if a.behind != none {
		return a.behind == other
	}
	return a.near == other
}

// names is the kind that the words give a number by its own name, none where they give none.
func (a around) names() cue {
	if a.behind != none {
		return a.behind
	}
	return a.near
}

// counted reports whether a window is money, a measure or a share.
func (t *reading) counted(w window) bool {
	before := strings.TrimRight(t.low[max(0, w.from-6):w.from], " ")
	if strings.HasSuffix(before, "$") || money[lastWord(before)] {
		return true
	}
	after := strings.TrimLeft(t.low[w.to:min(len(t.low), w.to+14)], " ")
	return strings.HasPrefix(after, "$") || strings.HasPrefix(after, "%") || strings.HasPrefix(after, "^") || money[firstWord(after)] ||
		units[firstWord(after)]
}

var (
	money = wordSet(`eur euro euros usd dolares dolar dollars dollar peso pesos mxn cop ars clp brl gbp libras pounds real reais rs soles`)
	units = wordSet(`kg kgs km kms cm mm m metros meters grs gr gramos ml l litros lts gb mb tb mah v w kw kwh hz mhz ghz px puntos points
		pontos habitantes inhabitants people pessoas seguidores followers visitas views
		unidades units pcs piezas millas miles dias days horas hours minutos min segundos ms personas veces`)
)

func lastWord(s string) string {
	at := len(s)
	for at > 0 && isAlnum(s[at-1]) {
		at--
	}
	return s[at:]
}

func firstWord(s string) string {
	at := 0
	for at < len(s) && isAlnum(s[at]) {
		at++
	}
	return s[:at]
}
