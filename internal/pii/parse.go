package pii

import (
	"fmt"
	"slices"
	"strings"
)

// groups are the names by which several kinds are meant, beside the kinds' own.
var groups = []struct {
	name  string
	kinds []Kind
}{
	{"cards", []Kind{Card}},
	{"accounts", []Kind{IBAN, Account}},
	{"ids", []Kind{CURP, RFC, CPF, CNPJ, DNI, NIE, CIF, SSN, TaxID}},
	{"emails", []Kind{Email}},
	{"phones", []Kind{Phone}},
	{"addresses", []Kind{Address}},
}

// Parse gives the kinds that names mean, each once; "all" are all of them. Names are those of kinds and of their groups.
func Parse(names []string) (kinds []Kind, err error) {
	for _, name := range names {
		meant := named(strings.ToLower(strings.TrimSpace(name)))
		if meant == nil {
			return nil, fmt.Errorf("pii: %q is no kind of personal data: want %s", name, strings.Join(Names(), ", "))
		}
		for _, k := range meant {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds, nil
}

func named(name string) []Kind {
	if name == "all" {
		return Kinds
	}
	for _, g := range groups {
		if g.name == name || g.name == name+"s" || g.name == name+"es" {
			return g.kinds
		}
	}
	if i := slices.Index(Kinds, Kind(name)); i >= 0 {
		return Kinds[i : i+1]
	}
	return nil
}

// Names are all, the groups, and the kinds that are in one with others.
func Names() []string {
	list := []string{"all"}
	for _, g := range groups {
		list = append(list, g.name)
	}
	for _, g := range groups {
		for _, k := range g.kinds {
			if len(g.kinds) > 1 {
				list = append(list, string(k))
			}
		}
	}
	return list
}
