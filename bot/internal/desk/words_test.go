package desk

import (
	"reflect"
	"strings"
	"testing"
)

func TestWordsAreFilledInBothLanguages(t *testing.T) {
	compareWords(t, reflect.ValueOf(In("ko")), reflect.ValueOf(In("en")))
}

func compareWords(t *testing.T, ko, en reflect.Value) {
	t.Helper()
	for i := range ko.NumField() {
		name := ko.Type().Field(i).Name
		switch ko.Field(i).Kind() {
		case reflect.Struct:
			compareWords(t, ko.Field(i), en.Field(i))
		case reflect.Map:
			comparePhrases(t, name, ko.Field(i).Interface().(map[string]string), en.Field(i).Interface().(map[string]string))
		default:
			comparePhrase(t, name, ko.Field(i).String(), en.Field(i).String())
		}
	}
}

func comparePhrases(t *testing.T, name string, ko, en map[string]string) {
	t.Helper()
	if len(ko) != len(en) {
		t.Errorf("%s: %d phrases in Korean, %d in English", name, len(ko), len(en))
	}
	for key := range ko {
		comparePhrase(t, name+"["+key+"]", ko[key], en[key])
	}
}

// comparePhrase wants both filled, each in its own language, with room for the same values.
func comparePhrase(t *testing.T, name, ko, en string) {
	t.Helper()
	if strings.TrimSpace(ko) == "" || strings.TrimSpace(en) == "" {
		t.Errorf("%s: Korean %q, English %q: both must be filled", name, ko, en)
	}
	if !strings.ContainsFunc(ko, func(r rune) bool { return r >= '가' && r <= '힣' }) && strings.Trim(ko, "{}%") != "" {
		t.Errorf("%s: %q is not Korean", name, ko)
	}
	if strings.ContainsFunc(en, func(r rune) bool { return r >= '가' && r <= '힣' }) {
		t.Errorf("%s: %q is not English", name, en)
	}
	if a, b := strings.Count(ko, "{}"), strings.Count(en, "{}"); a != b {
		t.Errorf("%s: room for %d values in Korean, %d in English", name, a, b)
	}
}

func TestWordsOfAnUnknownLanguageAreKorean(t *testing.T) {
	if got, want := In("fr").ButtonHuman, In("ko").ButtonHuman; got != want {
		t.Errorf("In(fr).ButtonHuman = %q, want %q", got, want)
	}
}

func TestHandOverSaysWhenAHumanAnswers(t *testing.T) {
	const hours = "평일 09:00–18:00"
	for _, reason := range []string{ReasonAsked, ReasonUnsure, ReasonNeighbour, ReasonUnhelpful, ReasonRepeated, ReasonFollowup, ReasonFailed, ReasonThreat} {
		for _, lang := range []string{"ko", "en"} {
			got := In(lang).handOver(reason, hours)
			if !strings.Contains(got, hours) || strings.Contains(got, "{") {
				t.Errorf("handOver(%s) in %s = %q: wants the hours and nothing open", reason, lang, got)
			}
		}
	}
	for _, lang := range []string{"ko", "en"} { // who is in danger waits for no hours
		if got := In(lang).handOver(ReasonUrgent, hours); strings.Contains(got, hours) || !strings.Contains(got, "109") || !strings.Contains(got, "119") {
			t.Errorf("handOver(%s) in %s = %q", ReasonUrgent, lang, got)
		}
	}
	if got := In("ko").handOver(ReasonUnsure, ""); got != In("ko").HandUnsure {
		t.Errorf("without hours: %q", got)
	}
}
