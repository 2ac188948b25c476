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

// PhraseWords are the groups of words by the word that they mean.
var PhraseWords = map[string]string{
	"gratis": "sin costo;sin cargo;sin cobro;free of charge;at no cost;sem custo;de graca",
	"cuanto precio": `cuanto cuesta;cuanto cuestan;cuanto sale;cuanto salen;cuanto es;cuanto vale;cuanto valen;cuanto cobran;que precio;how much is;how much are;
		how much does;how much do;how much;quanto custa;quanto custam;quanto e;quanto sai;quanto fica;quanto cobram;que valor`,
	"plazo": `cuanto tiempo;cuanto tarda;cuanto tardan;cuanto se tarda;cuanto demora;cuanto demoran;cuantos dias;en cuanto tiempo;how long;how many days;quanto tempo;quantos dias;
		fecha limite;deadline;when will`,
	"horario":       `a que hora;que horas;que hora;que dias;what time;what days;que horas sao;a que horas;cuando abren`,
	"reembolso":     `devuelven el dinero;devuelven mi dinero;devolucion del dinero;devolucion de dinero;regresan mi dinero;regresan el dinero;regresan mi plata;money back;dinheiro de volta;devolvem o dinheiro`,
	"internacional": `fuera del pais;otro pais;otros paises;fora do pais;outro pais;outros paises;other countries;another country;outside the country`,
	"cuotas":        `meses sin intereses;sem juros;a meses;monthly payments`,
	"fin_de_semana": `fin de semana;fines de semana;fim de semana;fins de semana`,
	"pago":          `medios de pago;formas de pago;forma de pago;metodos de pago;metodo de pago;payment methods;payment method;formas de pagamento;forma de pagamento;meios de pagamento`,
	"correo":        `correo electronico;e mail`,
	"factura":       `nota fiscal`,
	"usado":         `segunda mano;second hand;segunda mao`,
	"cuenta_":       `mi cuenta;una cuenta;tu cuenta;la cuenta;my account;an account;minha conta;uma conta;your account`,
	"donde location": `donde estan;donde esta la tienda;donde esta el local;donde esta la sucursal;donde esta el negocio;donde esta el taller;
		donde esta el consultorio;donde esta la clinica;donde esta la oficina;donde esta el restaurante;donde esta el hotel;
		donde esta el gimnasio;
		donde esta la escuela;donde esta la sala;donde esta el salon;donde esta la bodega;donde se encuentran;donde se ubican;
		onde e;donde queda;donde quedan;where are you;where is your;where is the store;
		onde fica;onde ficam;onde voces ficam;onde estao;como llego;como llegar`,
	"roto":        `en mal estado;came damaged;com defeito`,
	"seguimiento": `donde esta mi;donde anda mi;where is my;cade meu;cade o meu;onde esta meu;onde esta o meu`,
	"devolver":    `send back;mandar de volta;enviar de vuelta`,
	"retirar":     `pick up;pickup;pasar a buscar;retirada;retirar;retiro;recoger;recojo`,
	"telefono":    `phone number;numero de telefono;numero de telefone`,
}

// pairs makes a Replacer's arguments, longer phrases first, since the Replacer takes the first that fits.
func pairs(table map[string]string) []string {
	type pair struct{ phrase, words string }
	var all []pair
	for words, list := range table {
		for _, phrase := range strings.Split(list, ";") {
			all = append(all, pair{strings.TrimSpace(phrase), words})
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
