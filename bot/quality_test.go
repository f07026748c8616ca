package main

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestACorrectionReachesTheEditors(t *testing.T) {
	o := newOffice(t, byHTTP)
	page := "http://" + o.listen
	thread := rand.Text()
	say := func(body string) {
		t.Helper()
		response, err := http.Post(page+"/api/threads/"+thread+"/messages", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close() //nolint:errcheck // only its head is read
		if response.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: %s", body, response.Status)
		}
	}
	shows := func(path, part string) {
		t.Helper()
		o.poll(path+" shows "+part, func() (bool, string) {
			status, body, err := get(page + path)
			return err == nil && status == http.StatusOK && strings.Contains(body, part), body
		})
	}
	say(`{"key":"k-12345678","as":"customer","text":"` + blockedQuestion + ` 010-1234-5678"}`)
	shows("/t/"+thread, "이용계약등록사항증명서")
	say(`{"key":"k-12345679","as":"customer","action":"unhelpful"}`)
	shows("/tickets", `id="ticket-1"`)
	response, err := http.PostForm(page+"/tickets/1/correction", url.Values{"intent": {"proxy_inquiry"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.Request.URL.Path != "/tickets" {
		t.Errorf("the correction leads to %s, %v", response.Request.URL, err)
	}
	shows("/quality", blockedQuestion)
	shows("/metrics", `haedap_quality_warning{what="corrections"} 0`) // the watch looked when the desk opened
	out, errs, code := o.run("jobs", "corrections")
	if want := "live-1\t" + blockedQuestion + " [전화번호]\tproxy_inquiry\tlive,corrected\n"; code != 0 || !strings.HasSuffix(out, want) {
		t.Errorf("exit code %d, %s%q, want %q at its end", code, errs, out, want)
	}
	if out, _, code := o.run("doctor"); code != 1 || !strings.Contains(out, "wrong  answers: of the last 1 answers") {
		t.Errorf("exit code %d where the only answer was corrected:\n%s", code, out)
	}
}
