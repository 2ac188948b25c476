package same

import (
	"tania/internal/cache/reading"
)

// confusables are words that look like another's misspelling but are words of their own.
var confusables = reading.WordSet(
	`carta cuarta carro caro cargo carga cama cana casa caja cara copa ropa color calor comprar comparar compra compara contratar contactar
	contrato contacto contacta contratacion
	pedido perdido pedir perder pago plago pagar pegar gato gasto gatos gastos banco blanco precio preciso previo premio cobro cobre cobrar
	cubrir moto monto motor motos montos
	sueldo suelo salon salmon pais paris pases paises visa vista fecha flecha costo corto cuento cuenta cuentos cuentas plan plano planta
	plata planes planos visita vista pesa pasa peso paso piso
	libro libre libra litro trato rato plato plazo pasta pata pasto pato tinta tienda tenda clave clavel manual anual mensual personal
	persona masa mesa misa mesas masas papel pastel
	casero cajero cajera carrera cartera cantera correa correo corredor comedor vino vivo vuelo suelo velo pollo polvo leche lecho noche
	coche cocha coches noches tarta tarea carne carnet
	curso cursa recurso concurso seguro segura receta rectas recta reserva reversa hora horas ahora oro toro cerdo cedro pera perra perro
	pero perros peros barra barca barco marco marca manga
	mancha marcha margen imagen linea lima limas lista listo pista pasto puesto puerto puerta puertas puestos muestra nuestra maestra cuota
	cuotas gota bota bolsa bola bolsas boda moda toda
	mochila cochina cocina cortina cabina cabeza cerveza corona corna falda falta faltas faldas espada espalda pintura cintura lectura
	factura fractura facturacion fracturacion conversion conversacion
	inversion version diversion envase enlace envio venia avion camion cancion sesion presion prision prision revision division decision
	television camisa comisa comision mision camisas comisiones
	caza casar cazar cocer coser votar botar sobre sabre tabla diario diaria salario solario horario osario usuario vestuario seguir seguro
	pintar probar robar rodar rogar roto rato reto resto
	hotel motel chile china chino chica cuba curva copia copa tropa arena harina marina hombre hombro nombre nombres hambre sombra compra
	compras hijo hilo higo
	masaje mensaje mensajes masajes paisaje pasaje pasajes garaje salsa sala sal saldo salto alto falso fondo fonda ronda sonda boleta
	boleto bolet maleta muleta`,
	`contact contract contacts contracts country county message massage messages massages shipping shopping shipped shopped price prize
	pride prince prices prizes cart chart card cards carts charts
	form from farm forms farms firm plane plan plans planes plant plants sale scale sales scales store storey story stores stories dessert
	desert rental dental cancel cancer recipe receipt recipes
	receipts password passport passwords passports trial trail trials trails diary dairy quite quiet casual causal angel angle united
	untied board broad broads beard bread break brake brakes breaks
	billing filling filing selling spelling room broom rooms mail main male email detail retail details mode model models modes brand band
	brands bands blank bank banks blanks black back block lock
	clock clocks coach couch coaches couches course coarse source sources courses courts court count counts account desk disk deck ticket
	thicket bill bull ball pill fill file film files films
	house horse houses horses mouse month mouth months mouths money monkey honey phone phones phoning weather whether feather leather
	heater heather water waiter waiters later latter letter
	letters ladder better butter batter bitter charger changer charge change charged changed charges changes quote quota quotes quotas tax
	taxi taxis rate rates rare state estate stage stages
	menu menus table tables tablet tablets cable cables patent patient patients parent parents present presents prevent resent recent rent
	refund refunds refuse return returns retune train
	trains rain training raining trust thrust service services device devices advice advise visa vise personal personnel principal
	principle stationary stationery complement compliment staff stuff
	loan loans lean load loads road roads broad cost coast costs coasts coat coats boat boats boot boots book books cook cooks hook hooks
	look looks lock locks cloth clothes clothing closing
	dress address dresses addresses battery batter pottery lottery carry curry sorry story worry policy police polices policies offer
	officer office offices offers officers official media medium medal
	metal mental rental dental pool tool tools pools poll polls toll lunch launch lunches bunch bench beach beaches peach peaches breach
	reach teach signal single update upgrade deposit deposits
	dispute disputes insure ensure unsure assure insurance assurance affect effect accept except expect aspect inspect respect exchange`,
	`conta conto contas contos carta cartao cartaz cartas preco prego preso prazo prata prato pratos prazos conserto concerto comprimento
	cumprimento descricao discricao trafego trafico
	loja laje roupa rota carro caro cargo carga carta frete frente fretes frentes senha sonho senhas vinho vizinho linha minha cozinha
	galinha farinha tarifa tarefa tarefas tarifas
	troco troca trocar tocar toca pagar pegar pago perdido pedido pedidos perdidos posto porto porta pasta ponta ponto pontos portos aula
	alua moto motor modo moda`)
