package shareable

import (
	"tania/internal/cache/reading"
)

var (
	joins = reading.WordSet(`y and or pero but entonces then so entao tambien also tampoco osea aunque`)
	// reactions, picks and dangling words have no meaning of their own: a message of them alone takes up what was said.
	dangling = reading.WordSet(`cuesta cuestan vale valen sale salen cost costs demora tarda dura funciona sirve incluye custa custam inclui works work price precio preco valor
		explica explicas explique explain repite repetir repeat dices dijiste said more menos menos less ok okay bueno dale cuanto much many long
		claro listo perfecto yes yeah yep sure sim nao no not entiendo understand entendi entiende gracias thanks obrigado obrigada hoy hora entendo thank you great cool nice genial excelente buenisimo
		barbaro joya fine good right correct correcto correto exacto exactly isso legal beleza blz certo combinado acuerdo ese esa otro otra conviene convem recomiendas recomiendan recomienda recomendas recomenda
		recomendam recommend prefer prefiero prefiro quero quiero want take tomo elijo escolho llevo levo seria sera would bom bien bem bon sounds mais costaria saldria custaria quedaria valdria creo acho penso supongo guess think maybe quizas talvez later despues luego depois never mind asi assim verdad poco pouco bit conta cada significa
		economico economica entendido ta see show mandar enviar ver manda envia gusta gustaron gosto gostei quedo fico vou voy querer still yet dije dijo antes total prueba prova foto fotos picture pictures photo photos imagen imagenes
		detalles details link enlace diferencia diferencias diferenca diferencas difference differences medidas sizes tallas tamanhos please favor porfa porfavor porfis reembolsable refundable disponible available disponivel incluido incluida included
		mean refieres referis refiere referias intente tried tente probe ya already problema paso aconteceu happened interesa interessa interesting depende puede pode can same mismo mesmo igual`)
	picks = reading.WordSet(`azul rojo roja verde negro negra blanco blanca amarillo amarilla gris rosa morado naranja celeste marron beige dorado plateado violeta rojos negros blancos azules
		red blue green black white yellow grey gray pink purple orange brown silver gold vermelho vermelha preto preta branco branca amarelo cinza roxo laranja marrom pretos brancos
		grande chico chica pequeno pequena mediano mediana medio media largo corto chicos grandes large small medium big little tiny xl xxl xs s m l medio doble double single simple triple duplo dupla
		barato barata baratos baratas caro cara cheap cheaper cheapest expensive mejor peor better best worst melhor pior mayor menor maior mejores
		primero primera segundo segunda tercero tercera cuarto quinto ultimo ultima primer tercer first second third last primeiro primeira terceiro ultimas anterior siguiente next previous proximo proxima
		ambos ambas both either neither ninguno ninguna none todos todas all todo toda nada algo cualquiera any qualquer
		lunes martes miercoles jueves viernes sabado sabados domingo domingos monday tuesday wednesday thursday friday saturday sunday saturdays sundays weekend weekends weekdays segunda terca quarta quinta sexta feira
		manana tarde noche noches tomorrow tonight evening morning afternoon amanha manha noite mediodia hoy today ayer
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
		efectivo contado cuotas parcelado
		mensual anual monthly yearly annual basico basica basic premium gold pro familiar
		talla talle tamano tamanho size numero color colores cor cores colour colors colours opcion option options opcao opciones modelo model
		persona personas people person pessoas pessoa adultos ninos kids adults dias day days noites nights hora horas am pm hs horas minutos veces vez par pares unidad unidades
		izquierda derecha left right arriba abajo medio esquerda direita solo solamente only just somente apenas mas more menos aprox unos unas uno dos tres
		nuevo nueva nuevos new novo nova usado otra otro other another outro outra diferente different`)
	// attributes are asked of a thing: another colour, another size.
	attributes = reading.WordSet(`color colores talla talle tallas tamano modelo modelos opcion opciones horario hora fecha dia turno marca precio plan planes alternativa size color colour colours colors model option options
		date time day way brand price cor cores tamanho opcao opcoes data marca preco plano forma manera tipo`)
	// pointing words stand for something said.
	pointing = reading.WordSet(`eso esto aquello ese esa esos esas este estos aquel aquella aquellos aquellas it that this those these one ones isso isto esse essa esses essas aquele aquela aqueles aquelas
		otro otra otros otras other another outro outra outros outras mismo misma mismos mismas anterior previous same they them their theirs its he she him her his ellos ellas ella ele ela eles elas
		disso nisso desse dessa nesse nessa deles delas dele dela neste deste desta nesta ahi alli alla mesmo mesma`)
	// options are ways to pay and the like, picked by name: "con tarjeta".
	options = reading.WordSet(`transferencia tarjeta credito debito cash card credit debit pix boleto dinheiro cartao vista`)
	anyhow  = book(`what about|how about|que tal|e se|me lo|te lo|se lo|lo mismo|me la|se la|te la|me los|me las|se los|se las|o mesmo|which one|which ones|cual de|qual dos|qual das|qual deles|
		which of them|which of these|which of those|which of the|a que te refieres|a que te referis|do you mean|did you mean|you said|you told|you mentioned|dijiste|me dijiste|dijeron antes|como dijiste|no entendi|nao entendi|no entiendo|no te entiendo|nao entendo|
		i already tried that|i already did|ya lo|ya la|ya intente|ya probe|ja tentei|no funciono|asi es|de eso|as above|mentioned|anterior|no me sirve|nao serve|no me convence|el que dijiste|los dos|las dos|os dois|both of|the other|el otro|la otra|
		o outro|a outra|cual me|cual te|cual recomiendas|cual recomiendan|cual recomienda|cual conviene|cual es mejor|cual seria|qual voce|qual compensa|qual melhor|qual e melhor|which is|which do you|which would|
		que mas|algo mas|mais alguma|otra cosa|why is that|how so|como asi|como assim|eso es todo|me gusta el|me gusta la|me quedo|me quedaria|i will take|vou querer|vou levar|fico com|prefiero|prefiro|elijo|podrias repetir|podes repetir|en serio|de verdad|seguro que`)
	determiners = reading.WordSet(`a an the my your our any some un una unos unas el la los las al del mi mis su sus tu um uma o os as do da dos das no na meu minha seu sua nosso nossa algun alguna algum alguma cada every each another otra otro outro todos todas`)
	others      = reading.WordSet(`otro otra otros otras other another outro outra outros outras`)
	definiteArt = reading.WordSet(`el la los las the os as`)
	article     = reading.WordSet(`el la los las the o a os as`)
	// supposed are what an "it" that stands for nothing is.
	supposed = reading.WordSet(`possible ok okay necessary true safe legal raining snowing going supposed suppose cold hot warm sunny cloudy windy below above rain snow hail freezing chilly humid foggy dark nice weather late
		free allowed mandatory required compulsory normal illegal advisable hard easy difficult`)
	weathery = reading.WordSet(`like outside weather rain snow hail temperature degrees forecast fahrenheit celsius storm sunny cloudy warm cold hot today tomorrow weekend raining snowing humid windy`)
	here     = reading.WordSet(`card account tarjeta cuenta cartao conta area country pais app application bank company service store shop website site page aplicacion banco empresa servicio tienda pagina servico loja aplicativo bot
		numero number chat canal medio whatsapp program programa place lugar phone telefono city ciudad cidade world mundo life vida academia gimnasio gym clinica clinic hotel restaurant restaurante hospital escuela escola`)
	dated        = reading.WordSet(`lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday otono invierno verano spring winter autumn fall room house casa dispositivo space`)
	timely       = reading.WordSet(`mes ano semana fin month year week weekend evening morning afternoon moment momento tarde noche noite tipo sentido caso kind summer verano semestre time vez`)
	lastingAfter = reading.WordSet(`que mas mejor mismo de antes del siguiente antes`)
	haveVerbs    = reading.WordSet(`tienen tienes tiene venden vendes hacen haces puedo puedes puede pueden envian envias mandan quiero necesito dan das compro pago aceptan manejan traen ofrecen consigo consiguen encuentro puedes podria
		podrian hay llevo pido devuelvo cambio cambian muestran recomiendan veo uso reservo entregan arreglan cobran hago`)
	// objects before a verb, in Spanish, are pronouns when a pronoun or negation precedes them.
	clitics = reading.WordSet(`me te se nos no ya tambien siempre`)
	charla  = reading.WordSet(`charla charlas escarla`)
	// after "that" these begin a clause; "that" itself then points at nothing.
	clauses = reading.WordSet(`i you we the my your is are can will was has have do does a an our does not would should could`)
	askThat = reading.WordSet(`is are was were does do did of like for about in with on how much`)
	preps   = reading.WordSet(`para por en con a de sin desde hasta entre in on at for with from by until to em sem ate pelo pela pelos pelas ao aos via without pra num numa como than que than`)
	asks    = reading.WordSet(`que cual cuales cuanto cuanta cuantos cuantas quien quienes donde cuando como what which who whom whose how when where why qual quais quanto quanta quantos quantas quem onde quando porque cade adonde`)
	// subjectless verbs of the third person ask something of a thing; when no thing is named, one was spoken of before.
	subjectless = reading.WordSet(`es sera seria son esta estan viene vienen trae traen incluye incluyen funciona funcionan sirve sirven cubre cubren cuesta cuestan vale valen sale salen dura duran tarda tardan demora demoran pesa mide
		tiene requiere acepta permite consume soporta caduca vence aplica fica custa custam vem vence inclui serve funciona cobre dura pesa aceita e sao esta estao era fue queda quedan llega llegan resiste rinde`)
	// takers are those with an object, which is not their subject.
	takers = reading.WordSet(`viene vienen trae traen incluye incluyen cubre cubren tiene requiere acepta permite consume soporta inclui cobre vem aceita pesa mide sirve sirven`)
	// yourself are what a business or a bot is asked of itself.
	yourself    = reading.WordSet(`abiertos abierto abiertas ubicados ubicado ubicadas ustedes usted atendiendo cerrados cerrado contratando confiables localizados abertos aberto voces voce aberta`)
	impersonals = book(`es posible|es necesario|es obligatorio|es seguro|es cierto|es verdad|es mejor|es facil|es dificil|es gratis|es legal|es normal|es recomendable|e possivel|e necessario|e preciso|e obrigatorio|e seguro|e verdade|
		e permitido|e melhor|e gratis|es obligacion|es valido|es importante|es que|e que|es hora`)
	finite = reading.WordSet(`puedo puede pueden puedes podemos podria podrian podes hay tienen tiene tienes tenes es son esta estan estas estoy soy eres fue hago hace hacen haces quiero quisiera queria necesito debo necesita
		tengo tenemos is are am was were be do does did can could will would should may might have has had need want get know posso pode podem preciso quero tem tenho faz fazem fazer faco sao sou foi estou estao e
		dan da doy voy va van se help use work works make makes take takes cost costs let say show give tell find set turn play add call send start stop go`)
	// topics are what a business is asked about by a word alone. Options one picks, as a way to pay, are not among them.
	topics = reading.WordSet(`envios shipping precios precio prices pricing price preco precos planes plans planos horario horarios hours pagos payments pagamentos devoluciones returns cambios sucursales sucursal tiendas stores lojas menu
		contacto contact contato ubicacion location direccion address endereco promociones promos ofertas deals descuentos discounts descontos cursos courses garantia garantias warranty guarantee requisitos requirements
		ayuda help ajuda reembolso reembolsos refund refunds loyalty rewards seguro insurance frete entrega entregas prazo beneficios benefits costos costes fees taxes impuestos comisiones cuotas reglas rules regras terminos
		terms faq empleo trabajo jobs careers vagas telefono phone telefone email correo cupones coupons cancelacion politica politicas policy policies privacidad privacy servicios services servicos catalogo
		catalog catalogue productos products produtos inscripciones matricula edital isencao cache contrapartidas distributor franchise membership subscription account deposit
		formas medios metodos forma medio metodo tipos lista methods list costo custo opening return
		weather clima temperatura tempo exchange whatsapp cadastro registro login senha contrasena password contraentrega emi cod instagram facebook sitio website web app covid alergenos wifi estacionamiento parking`)
	untopical = reading.WordSet(`opcion opciones option options opcao opcoes cancion verdad atencion confirmacion confirmation attention question questions pregunta cantidad mitad unidad unidades habitacion habitaciones
		momento moment versao version transferencia diferencia diferencias difference differences ciudad cidade edad idade posibilidad possibility felicitaciones situacion correccion moments instance calidad
		documento perdon permission direccion conclusion explicacion explanation presentation quantidade metade pensamento numeracion graduacion apartment apartamento`)
)
