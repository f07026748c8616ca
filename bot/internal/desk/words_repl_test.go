package desk

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
)

func TestReplWordsAreFilledInBothLanguages(t *testing.T) {
	ko, en := reflect.ValueOf(Repl("ko")), reflect.ValueOf(Repl("en"))
	hole := regexp.MustCompile(`\{\w+\}`)
	compare := func(name, ko, en string) {
		comparePhrase(t, name, ko, en)
		a, b := hole.FindAllString(ko, -1), hole.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: room for %v in Korean, %v in English", name, a, b)
		}
	}
	for i := range ko.NumField() {
		name := ko.Type().Field(i).Name
		if k, ok := ko.Field(i).Interface().(map[string]string); ok {
			comparePhrases(t, name, k, en.Field(i).Interface().(map[string]string))
			continue
		}
		compare(name, ko.Field(i).String(), en.Field(i).String())
	}
}
