import { Webhook } from "standardwebhooks";
import { type ChannelConfig, secretTexts } from "../config.ts";
import { answered } from "./answered.ts";
import { request } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

/**
 * A signed webhook by Standard Webhooks (https://www.standardwebhooks.com). While its key is being replaced it is signed
 * with both.
 */
export async function sendWebhook({ id, message, config, secret, at, transport }: Attempt): Promise<Taken> {
  const { url } = config as ChannelConfig<"webhook">;
  const { kind, incident, ...told } = message;
  const body = JSON.stringify({ type: incident ? `incident.${kind}` : "test", data: { incident, ...told } });
  const { keyBefore } = secret;
  const keys = [secret.key, keyBefore && new Date(keyBefore.until) > at ? keyBefore.key : undefined];
  const signatures = keys
    .filter((key) => key !== undefined)
    .map((key) => new Webhook(key).sign(id, at, body));
  const { status, text } = await request(
    {
      url,
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
        "webhook-signature": signatures.join(" "),
      },
      secrets: secretTexts(secret),
    },
    transport,
  );
  return { answer: answered(status, text, secretTexts(secret)) };
}
