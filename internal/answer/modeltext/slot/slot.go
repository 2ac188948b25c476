// Package slot knows the words for what a template leaves to be filled in.
package slot

import (
	"slices"
	"strings"
	"unicode"

	"tania/internal/words"
)

// What a blank asks for, in the three languages, folded; and what stands before it.
var (
	nouns = strings.Fields(`name nombre nome surname apellido sobrenome company empresa business negocio tienda store shop loja organization
		organizacion organizacao phone telephone telefono telefone number numero email mail correo address direccion endereco website url link
		enlace sitio time hora hour hours horas horario date fecha data day dia price precio preco amount monto importe valor cost costo product
		producto produto service servicio servico city ciudad cidade position title cargo puesto signature firma assinatura bot customer cliente
		client`)
	verbs       = strings.Fields(`insert inserta insertar inserte inserir insira fill add agregar placeholder`)
	determiners = strings.Fields(`your tu su seu sua the el la o a mi my meu minha customer customers client recipient`)
)

// Names reports whether words in brackets name what should stand there: "nombre de la empresa", "Your Name".
func Names(inside string) bool {
	named := strings.FieldsFunc(words.Fold(inside), func(r rune) bool { return !unicode.IsLetter(r) })
	for len(named) > 1 && slices.Contains(determiners, named[0]) {
		named = named[1:]
	}
	if len(named) == 0 || len(named) > 6 {
		return false
	}
	return slices.Contains(verbs, named[0]) || slices.Contains(nouns, named[0]) || slices.Contains(nouns, named[len(named)-1])
}
