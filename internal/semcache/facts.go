package semcache

import (
	"slices"
	"strings"

	"tania/internal/tania"
)

// facts are what must be the same in two questions for them to have one answer.
type facts struct {
	numbers, dates []string
	// sequence is both in the order of the text: "from 3 to 5" is not "from 5 to 3".
	sequence []string
	// negated says that the number of negations is odd; without is of "sin" and "except".
	negated, without bool
}

func factsOf(parts []string, lang tania.Language) (f facts) {
	pronoun := false
	for _, p := range parts {
		if isNumber(p) {
			f.numbers, f.sequence = append(f.numbers, p), append(f.sequence, p)
		}
		if d, ok := dates[p]; ok {
			f.dates, f.sequence = append(f.dates, d), append(f.sequence, d)
		}
		switch {
		case p == "no" && lang == tania.Portuguese: // em + o
		case negations[p]:
			f.negated = !f.negated
		case exclusions[p]:
			f.without = !f.without
		case negativePronouns[p]:
			pronoun = true
		}
	}
	// "No hay nada" is negated once.
	f.negated = f.negated || pronoun
	slices.Sort(f.numbers)
	slices.Sort(f.dates)
	f.numbers, f.dates = slices.Compact(f.numbers), slices.Compact(f.dates)
	return f
}

func isFact(p string) bool {
	_, date := dates[p]
	return date || negations[p] || exclusions[p] || isNumber(p) || len(opposites[p]) > 0
}

var (
	negations        = set(`no not nunca never jamas nao`)
	negativePronouns = set(`nada nadie ningun ninguno ninguna tampoco ni nothing nobody none neither nor nem nenhum nenhuma ninguem`)
	exclusions       = set(`sin without sem excepto salvo exceto except`)
)

// dates are days, months and times of the day, as one word for each in three languages.
var dates = func() map[string]string {
	m := map[string]string{}
	for _, list := range strings.Split(`lunes monday segunda-feira mon|martes tuesday terca tue|miercoles wednesday quarta wed|jueves thursday quinta thu|viernes friday sexta fri|
		sabado sabados saturday saturdays sat|domingo domingos sunday sundays sun|enero january janeiro jan|febrero february fevereiro feb|marzo march marco|abril april|
		mayo maio|junio june junho|julio july julho|agosto august|septiembre september setembro setiembre|octubre october outubro|noviembre november novembro|
		diciembre december dezembro|hoy today hoje tonight|manana tomorrow amanha|ayer yesterday ontem|am|pm|morning mornings madrugada|afternoon afternoons tarde tardes|
		night nights evening evenings noche noches noite noites|mediodia noon|week weeks semana semanas|weekend weekends finde|month mes|year ano|now ahora agora|
		next proximo proxima|last pasado pasada passado passada|navidad christmas natal|feriado feriados holiday holidays festivo festivos`, "|") {
		ws := strings.Fields(list)
		for _, w := range ws {
			m[w] = ws[0]
		}
	}
	return m
}()

// opposites of a word, and of its forms.
var opposites = func() map[string]map[string]bool {
	m := map[string]map[string]bool{}
	for pair := range strings.SplitSeq(oppositePairs, "|") {
		a, b, _ := strings.Cut(pair, "/")
		for _, x := range strings.Fields(a) {
			for _, y := range strings.Fields(b) {
				for _, p := range [][2]string{{x, y}, {y, x}} {
					if m[p[0]] == nil {
						m[p[0]] = map[string]bool{}
					}
					m[p[0]][p[1]] = true
				}
			}
		}
	}
	return m
}()

const oppositePairs = `abrir abro abre abren abrem abriendo apertura abierto abierta abiertos open opens opening opened/cerrar cierro cierra cierran cierre cerrado cerrada cerrados close
	closes closing closed fechar fecho fecha fecham fechado|subir subo sube up aumentar aumento aumenta increase raise upgrade sobe/bajar bajo baja down disminuir reducir reduce
	reduzco decrease lower downgrade diminuir baixar|agregar agrego agrega anadir anado add adds adicionar adiciono incluir incluye/eliminar elimino elimina borrar borro quitar
	quito remove delete remover remuevo remova excluir excluyo excluye|depositar deposito deposita deposit ingresar ingreso/retirar retiro retira withdraw withdrawal saque sacar saco|
	maximo maxima maximos max maximum/minimo minima minimos min minimum|comprar compro compra compran buy buying purchase/vender vendo vende venden venda vendas sell selling|
	mas more mais/menos less|alta/baja baixa|entrada entrar entro login entrance check-in/salida salir salgo logout exit saida sair|enviar envio envia send sending mandar mando/
	recibir recibo recibe receive receiving receber recebo|encender enciendo prender prendo ligar ligo ligue on/apagar apago apaga desligar desligo desligue off|
	antes before/despues after depois|enable enabling activate/disable disabling deactivate|bloquear block lock/desbloquear unblock unlock|aceptar acepto accept/rechazar rechazo
	reject decline recusar|primero primera first/ultimo ultima last|nuevo nueva new novo nova/usado usada viejo vieja old used velho|gratis free/pagado pagada paid pago|
	arriba above/abajo below|dentro inside/fuera outside fora|rapido rapida fast/lento lenta slow|barato barata cheap/caro cara expensive|grande big large/pequeno pequena chico
	small|crear creo create criar/eliminar borrar delete cerrar|internacional international/nacional national domestic|hombre hombres men man/mujer mujeres women woman|
	credito credit/debito debit|buy/return|largo larga long/corto corta short curto|caliente hot quente/frio fria cold|izquierda left esquerda/derecha right direita|
	import importar/export exportar|ida/vuelta volta|siempre always sempre/nunca never|start comenzar empezar iniciar/stop terminar finalizar parar|
	pausar pause/reanudar resume|adulto adultos adult adults/nino ninos child children kids|publico public/privado private|lleno full/vacio empty|dia day/noche night|
	mayor/menor|superior/inferior|push/pull|win won/lose lost|prestar lend/pedir borrow|conectar connect/desconectar disconnect|suscribir subscribe/desuscribir unsubscribe`
