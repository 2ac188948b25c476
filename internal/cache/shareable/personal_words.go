package shareable

import (
	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
)

var (
	own  = reading.WordSet(`mi mis mio mia mios mias my mine meu minha meus minhas nuestro nuestra nuestros nuestras our ours nosso nossa nossos nossas`)
	mine = reading.WordSet(`mio mia mios mias mine ours`)
	// records are what a business keeps of one customer alone: what is asked of them has another answer for each.
	records = reading.WordSet(`pedido pedidos orden ordenes order orders saldo saldos balance balances cita citas appointment appointments paquete paquetes package packages parcel parcels encomienda encomenda pacote pacotes
		reembolso reembolsos refund refunds factura facturas fatura faturas invoice invoices bill bills boleto boletos boleta boletas envio envios delivery deliveries shipment entrega entregas reserva reservas booking bookings reservation reservations
		pago pagos payment payments pagamento pagamentos contrato contrata contract guia tracking ticket tickets caso case compra compras purchase purchases puntos points pontos deuda deudas debt divida dividas
		transaccion transaction transactions transacao transferencia transfer transfers estado statement extrato turno turnos siniestro claim claims vuelo flight voo cargo charge charges
		historial history consumo salario salary millas miles milhas consulta consultas exame exames resultado resultados results result examen examenes tramite tramites reclamo reclamos reclamacion reclamacao solicitud solicitacao
		application solicitudes asiento seat assento nota notas grades beca bolsa scholarship inscripcion matricula itinerary devolucion return cashback recompensa rewards cuota cuotas
		parcela parcelas limite limit mensualidad comprobante comprovante protocolo chamado queja complaint repuesto credencial diploma certificado premio
		prestamo loan emprestimo credito deposito deposit nomina aguinaldo pasaje passagem boarding equipaje luggage maleta bagagem suitcase inversion investment diagnostico receta prescription`)
	// holdings are kept of a customer too, but much is asked of them that is the same for all.
	holdings = reading.WordSet(`plan plano cuenta account conta dinero money dinheiro suscripcion subscription assinatura poliza policy apolice tarjeta card cartao membresia membership servicio service servico linea line linha
		perfil profile internet datos data dados seguro insurance clase class producto product produto remesa salud`)
	// checks ask to look something up.
	checks = reading.WordSet(`estado status revisa revise revisar check checking checked ver verifica verificar consultar see look track tracking rastrear seguimiento queda quedan left remaining available disponible
		disponivel restante vence vencimiento due expires expire expira arrive arrived arriving arrives llega llego llegar llegado llegara chega chegou delivered received recibido processed procesado
		aprobado aprobada approved aprovado confirmed confirmado confirmada listo lista ready shipped enviado enviada atrasado delayed late activa activo active ativa ativo bloqueada bloqueado blocked pendiente pending
		suspendida suspendido activada activado termina ends end vencio venceu acaba`)
	// values are asked for: what, where, when, how much something of one's own is.
	values  = reading.WordSet(`donde cuando cuanto cuanta cuantos cuantas cual cuales que where when what which who whose quien quem cade onde quando quanto quanta quantos quantas qual quais much many hora`)
	askers  = reading.WordSet(`donde cuando cuanto cuanta cuantos cuantas cual cuales que where when what which who is are has have did does was were will cade onde quando quanto quanta quantos quantas qual quais esta estan ya hora ja hasnt`)
	copulas = reading.WordSet(`is are was were es esta estan son era sera seran fue sao foi va vai llega llego llegara chega fica tiene hay much many hora long will does did has have do e estao anda vence vencen sale salio sai saiu
		chegou termina acaba vem viene llegan salen queda quedan sigue siguen continua`)
	did = reading.WordSet(`llego llega llegara llegan llegaron cobro cobra cobran aparece aparecio sale salio dijo dijeron falta faltan hicieron dieron debitaron queda quedan vence vencio toca corresponde corresponden
		deben debe debo chega chegou chegaram cobrou cobram cobraram falta vence depositan deposita acreditan pagan aprueban aprobaran entregan entregaran devuelven atiende llamaron mandaron enviaron descontaron resta sobra
		charged charge sent billed told owe owed paid bought ordered received delivered gave promised overcharged`)
	// irregular past tenses, and what of one's own case is told with them.
	went = reading.WordSet(`bought paid sent got made ordered received spent lent took gave went did had was saw came withdrew been wrote called`)
	// mishaps befall anybody, and are told to ask what to do then.
	mishaps = reading.WordSet(`olvide perdi perdimos robaron forgot lost stolen forgotten broke locked esqueci esquecemos roubaram quebrou rompio rompi misplaced`)
	needful = reading.WordSet(`need needed wanted tried interested supposed allowed required used indeed speed feed`)
	// firsts are first persons of the past in Spanish and Portuguese, whose accent may be left out.
	firsts = reading.WordSet(`pague paguei compre comprei pedi recebi recibi ordene fui hice fiz contrate contratei solicite solicitei realice realizei cancele cancelei deposite depositei transferi envie enviei reserve reservei agende agendei
		hicimos fizemos pagamos compramos mande mandei devolvi recarregue recarregue recargue inicie tuve tive gaste gastei perdi pague abri cambie cambiei inscribi inscrevi`)
	// bidding are commands when they have no accent.
	bidding   = reading.WordSet(`reserve cancele envie solicite mande deposite agende cambie inicie transferi realice`)
	notFirsts = reading.WordSet(`aqui ahi alli asi cafe tambien que porque sera esta bebe comite jose mi si ti de se te me sali cuando vaya manana ola pele hasta atraves voce cade pe ate alli ali sofa mama papa ademas colibri
		chalet bisturi carne pure tupi y nei lei rei sei serei hei ei dele`)
	// aspects say that something has happened or is awaited.
	aspects = book(`todavia no|aun no|ainda nao|hasta ahora no|ate agora|has not|have not|still not|not yet|i am waiting|estoy esperando|estou esperando|still waiting|sigo esperando|sigo sin|ainda estou|continuo sem|never arrived|never came|never got|
		nunca llego|nunca recibi|no llego|no aparece|nao chegou|nao caiu|nao recebi|nao apareceu|not arrived|not received|not shipped|not showing|not show`)
	// claims are phrases of one's own case.
	claims = book(`cuanto debo|do i owe|i owe|quanto devo|quanto eu devo|tengo contratado|tengo contratada|tengo activo|tengo activa|tenho contratado|was i|did i|have i|i was charged|i have been|i got charged|i was|
		my last|mi ultimo|mi ultima|minha ultima|meu ultimo|my latest|my recent|charged me|you charged|charge me|charged twice|cobrado duas|cobraram duas|cobraron dos|me toca|me corresponde|
		estoy en mora|falta pagar|falta para eu|soy elegible|sou elegivel|soy apto|sou apto|califico para|saldo de mi|saldo da minha|do i qualify|voy atrasado|a mi nombre|em meu nome|in my name|lo que pedi|o que pedi|do i currently|my current|mi actual|i am due|am i due`)
	ours     = reading.WordSet(`my the our me us mi mis el la los las meu minha o a os as lo le`)
	acted    = reading.WordSet(`get receive ship send charge process cancel deliver refund find check change apply approve update take debit bill`)
	weDid    = lazyregexp.New(`^(?:recib|envi|mand|proces|acredit|aprob|despach|cobr|confirm|cancel|deposit|factur|solucion|resolv|revis|public|sub)(?:ieron|aron)$|^(?:receb|envi|mand|process|aprov|despach|cobr|confirm|cancel|deposit|resolv)(?:eram|aram)$`)
	mayBe    = reading.WordSet(`allowed able supposed required obliged eligible entitled permitted`)
	stateOf  = reading.WordSet(`estado status situacion situacao andamento estatus avance seguimiento rastreo rastreio`)
	embedded = reading.WordSet(`saber ver decir decirme dizer tell know see check wonder wondering verificar confirmar confirmarme fijarte consultar revisar dime avisar avisarme conferir confirm informar informarme sure find out dicen dices`)
	remedies = book(`que hago|que puedo hacer|que debo hacer|que tengo que hacer|que se hace|que hacer|que podemos hacer|what should i|what do i do|what can i do|what to do|what happens|what if|que pasa|que sucede|que ocurre|o que faco|o que fazer|
		o que posso|o que devo|o que acontece|como faco|que procede|que pasaria|puede ser|pode ser o|podria ser|could be|might be|could it be|can i still|adonde llamo|a donde llamo|donde llamo|a quien llamo|donde reporto|donde denuncio|
		who do i|who should i|where do i|pasos|steps|que opciones|what are my options|could that be|why could|por que pode|por que puede|por que podria|o que pode`)
	lasting    = reading.WordSet(`que para hasta derecho opcion opciones posibilidad forma manera to if acceso need access the right permiso`)
	statesSelf = reading.WordSet(`interesado interesada embarazada casado casada cansado cansada aburrido aburrida enamorado enamorada buscando pensando tratando intentando interessado interessada gravida querendo tentando procurando planeando enojado
		preocupado preocupada perdido perdida contento desesperado animado segura seguro`)
)
