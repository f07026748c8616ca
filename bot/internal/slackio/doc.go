// Package slackio is Slack in and out; nothing else imports slack-go.
//
// [Doors] takes what Slack sends, by Socket Mode and by signed HTTP alike, through one
// way in: decode, drop what is not for us, hand the rest to [Ingress], and acknowledge only
// what it took. What is not acknowledged Slack sends again, so nothing is lost between
// Slack and the inbox, and the keys of an event make what comes twice count once: by
// event_id, and by channel, ts and kind, since one message may arrive as message and as app_mention.
//
// What passes: mentions, direct messages, everything in the channels to listen to, replies
// in any thread (the inbox knows which threads are ours: an event whose TS is its
// Address.Thread, or that is Addressed, may open one), edits, deletions and pressed buttons. What does
// not: posts of our own and of other bots, joins and the like, link previews.
//
// [Poster] makes replies visible, at most once a call, and says with every error what may follow.
package slackio
