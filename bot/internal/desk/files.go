package desk

import (
	"strings"
)

// onlyFiles tells whether a message says only that files were sent along, which the desk cannot read.
func onlyFiles(s string) bool {
	if strings.ContainsAny(s, "?？") {
		return false
	}
	file, sent := false, false
	for _, word := range words(s) {
		m := heard.file.find(word)
		switch {
		case m != nil:
			file, sent = true, sent || m[1] != ""
		case heard.sent.in(word):
			file, sent = file || word == "attached", true
		case !heard.beside.in(word):
			return false
		}
	}
	return file && sent
}
