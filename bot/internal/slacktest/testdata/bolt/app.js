// A small app on @slack/bolt. The test drives the fake Slack and reads here, one JSON
// line at a time, what Bolt made of it: Bolt checks signatures, envelopes and payloads by itself.
const { App, LogLevel } = require('@slack/bolt');

const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n');
const socketMode = process.env.BOLT_DOOR === 'socket';

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  ...(socketMode
    ? { socketMode, appToken: process.env.SLACK_APP_TOKEN }
    : { signingSecret: process.env.SLACK_SIGNING_SECRET, endpoints: ['/slack/events', '/slack/interactions', '/slack/commands'] }),
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: LogLevel.ERROR,
});

const button = { type: 'actions', elements: [{ type: 'button', action_id: 'press', value: 'v', text: { type: 'plain_text', text: 'Press' } }] };

app.event('app_mention', async ({ event, say, body, context }) => {
  await say({ text: 'reply', thread_ts: event.ts, blocks: [button], metadata: { event_type: 't', event_payload: { key: 'k' } } });
  tell({ got: 'app_mention', text: event.text, eventId: body.event_id, bot: context.botUserId, team: context.teamId });
});

app.message('refuse me', async ({ client, event }) => {
  const codes = [];
  for (const call of [
    () => client.chat.postMessage({ channel: 'C0NONE', text: 'x' }),
    () => client.chat.postMessage({ channel: event.channel, text: '' }),
    () => client.chat.postMessage({ channel: event.channel, text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }] }),
    () => client.chat.update({ channel: event.channel, ts: event.ts, text: 'x' }),
    () => client.chat.delete({ channel: event.channel, ts: '1.000001' }),
  ]) {
    try {
      await call();
      codes.push('ok');
    } catch (e) {
      codes.push(e.data ? e.data.error : String(e));
    }
  }
  tell({ got: 'refusals', codes });
});

app.event('message', async ({ event }) => {
  if (event.subtype === 'message_changed' && !event.message.bot_id) {
    tell({ got: 'changed', text: event.message.text, before: event.previous_message.text });
  }
  if (event.subtype === 'message_deleted') {
    tell({ got: 'deleted', ts: event.deleted_ts });
  }
});

app.action('press', async ({ ack, body, client, respond, action }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: { type: 'modal', title: { type: 'plain_text', text: 'Window' }, blocks: [{ type: 'divider' }] } });
  await respond({ text: 'for you', response_type: 'ephemeral', replace_original: false });
  const thread = await client.conversations.replies({ channel: body.channel.id, ts: body.container.thread_ts, include_all_metadata: true });
  tell({ got: 'press', value: action.value, key: thread.messages[1].metadata.event_payload.key, thread: body.container.thread_ts });
});

app.shortcut('haedap_suggest', async ({ ack, shortcut, respond }) => {
  await ack();
  await respond({ text: 'suggestion', response_type: 'ephemeral' });
  tell({ got: 'shortcut', text: shortcut.message.text });
});

app.command('/haedap', async ({ ack, command }) => {
  await ack({ text: `you asked: ${command.text}`, response_type: 'ephemeral' });
  tell({ got: 'command', user: command.user_id });
});

app.error(async (error) => tell({ got: 'error', error: String(error) }));

(async () => {
  await app.start(socketMode ? undefined : { port: Number(process.env.PORT), host: '127.0.0.1' });
  tell({ got: 'started' });
})().catch((error) => {
  tell({ got: 'error', error: String(error) });
  process.exit(1);
});
