package promise_test

import (
	"testing"

	"tania/internal/guard/promise"
)

// TestClaimsThatNothingBearsOut has sentences that a bot without tools must not say.
func TestClaimsThatNothingBearsOut(t *testing.T) {
	for _, said := range []string{
		"He cancelado tu pedido.", "Ya he cancelado su reserva, gracias.", "Tu pedido ha sido cancelado.", "Su cita queda anulada.",
		"¡Listo, pedido cancelado!",
		"Cancelé tu suscripción.", "Acabo de enviarte la factura por correo.", "Ya enviamos el repuesto a tu casa.",
		"Tu reserva está confirmada.", "Se ha registrado su queja.",
		"Te llamaremos en 24 horas.", "En 24 horas le llaman.", "Te aviso en cuanto llegue.", "Nos pondremos en contacto contigo mañana.",
		"Un agente te contactará hoy.",
		"Voy a cancelar tu pedido ahora mismo.", "Recibirás un correo con la confirmación.", "Ahora mismo lo cancelo.",
		"Su reembolso será procesado hoy.", "Hecho.",
		"I've cancelled your order.", "I have just booked your table.", "Your refund has been processed.", "We've sent you an email.",
		"I cancelled your subscription.",
		"We'll call you within 24 hours.", "I'll get back to you shortly.", "Our team will contact you tomorrow.",
		"You'll receive a confirmation email.", "Your order is now cancelled.",
		"I'm going to refund your payment.", "I went ahead and updated your address.", "All set!", "Booking confirmed!",
		"Let me cancel that for you.", "Someone will call you back soon.",
		"Cancelei o seu pedido.", "Já cancelei sua assinatura.", "Seu pedido foi cancelado.", "Acabei de enviar o boleto.",
		"Vou cancelar agora mesmo.",
		"Entraremos em contato em 24 horas.", "Te aviso assim que chegar.", "Você receberá um e-mail de confirmação.",
		"Sua reserva está confirmada.", "Nossa equipe vai ligar para você.",
	} {
		if list := promise.Unkept(said, promise.Given{Passages: []string{"Puede cancelar su pedido en las primeras 24 horas."}}); len(list) == 0 {
			t.Errorf("not seen: %s", said)
		}
	}
}

// TestWhatIsNoClaim has sentences that any bot may say.
func TestWhatIsNoClaim(t *testing.T) {
	for _, said := range []string{
		"Puedes cancelar tu pedido en las primeras 24 horas.", "¿Quieres que lo cancele?", "Si quieres, te comunico con una persona.",
		"Puedo ayudarte a cambiar tu reserva.",
		"No he cancelado nada todavía.", "Para cancelar, entra en tu cuenta.", "Te confirmo que abrimos los domingos.",
		"Si tu pedido ya ha sido enviado, no se puede cancelar.",
		"Te envío el enlace: https://shop.example/pago", "Una vez que haya pagado, podrá descargarlo.", "Aceptamos tarjeta y efectivo.",
		"Cerramos los domingos.",
		"Con gusto te ayudo.", "Te comunico con una persona del equipo.", "Las entradas no se devuelven ni se cambian.",
		"El cambio es gratis durante 30 días.",
		"You can cancel your order within 24 hours.", "Would you like me to cancel it?",
		"If you'd like, I can connect you with a person.", "I haven't cancelled anything.",
		"To cancel, open your account.", "Once your order has been shipped, it cannot be changed.", "We accept cards and cash.",
		"I'll be happy to help.",
		"I'm passing you to a person on our team.", "Please call us at 555 0142.", "Orders are shipped from our warehouse.",
		"Let me know if you need anything else.",
		"Você pode cancelar o pedido em 24 horas.", "Quer que eu cancele?", "Posso passar você para uma pessoa da equipe.",
		"Não cancelei nada.", "Aceitamos cartão e pix.",
		"Fico feliz em ajudar!", "Se o pedido já foi enviado, não é possível cancelar.", "Vou passar você para uma pessoa da equipe.",
	} {
		for _, c := range promise.Unkept(said, promise.Given{}) {
			t.Errorf("%s: %+v", said, c)
		}
	}
}
