package desk

import (
	"reflect"
	"testing"
)

func TestQualityWordsAreFilledInBothLanguages(t *testing.T) {
	compareWords(t, reflect.ValueOf(Quality("ko")), reflect.ValueOf(Quality("en")))
}
