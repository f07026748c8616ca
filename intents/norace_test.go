//go:build !race

package intents_test

const raceDetector = false
