package synonyms

import (
	"cmp"
	"slices"
	"strings"
)

// Replace puts one word in place of each group of words that means it, in folded text with a space at either end.
func Replace(folded string) string {
	return phrases.Replace(phrases.Replace(folded)) // twice, since neighbours share a space
}

var phrases = strings.NewReplacer(pairs(PhraseWords)...)

// PhraseWords are groups of words, each list behind the words that they mean; several lists may mean the same.
var PhraseWords = [][2]string{
	{"gratis", `sin costo;sin cargo;sin cobro;free of charge;at no cost;sem custo;de graca`},
	{"cuanto precio", `cuanto cuesta;cuanto cuestan;cuanto sale;cuanto salen;cuanto es;cuanto vale;cuanto valen;
		cuanto cobran;que precio;how much is;how much are;how much does;how much do;how much;quanto custa;quanto custam;
		quanto e;quanto sai;quanto fica;quanto cobram;que valor`},
	{"plazo", `cuanto tiempo;cuanto tarda;cuanto tardan;cuanto se tarda;cuanto demora;cuanto demoran;cuantos dias;
		en cuanto tiempo;how long;how many days;quanto tempo;quantos dias;fecha limite;deadline;when will`},
	{"horario", `a que hora;que horas;que hora;que dias;what time;what days;que horas sao;a que horas;cuando abren`},
	{"reembolso", `devuelven el dinero;devuelven mi dinero;devolucion del dinero;devolucion de dinero;regresan mi dinero;
		regresan el dinero;regresan mi plata;money back;dinheiro de volta;devolvem o dinheiro`},
	{"internacional", `fuera del pais;otro pais;otros paises;fora do pais;outro pais;outros paises;other countries;
		another country;outside the country`},
	{"cuotas", `meses sin intereses;sem juros;a meses;monthly payments`},
	{"fin_de_semana", `fin de semana;fines de semana;fim de semana;fins de semana`},
	{"pago", `medios de pago;formas de pago;forma de pago;metodos de pago;metodo de pago;payment methods;payment method;
		formas de pagamento;forma de pagamento;meios de pagamento`},
	{"correo", `correo electronico;e mail`},
	{"factura", `nota fiscal`},
	{"usado", `segunda mano;second hand;segunda mao`},
	{"cuenta_", `mi cuenta;una cuenta;tu cuenta;la cuenta;my account;an account;minha conta;uma conta;your account`},
	{"donde location", `donde estan;donde esta la tienda;donde esta el local;donde esta la sucursal;donde esta el negocio;
		donde esta el taller;donde esta el consultorio;donde esta la clinica;donde esta la oficina;donde esta el restaurante;
		donde esta el hotel;donde esta el gimnasio;donde esta la escuela;donde esta la sala;donde esta el salon;
		donde esta la bodega;donde se encuentran;donde se ubican;onde e;donde queda;donde quedan;where are you;where is your;
		where is the store;onde fica;onde ficam;onde voces ficam;onde estao;como llego;como llegar`},
	{"roto", `en mal estado;came damaged;com defeito`},
	{"seguimiento", `donde esta mi;donde anda mi;where is my;cade meu;cade o meu;onde esta meu;onde esta o meu`},
	{"devolver", `send back;mandar de volta;enviar de vuelta`},
	{"retirar", `pick up;pickup;pasar a buscar;retirada;retirar;retiro;recoger;recojo`},
	{"reloj", `que hora es;what time is it`},
	// What people say of the matters that every business has.
	{"estacionamiento", `dejar el carro;dejar el coche;dejar el auto;dejar mi carro;dejar mi coche;dejar mi auto;
		dejo el carro;dejo el coche;dejo el auto;me puedo estacionar;donde me estaciono;donde estacionarme;leave my car;
		leave the car;park my car;park the car;deixar o carro;deixo o carro;onde estacionar`},
	{"cuotas", `a plazos;en abonos;en pagos;en pagos chiquitos;a pagos;en pagos pequenos;de a poco;de a poquito;poco a poco;
		ir pagando;voy pagando;ir abonando;en partes;por partes;a credito;interest free;pay monthly;payment plan;
		pay over time;pay in parts;split the payment;monthly installments;em vezes;dividir o pagamento;pagar aos poucos`},
	{"pago tarjeta", `amex;american express;visa o mastercard;visa;mastercard;apple pay;google pay;aceptan tarjeta;
		aceptan tarjetas;con tarjeta;agarran tarjeta;reciben tarjeta;take cards;take card;take credit cards;accept cards;
		accept credit cards;pay by card;pay with card;pay with a card;aceita cartao;aceitam cartao;aceitam cartoes;
		pagar com cartao;passam cartao`},
	{"pago transferencia", `pix;spei;oxxo;paypal;mercado pago;venmo;zelle;bizum;yape;nequi;wire transfer;bank transfer`},
	{"cita", `sin cita;sin cita previa;walk in;walk ins;just show up;show up;drop in;sin avisar;llego asi;llegar asi;
		caer asi;sin reservar;without an appointment;apartar lugar;apartar hora;marcar hora;marcar horario;sem hora marcada;
		sem marcar;por orden de llegada;first come first served`},
	{"horario", `hasta que hora;hasta q hora;a que hora cierran;till when;until when;are you open;you open;estan abiertos;
		esta abierto;que dias abren;que dias trabajan;que dias atienden;ate que horas;estao abertos;esta aberto`},
	{"donde location", `donde andan;donde los encuentro;la ubi;su ubi;en que calle;en que parte;em que rua;get there;
		find you;where are u;como se llega;por donde estan;por donde quedan;en donde estan;en donde quedan;onde fica a loja;
		onde voces estao`},
	{"devolver cambio", `no me quedo;no le quedo;no me queda;no me gusto;no le gusto;nao serviu;nao gostei;doesn t fit;
		didn t fit;don t like it;didn t like it;doesnt fit;didnt fit`},
	{"domicilio visita", `vienen a mi casa;vienen a la casa;vienen a casa;vienen ustedes;vienen ustedes a la casa;
		vienen hasta aca;van a la casa;van a mi casa;house calls;house call;come to my house;come to my place;
		come to my home;home visit;home visits;home service;vem em casa;vem ate aqui;atendem em casa;vao em casa`},
	{"envio domicilio", `me lo llevan;me la llevan;me los llevan;me lo traen;me la traen;me lo mandan;me la mandan;
		llevarmelo a mi casa;llevarmela a mi casa;llevan a la casa;hasta mi casa;bring it to my house;home delivery;
		entregam em casa;levam em casa`},
	{"plazo", `para cuando;cuando llega;cuando me llega;cuando estaria;when will it;when does it;quando chega;
		quando fica pronto;en cuanto esta;en cuanto estan;que tanto tarda;que tanto tiempo;cuanto se tardarian;how soon;
		how fast`},
	{"frecuencia", `cada cuanto;cada cuando;cada cuanto tiempo;que tan seguido;how often;how frequently;com que frequencia;
		a cada quanto tempo;de quanto em quanto tempo`},
	{"cancelar baja", `darme de baja;doy de baja;dar de baja;darse de baja;me salgo;ya no quiero seguir;ya no voy a seguir;
		opt out`},
	{"reprogramar", `para otro dia;pa otro dia;otra fecha;otro horario;cambiar la fecha;mover la cita;mover mi cita;
		cambiar mi cita;cambiar la cita;another day;different day;another date;change my appointment;move my appointment;
		outro dia;outra data;mudar a data;mudar o horario`},
	{"empleo", `ocupan gente;job openings;job opening;any openings;buscan gente;buscan personal;necesitan gente;work for you;
		work with you;open positions;trabalhar com voces;trabajar con ustedes;estao contratando`},
	{"descuento", `hacen precio;precio especial;mas barato;mas economico;me dejan en menos;special price;any deals;
		better price;mais barato;preco especial`},
	{"roto", `llego golpeado;llego roto;vino roto;no sirve;no funciona;no prende;no enciende;dejo de funcionar;
		ya no funciona;doesn t work;not working;stopped working;doesnt work;nao funciona;parou de funcionar;nao liga`},
	{"festivo", `navidad;noche buena;nochebuena;ano nuevo;semana santa;viernes santo;jueves santo;dia de muertos;christmas;
		christmas eve;new year;new years;new year s;easter;thanksgiving;natal;carnaval;pascoa;ano novo;sexta feira santa;
		feriados;24 de diciembre;25 de diciembre;31 de diciembre;1 de enero;6 de enero;1 de mayo;15 de agosto;
		16 de septiembre;12 de octubre;1 de noviembre;2 de noviembre;25 de dezembro;1 de janeiro;7 de setembro;december 24;
		december 25;january 1;july 4;4th of july`},
	{"prueba", `clase muestra;free trial;try it out;try it first;aula experimental;de prueba`},
	{"seguimiento", `wheres my;donde viene mi;por donde viene;en donde viene mi;por donde va mi;onde anda meu;
		status of my order`},
	{"retirar", `pick it up;pick them up;pick her up;pick him up;pasar yo;paso yo;pasar por el;pasar por la;pasar a recoger;
		paso por el;paso por la;ir por el;ir por la;buscar eu mesmo`},
	{"cuanto precio", `en cuanto sale;en cuanto anda;en cuanto andan;en cuanto el;en cuanto la;en cuanto los;en cuanto las;
		a como;a cuanto;cuanto me sale;cuanto me cobran;cuanto por;cuanto x;cuanto seria;cuanto la;cuanto el;cuanto un;
		cuanto una;cuanto los;cuanto las;what do you charge;what do u charge;do you charge;qto custa;qto e;qto fica;qto sai;
		quanto que custa;quanto voces cobram;quanto vcs cobram;quanto cobra;qual o valor;qual o preco`},
	{"", `una consulta;tengo una consulta;hacer una consulta;una pregunta;una duda;yo trabajo;trabajo hasta;i work;
		eu trabalho`},
	{"telefono", `phone number;numero de telefono;numero de telefone`},
}

// pairs makes a Replacer's arguments, longer phrases first, since the Replacer takes the first that fits.
func pairs(table [][2]string) []string {
	type pair struct{ phrase, words string }
	var all []pair
	for _, row := range table {
		words := row[0]
		for phrase := range strings.SplitSeq(row[1], ";") {
			all = append(all, pair{strings.Join(strings.Fields(phrase), " "), words})
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(len(b.phrase), len(a.phrase)), cmp.Compare(a.phrase, b.phrase))
	})
	var list []string
	for _, p := range all {
		list = append(list, " "+p.phrase+" ", " "+p.words+" ")
	}
	return list
}
