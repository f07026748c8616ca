package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"haedap/bot/internal/slacktest"
)

// scripts are what people say in a thread, one message after the other; weight is how often it is played.
var scripts = []script{
	{weight: 6, says: []string{"새로 개통한 번호인데 인증번호를 보낼 수 없는 번호래요"}},
	{weight: 6, says: []string{"프로필에 주황색 지구본이 떠요", "프로필에 주황색 사람 모양이 떠요"}},
	{weight: 6, says: []string{"오픈채팅 이용이 제한됐어요", "페이스톡에서 신고 버튼이 안 보여요", "프로필에 주황색 지구본이 떠요"}},
	{weight: 6, says: []string{"안녕하세요", "내일 날씨 어때요?", "이용자 보호조치가 뭔가요?"}},
	{weight: 3, says: []string{"hello", "there is an orange globe on a profile"}},
	{weight: 1, says: []string{"상담원 연결해주세요"}},
	{weight: 1, says: []string{"프로필에 주황색 사람 모양이 떠요", "상담원 연결해주세요"}},
}

type script struct {
	weight int
	says   []string
}

// place is a kind of channel.
type place string

const (
	direct  place = "D" // a direct conversation
	room    place = "R" // a channel where the first message mentions the bot
	helping place = "H" // a channel where it listens to all
)

var places = []place{direct, room, helping}

// part is a script in a kind of place, and what it is answered when all is well.
type part struct {
	script  script
	place   place
	want    []string
	tickets int
}

// talk is one thread.
type talk struct {
	part    *part
	channel string
	user    string
	root    string
	lines   []line
	due     time.Time
	over    bool
	faults  map[string]bool // that were there while it went on
}

// line is one message of a talk.
type line struct {
	ts     string
	silent bool // Slack never told the bot of it
}

// last is what was said last.
func (t *talk) last() line { return t.lines[len(t.lines)-1] }

// clerk plays scripts and keeps track of them.
type clerk struct {
	slack *slacktest.Server

	mu     sync.Mutex
	rand   *rand.Rand
	parts  []*part
	open   []*talk
	closed []*talk
	begun  int
	asked  int
	now    map[string]int // faults that are there, and how often
	silent bool
}

const (
	deskRoom  = "C0DESK"
	people    = 150
	rooms     = 50
	helpRooms = 20
	most      = 400 // threads that go on at once
)

func channelOf(p place, n int) string {
	switch p {
	case direct:
		return fmt.Sprintf("DU%d", n%people)
	case room:
		return fmt.Sprintf("C0ROOM%d", n%rooms)
	default:
		return fmt.Sprintf("C0HELP%d", n%helpRooms)
	}
}

// newClerk furnishes the workspace.
func newClerk(slack *slacktest.Server, seed uint64) *clerk {
	c := &clerk{slack: slack, now: map[string]int{}, rand: rand.New(rand.NewPCG(seed, 3))} //nolint:gosec // the same talks for the same seed
	members := []string{slacktest.BotUser}
	for n := range people {
		user := fmt.Sprintf("U%d", n)
		members = append(members, user)
		slack.DMChannel(user)
	}
	slack.AddChannel(deskRoom, "channel", members...)
	for n := range rooms {
		slack.AddChannel(channelOf(room, n), "channel", members...)
	}
	for n := range helpRooms {
		slack.AddChannel(channelOf(helping, n), "channel", members...)
	}
	for _, s := range scripts {
		for _, p := range places {
			c.parts = append(c.parts, &part{script: s, place: p})
		}
	}
	return c
}

// listened are the channels where the bot is to listen to all.
func listened() string {
	var all []string
	for n := range helpRooms {
		all = append(all, channelOf(helping, n))
	}
	return strings.Join(all, ",")
}

// begin starts a thread of p.
func (c *clerk) begin(p *part) (*talk, error) {
	n := c.begun
	c.begun++
	t := &talk{part: p, channel: channelOf(p.place, n), user: fmt.Sprintf("U%d", n%people), faults: map[string]bool{}}
	return t, c.say(t)
}

// say says the next message of t.
func (c *clerk) say(t *talk) error {
	text := t.part.script.says[len(t.lines)]
	if t.part.place == room && t.root == "" {
		text = "<@" + slacktest.BotUser + "> " + text
	}
	m, err := c.slack.Say(slacktest.Post{Channel: t.channel, User: t.user, Thread: t.root, Text: text, Silent: c.silent})
	if err != nil {
		return err
	}
	if t.root == "" {
		t.root = m.TS
	}
	t.lines, t.due = append(t.lines, line{m.TS, c.silent}), time.Time{}
	c.asked++
	return nil
}

// replies are the bot's posts in t.
func (c *clerk) replies(t *talk) []slacktest.Message {
	return slices.DeleteFunc(c.slack.Thread(t.channel, t.root), func(m slacktest.Message) bool { return m.BotID != slacktest.BotID })
}

// learn plays every part once, each message after the reply to the one before.
func (c *clerk) learn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var all []*talk
	for _, p := range c.parts {
		t, err := c.begin(p)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	for _, t := range all {
		for n := 1; n <= len(t.part.script.says); n++ {
			if n > len(t.lines) {
				if err := c.say(t); err != nil {
					return err
				}
			}
			if err := c.slack.Await(ctx, func() bool { return len(c.replies(t)) >= n }); err != nil {
				return fmt.Errorf("no reply to %q in a %s channel though all is well: %w", t.part.script.says[n-1], t.part.place, err)
			}
		}
		for i, m := range c.replies(t) {
			if i > 0 && m.Text == t.part.want[i-1] {
				return fmt.Errorf("two replies in a row are the same: %q; order could not be told", m.Text)
			}
			t.part.want = append(t.part.want, m.Text)
		}
		t.over = true
		c.closed = append(c.closed, t)
	}
	return nil
}

// mark says that a fault begins or has ended.
func (c *clerk) mark(name string, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now[name] += by
}

// hush lets what is said from now on not reach the bot, or ends that.
func (c *clerk) hush(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = on
}

// play asks at a rate until enough has been asked and more is false; then it waits for what is open.
func (c *clerk) play(ctx context.Context, rate float64, enough int, more func() bool) error {
	begin, base := time.Now(), c.asked
	for sleep(ctx, 25*time.Millisecond) {
		c.mu.Lock()
		wanted := int(rate*time.Since(begin).Seconds()) + base
		err := c.turn(wanted, c.asked < enough || more())
		left := len(c.open)
		going := c.asked < enough || more()
		c.mu.Unlock()
		if err != nil {
			return err
		}
		if !going && left == 0 {
			return nil
		}
	}
	return ctx.Err()
}

// turn goes once through the open threads and begins new ones.
func (c *clerk) turn(wanted int, going bool) error {
	for _, t := range c.open {
		for name, n := range c.now {
			if n > 0 {
				t.faults[name] = true
			}
		}
		replies := len(c.replies(t))
		if len(t.lines) == len(t.part.script.says) {
			t.over = replies >= len(t.lines)
			continue
		}
		// People go on when they were heard, which may be before they were answered. Of what Slack never told nobody hears until it is answered.
		if replies < len(t.lines) && (t.last().silent || !c.slack.Acked(t.last().ts)) {
			continue
		}
		if t.due.IsZero() {
			t.due = time.Now().Add(time.Duration(c.rand.IntN(300)) * time.Millisecond)
		}
		if time.Now().After(t.due) {
			if err := c.say(t); err != nil {
				return err
			}
		}
	}
	c.open = slices.DeleteFunc(c.open, func(t *talk) bool {
		if t.over {
			c.closed = append(c.closed, t)
		}
		return t.over
	})
	for going && c.asked < wanted && len(c.open) < most {
		t, err := c.begin(c.pick())
		if err != nil {
			return err
		}
		c.open = append(c.open, t)
	}
	return nil
}

// pick chooses a part by its weight.
func (c *clerk) pick() *part {
	total := 0
	for _, p := range c.parts {
		total += p.script.weight
	}
	n := c.rand.IntN(total)
	for _, p := range c.parts {
		if n -= p.script.weight; n < 0 {
			return p
		}
	}
	return c.parts[0]
}
