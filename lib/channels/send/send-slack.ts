import { secretTexts } from "../config.ts";
import { factsOf, headline, type Message } from "../message.ts";
import { answered } from "./answered.ts";
import { request } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

/** An incoming webhook as Slack has it, which Mattermost and others take as well. */
export async function sendSlack({ message, secret, transport }: Attempt): Promise<Taken> {
  const { status, text } = await request(
    {
      url: secret.url ?? "",
      body: JSON.stringify(slackBody(message)),
      headers: { "content-type": "application/json" },
      secrets: secretTexts(secret),
    },
    transport,
  );
  return { answer: answered(status, text, secretTexts(secret)) };
}

export function slackBody(message: Message) {
  const facts = factsOf(message).map(([label, text]) => `*${label}:* ${escaped(text)}`);
  const link = message.link ? [`<${message.link}|Open the incident>`] : [];
  const detail = message.detail ? [escaped(message.detail)] : [];
  const text = [`*${escaped(headline(message))}*`, ...facts, ...detail, ...link].join("\n");
  return {
    // What a notification shows.
    text: escaped(headline(message)),
    unfurl_links: false,
    blocks: [{ type: "section", text: { type: "mrkdwn", verbatim: true, text: text.slice(0, 3_000) } }],
  };
}

/**
 * https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` stand for mentions and links. What marks
 * words up is taken apart by a word joiner, which nobody sees.
 */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[*_~`]/g, "\u2060$&\u2060");
}
