package choice

import "strings"

// kind is what a word is for in a reply; the zero value is for words that say nothing here.
type kind struct {
	// place counts from 1.
	place                       int
	last, loose, all, none, yes bool
}

var kinds = listed(map[string]kind{
	`primero primera primer primeiro primeira first`:            {place: 1},
	`segundo segunda second dos two dois duas`:                  {place: 2},
	`tercero tercera tercer terceiro terceira third tres three`: {place: 3},
	`cuarto cuarta quarto quarta fourth cuatro quatro four`:     {place: 4},
	`ultimo ultima last`:                          {last: true},
	`uno una un one um uma`:                       {loose: true},
	`ambos ambas todos todas both all ambos tudo`: {all: true},
	`ninguno ninguna ningun nada none neither nothing nenhum nenhuma no nope nao`:                                                 {none: true},
	`si sip claro eso esa ese asi yes yeah yep sure sim isso essa esse exacto exactamente exactly exato correct correcto correto`: {yes: true},
	// What stands beside a choice: articles, courtesy, what a choice is called, what choosing is called.
	`el la lo los las le al del de en a y e o que es por para con se su mi me te tu esos estas esas estos este esta aquel sobre acerca
	the of to in is it and or this that these those i my me you your about with for on its
	o a os as do da dos das no na e ou que um por para com se meu minha ao
	favor porfa porfavor porfis gracias please thanks thank obrigado obrigada hola hi hello oi ok okay oki va vale bueno bien pues mejor
	opcion opciones option options opcao opcoes numero num nro number pregunta question pergunta
	quiero queria quisiera quero prefiero refiero referia refería seria sería would like want mean meant refiro digo dije elijo escojo escolho
	choose pick dame dime diga deme saber know`: {},
})

func listed(lists map[string]kind) map[string]kind {
	all := map[string]kind{}
	for list, k := range lists {
		for w := range strings.FieldsSeq(list) {
			if k != (kind{}) || all[w] == (kind{}) {
				all[w] = k
			}
		}
	}
	return all
}
