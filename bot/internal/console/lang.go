package console

import (
	"net/http"
	"time"

	"golang.org/x/text/language"
)

// langCookie holds the language that was chosen for the page's own words.
const langCookie = "haedap_lang"

var langMatcher = language.NewMatcher([]language.Tag{language.Korean, language.English})

// pageLang is the language of the page's own words: the chosen one, or the one that the browser asks for.
func pageLang(r *http.Request) string {
	if chosen, err := r.Cookie(langCookie); err == nil && isLang(chosen.Value) {
		return chosen.Value
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return "ko"
	}
	if _, at, _ := langMatcher.Match(wanted...); at == 1 {
		return "en"
	}
	return "ko"
}

func isLang(s string) bool { return s == "ko" || s == "en" }

// chooseLang keeps a choice of language ("?lang=en") and leads back to the page. It reports false when none was made.
func chooseLang(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	lang := query.Get("lang")
	if !isLang(lang) {
		return false
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // a choice of language is no secret, and the page may be served without TLS
		Name: langCookie, Value: lang, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	query.Del("lang")
	back := *r.URL
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.RequestURI(), http.StatusSeeOther) //nolint:gosec // the path is that of a page: the mux has cleaned it
	return true
}
