// Package slacktest is a fake Slack: a real HTTP and WebSocket server that the real
// slack-go client (or any other Slack library) talks to when its API address is set
// to [Server.API].
//
// It serves Go tests in their own process ([Start]) and fault campaigns as a process
// of its own (fakeslack), steered over the admin API described at [Server.Admin].
//
// # What it claims about Slack
//
// The claims follow Slack's documentation; @slack/bolt, Slack's own library, is run against them as a
// judge where Node is there (TestBoltAgrees).
//
// Web API: methods take a form or JSON, the token from the Authorization header or the
// form. Errors come as 200 with {"ok":false,"error":…}: not_authed, invalid_auth,
// token_revoked, missing_scope (with needed and provided), unknown_method,
// channel_not_found, not_in_channel, is_archived, message_not_found,
// cant_update_message, cant_delete_message, thread_not_found, no_text, msg_too_long,
// invalid_blocks (with a JSON pointer in response_metadata.messages),
// invalid_metadata_format, trigger_expired, trigger_exchanged. X-OAuth-Scopes is on
// every answer. Posting to one channel faster than the limit gives 429 with Retry-After.
//
// Blocks: at most 50 in a message and 100 in a view; section text 1–3,000 characters,
// fields 2,000, header 150, context 1–10 elements, actions 1–25 elements, button label
// 1–75, value 2,000, action_id, block_id 255 and unique, url 3,000; view title 24.
//
// Messages: ts is unique and rises within the workspace; a reply to a reply joins its
// thread; a post under a deleted parent lands outside of any thread; metadata is returned only for include_all_metadata; the
// app's own posts, edits and deletions come back to it as events with a bot_id;
// a deleted parent that has replies becomes a tombstone (message_changed), any other
// deleted message a message_deleted.
//
// Events API: requests are signed (v0); an answer other than 2xx, or none in time, is
// retried at once, after a minute and after five, with X-Slack-Retry-Num and
// X-Slack-Retry-Reason, unless the answer carries X-Slack-No-Retry. A mention in a
// channel comes twice, as message and as app_mention, with an event_id each. Events are
// sent only for channels that the bot is in.
//
// Socket Mode: hello first, pings, envelopes acknowledged by id on the connection that
// carried them, redelivered on any open connection with retry_attempt otherwise;
// disconnect asks the client to leave; several connections share the load. An answer
// of 20 kB or more is ignored.
//
// Interactions and commands are sent once. A trigger_id works once and for 3 s, a
// response_url five times within 30 minutes.
package slacktest
