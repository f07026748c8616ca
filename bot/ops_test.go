package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"haedap/bot/internal/slacktest"
)

// run runs another command of the bot with the settings and database of the office.
func (o *office) run(args ...string) (stdout, stderr string, code int) {
	o.t.Helper()
	file, err := program()
	if err != nil {
		o.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(o.t.Context(), file, append(args, o.data...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = o.bot.cmd.Env, &out, &errs
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return out.String(), errs.String(), exit.ExitCode()
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return out.String(), errs.String(), 0
}

func TestDoctorSaysWhatIsWrongInSlack(t *testing.T) {
	o := newOffice(t, byBoth)
	out, _, code := o.run("doctor")
	if code != 0 || strings.Contains("\n"+out, "\nwrong") || !strings.Contains(out, "ok     clock") {
		t.Errorf("exit code %d where all is well:\n%s", code, out)
	}
	o.Kick(deskRoom, slacktest.BotUser)
	o.Inject(slacktest.Fault{Method: "apps.connections.open", Kind: slacktest.Refuse, Code: "invalid_auth", Times: 1})
	out, errs, code := o.run("doctor")
	for _, want := range []string{"wrong  HAEDAP_DESK_CHANNEL " + deskRoom, "/invite", "wrong  SLACK_APP_TOKEN", "ok     HAEDAP_LISTEN_CHANNELS " + helpRoom} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if code != 1 || strings.Count(errs, "\n") != 1 {
		t.Errorf("exit code %d, stderr %q", code, errs)
	}
	if all := out + errs; strings.Contains(all, o.Config().BotToken) || strings.Contains(all, o.Config().SigningSecret) {
		t.Error("a secret was printed")
	}
}

func TestAFailedDeliveryIsListedAndSentAgain(t *testing.T) {
	o := newOffice(t, byHTTP)
	o.Inject(slacktest.Fault{Method: "chat.postMessage", Channel: room, Kind: slacktest.Refuse, Code: "restricted_action", Times: 1})
	m := must(t)(o.Mention(room, "U1", blockedQuestion))
	o.eventually("the desk gets what nobody could see", func() bool { return len(o.BotPosts(deskRoom)) == 1 })
	out, _, code := o.run("jobs")
	row := regexp.MustCompile(`(?m)^(\w+) +failed +reply .*restricted_action$`).FindStringSubmatch(out)
	if code != 0 || row == nil {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	if out, errs, code := o.run("jobs", "retry", row[1]); code != 0 {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	o.reply(m, room, 1)
	if out, _, _ := o.run("jobs"); !strings.Contains(out, "nothing is stuck") {
		t.Errorf("still listed:\n%s", out)
	}
}

func TestThePageTalksToTheSameDesk(t *testing.T) {
	o := newOffice(t, byHTTP)
	thread := rand.Text()
	body, err := json.Marshal(map[string]string{"key": "k-12345678", "as": "customer", "text": blockedQuestion})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post("http://"+o.listen+"/api/threads/"+thread+"/messages", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it is read
	if raw, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusAccepted {
		t.Fatalf("%d: %s", response.StatusCode, raw)
	}
	o.poll("the reply on the page", func() (bool, string) {
		status, page, err := get("http://" + o.listen + "/t/" + thread)
		return err == nil && status == http.StatusOK && strings.Contains(page, "이용계약등록사항증명서"), page
	})
}

func TestASecondProcessLeavesTheFolderAlone(t *testing.T) {
	o := newOffice(t, byHTTP)
	out, errs, code := o.run("serve", "--listen", "127.0.0.1:0")
	if code != 2 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "another process") {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, out, errs)
	}
	out, errs, code = o.run("serve", "--listen", o.listen)
	if code != 2 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "--listen "+o.listen+": ") {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, out, errs)
	}
}
