// Package synonyms has the words of customer service that mean the same, in Spanish, English and Portuguese.
package synonyms

import "strings"

// Concepts gives words of customer service that mean the same one name, across languages. Only true synonyms belong here:
// "cambio" is not "devolución". Names begin with "=" so that no word is one.
var Concepts = nameConcepts(ConceptWords)

// ConceptWords are the words of each concept.
//
//nolint:gosec // words, among them "password"; no credential
var ConceptWords = map[string]string{
	"=price": `precio precios costo costos coste costes cuesta cuestan costar costaria cuestas vale valen valor valores cobran cobra cobrar
		cobro tarifa tarifas gastos price prices pricing cost costs charge charges fee fees expensive preco precos custo custa custam cobram
		cobra taxa taxas`,
	"=duration": `tarda tardan tardar tardara tardaria demora demoran demorar demorara dura duran durar plazo plazos tiempo tiempos
		demoram leva levam levar prazo prazos tempo`,
	"=shipping": `envio envios enviar envian envia envias enviarme enviamos despacho despachos despachan flete fletes mandan mandar entrega
	entregas
		entregan entregar reparto repartos shipping ship ships shipped shipment delivery deliver delivers delivered deliveries enviam enviamos
		frete fretes entregam`,
	"=return": `devolver devolucion devoluciones devuelvo devuelve devuelven devolverlo regresar regreso regresarlo return returns returning
		returned devolucao devolucoes devolvo devolve devolvem`,
	"=refund": `reembolso reembolsos reembolsar reembolsan reintegro reintegros refund refunds refunded estorno estornos estornar
	reembolsam`,
	"=exchange": `cambio cambios cambiar cambiarlo cambiarla cambian exchange exchanges swap troca trocas trocar trocam`,
	"=pay": `pago pagos pagar pagas paga pagan pague pagarlo abonar abono pay pays payment payments paying paid pagamento pagamentos
		pagam`,
	"=card":        `tarjeta tarjetas card cards cartao cartoes`,
	"=cash":        `efectivo cash`,
	"=transfer":    `transferencia transferencias transferir transfer transfers`,
	"=installment": `cuota cuotas mensualidad mensualidades installment installments parcela parcelas parcelar parcelado parcelam`,
	"=schedule": `horario horarios hora horas abren abre abrir abierto abierta abiertos cierran cierra cerrar cerrado atienden atiende
	atencion
		hours open opens opening close closes closing closed schedule abrem fecham aberto aberta fechado funcionamento atendimento atendem`,
	"=location": `ubicacion ubicados ubicado ubicada ubican direccion located location address directions
		localizacao localizados localizada endereco ficam fica`,
	"=store":    `tienda tiendas local locales sucursal sucursales store stores shop shops branch branches loja lojas`,
	"=invoice":  `factura facturas facturar facturacion facturan cfdi invoice invoices invoicing fatura faturas`,
	"=warranty": `garantia garantias guarantee guarantees warranty warranties`,
	"=order":    `pedido pedidos orden ordenes order orders ordered encomenda encomendas`,
	"=cancel": `cancelar cancelo cancelacion cancelaciones cancela cancelan anular anulo cancel cancels cancelling cancellation
	canceled cancelamento`,
	"=discount": `descuento descuentos promocion promociones promo oferta ofertas rebaja rebajas discount discounts promotion
	promotions coupon cupon cupones desconto descontos promocao promocoes cupom cupons`,
	"=free":     `gratis gratuito gratuita gratuitos gratuitas free gratuitamente`,
	"=buy":      `comprar compro compra compre purchase buy bought comprei compras`,
	"=size":     `talla tallas talle talles tamano tamanos size sizes sizing tamanho tamanhos`,
	"=password": `contrasena contrasenas clave password passwords senha senhas`,
	"=track":    `rastrear rastreo rastreas seguimiento tracking track rastreamento rastreio acompanhar acompanho`,
	"=phone":    `telefono telefonos phone telephone telefone telefones`,
	"=email":    `correo email emails mail`,
	"=appointment": `cita citas reserva reservas reservar turno turnos appointment appointments booking bookings book reservation
	reservations agendar agendamento`,
	"=stock": `disponible disponibles disponibilidad stock available availability estoque disponivel disponiveis disponibilidade`,
	"=damaged": `roto rota rotos defectuoso defectuosa danado danada fallado falla broken damaged defective faulty quebrado quebrada
	defeito danificado danificada`,
	"=international": `internacional internacionales internacionalmente extranjero exterior abroad international internationally overseas
	internacionais`,
	"=minimum":   `minimo minima minimum`,
	"=account":   `account accounts`,
	"=country":   `pais paises country countries`,
	"=points":    `puntos points pontos`,
	"=gift":      `regalo regalos gift gifts presente presentes`,
	"=monday":    `lunes monday mondays`,
	"=tuesday":   `martes tuesday tuesdays`,
	"=wednesday": `miercoles wednesday wednesdays`,
	"=thursday":  `jueves thursday thursdays`,
	"=friday":    `viernes friday fridays`,
	"=saturday":  `sabado sabados saturday saturdays`,
	"=sunday":    `domingo domingos sunday sundays`,
	"=holiday":   `feriado feriados festivo festivos holiday holidays`,
	"=weekend":   `weekend weekends`,
	"=parking":   `estacionamiento parqueadero aparcamiento parking estacionamento`,
	"=job":       `trabajo empleo vacante vacantes job jobs vacancy vacancies hiring vaga vagas emprego`,
	"=rent": `rentar renta rentas rentan rento alquilar alquiler alquileres alquilan alquila rent rents rental rentals renting hire hires
		alugar aluguel aluga alugam aluguer`,
	"=repair": `reparar reparan repara reparacion reparaciones reparada reparado arreglar arreglan arregla arreglo arreglos arreglaron repair
		repairs repairing repaired fix fixes fixing fixed consertar conserto conserta consertam reparo reparos`,
	"=wash":      `lavar lavan lava lavado lavados lavada wash washes washing washed lavagem lavam`,
	"=lesson":    `clase clases curso cursos lesson lessons class classes course courses aula aulas`,
	"=child":     `nino nina ninos ninas kid kids child children crianca criancas`,
	"=used":      `usado usada usados usadas seminuevo seminueva used secondhand seminovo seminova`,
	"=wholesale": `mayoreo mayorista mayoristas wholesale atacado`,
}

func nameConcepts(table map[string]string) map[string]string {
	m := map[string]string{"weekend": "=weekend", "weekends": "=weekend", "cuenta_": "=account"}
	for name, words := range table {
		for _, w := range strings.Fields(words) {
			m[w] = name
		}
	}
	return m
}
