package slacktest

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// CheckBlocks holds a JSON array of blocks against Slack's limits and gives one line,
// with a JSON pointer, for every breach. limit is 50 for messages and 100 for views.
func CheckBlocks(raw json.RawMessage, limit int) []string {
	var blocks []map[string]any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return []string{"[ERROR] blocks must be an array of objects [json-pointer:/blocks]"}
	}
	c := &checker{ids: map[string]bool{}}
	if len(blocks) > limit {
		c.fail("/blocks", "no more than %d items allowed", limit)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("/blocks/%d", i), b)
	}
	return c.faults
}

type checker struct {
	faults []string
	ids    map[string]bool
}

func (c *checker) fail(at, format string, a ...any) {
	c.faults = append(c.faults, "[ERROR] "+fmt.Sprintf(format, a...)+" [json-pointer:"+at+"]")
}

func (c *checker) block(at string, b map[string]any) {
	if id, ok := b["block_id"].(string); ok && id != "" {
		c.length(at+"/block_id", id, 1, 255)
		if c.ids[id] {
			c.fail(at+"/block_id", "block_id already exists")
		}
		c.ids[id] = true
	}
	switch b["type"] {
	case "section":
		c.section(at, b)
	case "header":
		c.text(at+"/text", b["text"], 150, "plain_text")
	case "context":
		c.list(at+"/elements", b["elements"], 10, func(at string, e map[string]any) {
			if e["type"] != "image" {
				c.text(at, e, 2000, "plain_text", "mrkdwn")
			}
		})
	case "actions":
		c.list(at+"/elements", b["elements"], 25, c.element)
	case "divider", "rich_text", "image":
	case "markdown":
		s, _ := b["text"].(string)
		c.length(at+"/text", s, 1, 12_000)
	default:
		c.fail(at+"/type", "unsupported type: %v", b["type"])
	}
}

func (c *checker) section(at string, b map[string]any) {
	if b["text"] == nil && b["fields"] == nil {
		c.fail(at, "missing required field: text or fields")
	}
	if b["text"] != nil {
		c.text(at+"/text", b["text"], 3000, "plain_text", "mrkdwn")
	}
	if b["fields"] != nil {
		c.list(at+"/fields", b["fields"], 10, func(at string, f map[string]any) { c.text(at, f, 2000, "plain_text", "mrkdwn") })
	}
	if e, ok := b["accessory"].(map[string]any); ok {
		c.element(at+"/accessory", e)
	}
}

func (c *checker) element(at string, e map[string]any) {
	if id, ok := e["action_id"].(string); ok {
		c.length(at+"/action_id", id, 1, 255)
	}
	switch e["type"] {
	case "button":
		c.text(at+"/text", e["text"], 75, "plain_text")
		if v, ok := e["value"].(string); ok {
			c.length(at+"/value", v, 0, 2000)
		}
		if u, ok := e["url"].(string); ok {
			c.length(at+"/url", u, 0, 3000)
		}
		if s, ok := e["style"].(string); ok && s != "primary" && s != "danger" {
			c.fail(at+"/style", "must be one of primary, danger")
		}
	case "overflow", "static_select", "datepicker", "image", "checkboxes", "radio_buttons":
	default:
		c.fail(at+"/type", "unsupported type: %v", e["type"])
	}
}

func (c *checker) list(at string, v any, limit int, each func(string, map[string]any)) {
	items, ok := v.([]any)
	if !ok || len(items) == 0 {
		c.fail(at, "must have at least 1 item")
		return
	}
	if len(items) > limit {
		c.fail(at, "no more than %d items allowed", limit)
	}
	for i, item := range items {
		at := fmt.Sprintf("%s/%d", at, i)
		e, ok := item.(map[string]any)
		if !ok {
			c.fail(at, "must be an object")
			continue
		}
		each(at, e)
	}
}

func (c *checker) text(at string, v any, limit int, types ...string) {
	t, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "missing required field: text")
		return
	}
	fits := false
	for _, want := range types {
		fits = fits || t["type"] == want
	}
	if !fits {
		c.fail(at+"/type", "must be one of %v", types)
	}
	s, _ := t["text"].(string)
	c.length(at+"/text", s, 1, limit)
}

func (c *checker) length(at, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		c.fail(at, "must be more than %d characters", least-1)
	case n > most:
		c.fail(at, "must be less than %d characters", most+1)
	}
}
