package chatwootsim

// samplePortals is the help centre of the small shop, in three languages, so that each has its own categories and articles.
func samplePortals() []Portal {
	return []Portal{{
		Slug: "help", Name: "Example Store Help", Locales: []string{"en", "es", "pt_BR"}, Homepage: "https://shop.example.com",
		Categories: []Category{
			{Slug: "orders", Locale: "en", Name: "Orders"},
			{Slug: "payments", Locale: "en", Name: "Payments"},
			{Slug: "pedidos", Locale: "es", Name: "Pedidos"},
			{Slug: "pagos", Locale: "es", Name: "Pagos"},
			{Slug: "pedidos", Locale: "pt_BR", Name: "Pedidos"},
		},
		Articles: []Article{
			{
				Slug: "how-long-does-delivery-take", Locale: "en", Category: "orders", Title: "How long does delivery take?",
				Content: "Orders leave our warehouse **the next working day** and arrive within 3 to 5 days.\n\n- Express: 1 day\n- Islands: 8 days\n",
				Views:   40,
			},
			{
				Slug: "return-an-item", Locale: "en", Category: "orders", Title: "Return an item",
				Content: "You have 30 days. Write to us for a label, and send the item in its box.\n", Views: 25,
			},
			{
				Slug: "which-cards-do-you-take", Locale: "en", Category: "payments", Title: "Which cards do you take?",
				Content: "Visa, Mastercard and American Express. Payment in instalments is possible from $100.\n", Views: 60,
			},
			{Slug: "new-year-opening-hours", Locale: "en", Title: "New year's opening hours", Content: "Not decided yet.\n", Status: "draft"},
			{
				Slug: "cuanto-tarda-el-envio", Locale: "es", Category: "pedidos", Title: "¿Cuánto tarda el envío?",
				Content: "Los pedidos salen **al día hábil siguiente** y llegan en 3 a 5 días.\n\n- Exprés: 1 día\n- Islas: 8 días\n", Views: 30,
			},
			{
				Slug: "que-tarjetas-aceptan", Locale: "es", Category: "pagos", Title: "¿Qué tarjetas aceptan?",
				Content: "Visa, Mastercard y American Express. Hay meses sin intereses desde $2,000.\n", Views: 35,
			},
			{
				Slug: "quanto-demora-a-entrega", Locale: "pt_BR", Category: "pedidos", Title: "Quanto demora a entrega?",
				Content: "Os pedidos saem **no próximo dia útil** e chegam em 3 a 5 dias.\n", Views: 12,
			},
		},
	}}
}
