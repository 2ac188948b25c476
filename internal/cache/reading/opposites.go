package reading

import (
	"strings"
)

// Pole is one side of a group of words that exclude each other.
type Pole struct {
	Group uint16
	Side  uint16 // one bit
}

// endings that a root takes in one of the three languages: "abr-o", "open-ing", "compr-ador".
var endings = WordSet(`o a e as es os an en am em ar er ir or ado ada ados adas ido ida idos idas ando iendo endo indo amos emos imos io iu ia ian ou ei eu aron ieron aram eram iram ara
	are aria ase aste iste s ed d ing ings ion ions cion ciones cao coes ura uras ador adora adores edor edora ers ment ments al ales yo ye yen yes yendo te ten ts ted ting to tos ta tas
	able ables arlo arla arlos arlas arme erlo erla irme erme irlo arse erse irse imento amiento amientos miento imiento u i ui uir uido uida arem amente aba aban ava avam ique iquen ance aje
	ue ues uen uem quei n ndo r re`)

// oppositeGroups are lines of sides that exclude each other; "*" stands for an ending, "_" for a space.
const oppositeGroups = `
abr* abiert* abert* apert* open* / cerr* cierr* cerrad* clos* fech* clausur*
activ* habilit* enabl* ativ* / desactiv* deshabilit* inhabilit* disabl* desativ* deactivat* desabilit* inactiv*
sub* aument* increas* upgrad* increment* rais* ampli* amplific* sobe sobem up / baj* dismin* reduc* reduzc* reduj* reduz* decreas* lower* downgrad* diminu* baix* down
agreg* anad* add adds added adding adicion* / elimin* borr* quit* delet* remov* remuev* suprim* retir* apag*
inclu* incluy* includ* incorpor* / exclu* excluy* exclud*
deposit* ingres* consign* recarg* / retir* withdraw* withdrew withdrawal withdrawals saqu* sac* egres*
maxim* max most / minim* min least
compr* buy* bought purchas* adquir* / vend* sell* sold / alquil* rent* arrend* arriend* alug* lease leasing / devol* devuelv* return* / prest* lend* lent emprest* / cambi* troc* exchang*
prest* lend* lent / borrow* / devol* devuelv* return*
mas more mais / menos less fewer
alta altas alto altos high higher / baja bajas bajo bajos low baixa baixo
entrada entradas entr* login ingres* entry entrance / salir salgo salida salidas sale_de saida sair egres* logout exit leave leaving
check_in checkin / check_out checkout
log_in logged_in sign_in login inici* / log_out logged_out sign_out logout cerr* cierr* encerr*
turn_on switch_on turned_on on / turn_off switch_off turned_off off
in / out
envi* mand* send* sent remit* remet* / recib* receiv* receb* recibim*
encend* enciend* prend* ligar ligo ligue liga / apag* deslig*
lock* block* bloqu* / unlock* unblock* desbloqu* liber*
acept* accept* aceit* aprob* aprueb* approv* aprov* / rechaz* reject* declin* recus* deneg* denied deny neg*
1th inicial / ultimo ultima ultimos ultimas last final
nuev* new nov* / usad* used viej* old velh* seminov*
gratis gratuit* free / pagad* pag* paid pay paying
arriba above encima / abajo below debajo
dentro inside interior / fuera outside fora exterior
rapid* fast quick / lent* slow
barat* cheap cheaper cheapest economic* / caro cara caros caras expensive
grand* big bigger large larger / mediano mediana medianos medianas medium / chic* pequen* small smaller
cre* creat* cri* / elimin* borr* delet* exclu* / edit* modific*
internaciona* internacionale* international internacionai* / naciona* national domestic nacionai* local locales
hombr* men man masculin* caballer* homem homens mens / mujer mujeres women woman femenin* dama damas mulher mulheres womens / nin* kids kid child children infanti* crianca criancas / adult*
credit* / debit*
larg* long longer / cort* short shorter curt*
calient* hot quent* / fri* cold
izquierd* left esquerd* / derech* right direit*
import* / export*
ida one_way / vuelta volta / ida_y_vuelta ida_e_volta round_trip redondo
siempre always sempre / nunca never jamas / a_veces sometimes as_vezes
comenz* comienz* empez* empiez* inici* start* begin* comec* / termin* finaliz* acab* end ends ended ending finish* vence vencen vencer vencimiento expir* stop*
paus* suspend* / reanud* resum* retom* reactiv*
public* / privad* private
llen* full chei* / vaci* empty vazi*
mayor mayores maior maiores greater / menor menores smaller
superior / inferior
better mejor mejores melhor / worse peor peores pior
win* won gan* / lose* lost pierd* perd*
conect* connect* / desconect* disconnect*
suscrib* subscri* subscrib* inscri* assin* / cancel* anul* desuscrib* unsubscrib*
renov* renew* / cancel* anul* elimin*
confirm* / cancel* anul*
upload* sub* carg* / download* descarg* baj* baix*
muestr* mostr* show* / ocult* escond* hid*
hir* contrat* / fir* despid* desped*
permit* allow* / prohib* forbid* forbidden proib* impid* imped*
adelant* anticip* adiant* advanc* / atras* posterg* pospon* aplaz* delay* postpon* adi*
join* unir unirme / leav* abandon*
ahorr* sav* poup* / gast* spend* spent
cobr* charg* / reembols* refund*
mayorista atacado wholesale por_mayor al_mayor / minorista varejo retail por_menor al_menor al_detal
fij* fix* / variable variables variavel
simple sencill* individual individuales single solteiro / doble dobles double duplo dupla matrimonial / triple triplo / familiar family
norte north / sur south sul
este_lado east oriente leste / oeste west
fisic* physical presencia* / virtual virtuales digital online linea remoto remote
original originales genuine / copia copias replica falso falsa fake
remitente sender / destinatario recipient
bruto gross / neto net liquido
todos todas all / algunos algunas some alguns algumas / ningun ninguno ninguna none nenhum
either / both ambos ambas
hasta until till ate up_to / desde since a_partir_de
ya already / todavia aun still yet ainda
temprano early cedo / tarde late
cerca near nearby perto / lejos far longe
over / under
mute / unmute
ganar / perder
visible / invisible
interno interna / externo externa
claro clara / oscuro oscura
dulce doce sweet / salado salgado salty
delgado fino thin / grueso grosso thick
fill / empty
ascend* / descend*
attach* / detach*
`

// poles of words and roots, and of phrases.
var poleWords, poleRoots = func() (words, roots map[string][]Pole) {
	words, roots = map[string][]Pole{}, map[string][]Pole{}
	eachPole(func(text string, p Pole) {
		if root, ok := strings.CutSuffix(text, "*"); ok {
			roots[root] = append(roots[root], p)
		} else if !strings.Contains(text, "_") {
			words[text] = append(words[text], p)
		}
	})
	return words, roots
}()

func polarPhrases() map[string]Pole {
	m := map[string]Pole{}
	eachPole(func(text string, p Pole) {
		if strings.Contains(text, "_") {
			m[strings.ReplaceAll(text, "_", " ")] = p
		}
	})
	return m
}

func eachPole(do func(text string, p Pole)) {
	for g, line := range strings.Split(strings.TrimSpace(oppositeGroups), "\n") {
		for s, side := range strings.Split(line, "/") {
			for _, text := range strings.Fields(side) {
				do(text, Pole{uint16(g), 1 << s}) //nolint:gosec // a table of this file
			}
		}
	}
}

// shortestRoot and longestRoot bound the roots of the table.
const shortestRoot, longestRoot = 2, 12

// polesOf gives the sides a word is on.
func polesOf(w string) []Pole {
	if p := poleWords[w]; p != nil {
		return p
	}
	for n := min(len(w), longestRoot); n >= shortestRoot; n-- {
		if p := poleRoots[w[:n]]; p != nil && (n == len(w) || endings[w[n:]]) {
			return p
		}
	}
	return nil
}
