package days_test

import (
	"strings"
	"testing"
	"time"

	"tania/internal/language"
	"tania/internal/language/days"
	"tania/internal/tania"
)

const es, en, pt = tania.Spanish, tania.English, tania.Portuguese

// at is a time in Lima, where it is not always the same day as in UTC.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", s, lima)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func found(text string, o days.Options) string {
	var all []string
	for _, d := range days.Find(language.Read(text), o) {
		all = append(all, d.Format(time.DateOnly))
	}
	return strings.Join(all, " ")
}

// TestDaysAsCustomersWriteThem: 2026-11-29 is a Sunday.
func TestDaysAsCustomersWriteThem(t *testing.T) {
	now := at(t, "2026-11-29 22:30")
	for _, c := range []struct {
		lang tania.Language
		text string
		want string
	}{
		{es, "hoy", "2026-11-29"},
		{es, "para mañana por la mañana", "2026-11-30"},
		{es, "mañana", "2026-11-30"},
		{es, "manana a las 8", "2026-11-30"},
		{es, "por la mañana", ""},
		{es, "esta mañana", ""},
		{es, "pasado mañana", "2026-12-01"},
		{es, "ayer", "2026-11-28"},
		{es, "el viernes", "2026-12-04"},
		{es, "el próximo viernes", "2026-12-04"},
		{es, "el viernes que viene", "2026-12-04"},
		{es, "el domingo", "2026-12-06"},
		{es, "este domingo", "2026-11-29"},
		{es, "el lunes pasado", "2026-11-23"},
		{es, "el 3 de mayo", "2027-05-03"},
		{es, "tres de mayo de 2028", "2028-05-03"},
		{es, "el primero de diciembre", "2026-12-01"},
		{es, "29 de noviembre", "2026-11-29"},
		{es, "28 de noviembre", "2027-11-28"},
		{es, "29 de febrero", "2028-02-29"},
		{es, "31 de abril", ""},
		{es, "30/02/2027", ""},
		{es, "03/05", "2027-05-03"},
		{es, "3.5.27", "2027-05-03"},
		{es, "2026-12-31", "2026-12-31"},
		{es, "el día 15", "2026-12-15"},
		{es, "en 3 días", "2026-12-02"},
		{es, "dentro de dos semanas", "2026-12-13"},
		{es, "hace 3 días", "2026-11-26"},
		{es, "atienden 24/7?", ""},
		{es, "la segunda", ""},
		{es, "del viernes al domingo", "2026-12-04 2026-12-06"},
		{es, "mi pedido 1042", ""},
		{es, "dos cajas de 12.50", ""},
		{en, "tomorrow", "2026-11-30"},
		{en, "the day after tomorrow", "2026-12-01"},
		{en, "next tuesday", "2026-12-01"},
		{en, "on friday please", "2026-12-04"},
		{en, "May 3rd", "2027-05-03"},
		{en, "3rd of May, 2028", "2028-05-03"},
		{en, "may I come", ""},
		{en, "05/03", "2027-05-03"},
		{en, "25/12", "2026-12-25"},
		{en, "on the 3rd", "2026-12-03"},
		{en, "the 3rd item", "2026-12-03"},
		{en, "in a week", "2026-12-06"},
		{en, "2 days ago", "2026-11-27"},
		{en, "I sat down", "2026-12-05"},
		{pt, "amanhã de manhã", "2026-11-30"},
		{pt, "depois de amanhã", "2026-12-01"},
		{pt, "segunda-feira", "2026-11-30"},
		{pt, "na segunda", "2026-11-30"},
		{pt, "a segunda opção", ""},
		{pt, "sexta que vem", "2026-12-04"},
		{pt, "3 de maio", "2027-05-03"},
		{pt, "1º de março", "2027-03-01"},
		{pt, "daqui a 5 dias", "2026-12-04"},
		{pt, "anteontem", "2026-11-27"},
	} {
		if got := found(c.text, days.Options{Language: c.lang, Now: now}); got != c.want {
			t.Errorf("%s: %q is %q, not %q", c.lang, c.text, got, c.want)
		}
	}
}

// TestAYearEndsBetween the day of the question and the day that is meant, and the time zone says which day it is.
func TestAYearEndsBetween(t *testing.T) {
	for now, list := range map[string]map[string]string{
		"2026-12-31 23:59": {
			"mañana": "2027-01-01", "el viernes": "2027-01-01", "2 de enero": "2027-01-02", "31/12": "2026-12-31",
			"el día 31": "2026-12-31",
		},
		"2027-01-31 00:00": {"hoy": "2027-01-31", "el día 30": "2027-03-30", "el día 31": "2027-01-31", "en 30 días": "2027-03-02"},
		"2028-02-28 12:00": {"mañana": "2028-02-29", "29/02": "2028-02-29", "pasado mañana": "2028-03-01"},
	} {
		for text, want := range list {
			if got := found(text, days.Options{Language: es, Now: at(t, now)}); got != want {
				t.Errorf("at %s %q is %q, not %q", now, text, got, want)
			}
		}
	}
	late := at(t, "2026-11-29 22:30")
	if got := found("hoy", days.Options{Language: es, Now: late.UTC()}); got != "2026-11-30" {
		t.Errorf("in UTC it is %s", got)
	}
}

// TestNextIsOfNextWeek in English, where the coming one is "this" or none.
func TestNextIsOfNextWeek(t *testing.T) {
	wednesday := at(t, "2026-12-02 10:00")
	for text, want := range map[string]string{
		"friday": "2026-12-04", "this friday": "2026-12-04", "next friday": "2026-12-11", "next monday": "2026-12-07", "wednesday": "2026-12-09",
		"this wednesday": "2026-12-02", "last wednesday": "2026-11-25", "next sunday": "2026-12-13", "wed": "2026-12-09",
	} {
		if got := found(text, days.Options{Language: en, Now: wednesday}); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

// TestADayThatIsOver: where it is asked when something was.
func TestADayThatIsOver(t *testing.T) {
	for text, want := range map[string]string{
		"el viernes": "2026-11-27", "3 de mayo": "2026-05-03", "30/11": "2025-11-30", "el domingo": "2026-11-22", "el 15": "2026-11-15",
		"31": "2026-10-31",
	} {
		if got := found(text, days.Options{Language: es, Now: at(t, "2026-11-29 10:00"), Past: true, Asked: true}); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

// TestABareNumberIsADayWhereOneWasAskedFor, and nowhere else.
func TestABareNumberIsADayWhereOneWasAskedFor(t *testing.T) {
	now := at(t, "2026-11-29 10:00")
	for text, want := range map[string]string{
		"el 3": "2026-12-03", "3": "2026-12-03", "para el 3 por favor": "2026-12-03", "somos 3": "",
		"3/5": "2027-05-03",
	} {
		if got := found(text, days.Options{Language: es, Now: now, Asked: true}); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
		if got := found(text, days.Options{Language: es, Now: now}); got != "" {
			t.Errorf("%q is %q though nobody asked", text, got)
		}
	}
}

// TestTimesOfDay as customers write them; the business has them from noon to eleven.
func TestTimesOfDay(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a las 8", "20:00"},
		{"a las 8 de la mañana", "08:00"},
		{"a las ocho y media", "20:30"},
		{"a las nueve menos cuarto", "20:45"},
		{"20:30", "20:30"},
		{"às 20h30", "20:30"},
		{"às 20h", "20:00"},
		{"at 8pm", "20:00"},
		{"8:15 p.m. please", "20:15"},
		{"at noon", "12:00"},
		{"a medianoche", "00:00"},
		{"12 am", "00:00"},
		{"a las 14", "14:00"},
		{"8 da noite", "20:00"},
		{"mesa para 4", ""},
		{"el pedido 1042", ""},
		{"25:00", ""},
		{"el 03/05", ""},
	} {
		var got []string
		for _, c := range days.Times(language.Read(c.text), days.ClockOptions{From: 12 * 60, To: 23 * 60}) {
			got = append(got, c.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q is %q, not %q", c.text, got, c.want)
		}
	}
	if got := days.Times(language.Read("9"), days.ClockOptions{Asked: true, From: 12 * 60, To: 23 * 60}); len(got) != 1 ||
		got[0].String() != "21:00" {
		t.Errorf("9 is %v", got)
	}
	if c, ok := days.ParseClock("20:30"); !ok || c != 20*60+30 {
		t.Errorf("20:30 is %d", c)
	}
	for _, s := range []string{"24:00", "8", "8:5", "x:10", "08:60"} {
		if _, ok := days.ParseClock(s); ok {
			t.Errorf("%s is a time", s)
		}
	}
}
