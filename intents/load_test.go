package intents_test

import (
	"testing"

	"haedap/intents"
)

func TestEmbeddedCatalogueLoads(t *testing.T) {
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(c.Classes), len(c.Calibration))
}
