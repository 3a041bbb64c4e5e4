import { secretTexts } from "../config.ts";
import { factsOf, headline, type Message } from "../message.ts";
import { answered } from "./answered.ts";
import { request } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

/** An Adaptive Card for a workflow that begins "when a Teams webhook request is received". */
export async function sendTeams({ message, secret, transport }: Attempt): Promise<Taken> {
  const { status, text } = await request(
    {
      url: secret.url ?? "",
      body: JSON.stringify(teamsBody(message)),
      headers: { "content-type": "application/json" },
      secrets: secretTexts(secret),
    },
    transport,
  );
  return { answer: answered(status, text, secretTexts(secret)) };
}

const colours = { critical: "Attention", warning: "Warning", notice: "Accent" } as const;

export function teamsBody(message: Message) {
  const over = message.kind === "resolved";
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            line([
              {
                text: headline(message),
                weight: "Bolder",
                size: "Medium",
                color: over ? "Good" : colours[message.severity],
              },
            ]),
            ...factsOf(message).map(([label, text]) =>
              line([{ text: `${label}: `, isSubtle: true }, { text }]),
            ),
            ...(message.detail ? [line([{ text: message.detail }])] : []),
          ],
          actions: message.link
            ? [{ type: "Action.OpenUrl", title: "Open the incident", url: message.link }]
            : [],
        },
      },
    ],
  };
}

/** Runs of text, which Teams shows as they are: a TextBlock would read Markdown in them. */
function line(runs: { text: string; [style: string]: unknown }[]) {
  return { type: "RichTextBlock", inlines: runs.map((run) => ({ type: "TextRun", ...run })) };
}
