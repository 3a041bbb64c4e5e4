import { type ChannelConfig, secretTexts } from "../config.ts";
import { factsOf, headline, type Message } from "../message.ts";
import { answered } from "./answered.ts";
import { neverAgainWhenInvalid } from "./delivery-failure.ts";
import { request } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

/**
 * PagerDuty Events API v2: what is told of one incident has one dedup key, so that it is triggered, acknowledged and
 * resolved there too. A test is triggered and resolved at once.
 */
export async function sendPagerduty(attempt: Attempt): Promise<Taken> {
  const { id, message } = attempt;
  const key = message.incident ? `audit-db-${message.incident.id}` : `audit-db-test-${id}`;
  if (message.kind === "acknowledged")
    return enqueue(attempt, { event_action: "acknowledge", dedup_key: key });
  if (message.kind === "resolved") return enqueue(attempt, { event_action: "resolve", dedup_key: key });
  const triggered = await enqueue(attempt, {
    event_action: "trigger",
    dedup_key: key,
    ...payloadOf(message),
  });
  if (message.kind === "test") await enqueue(attempt, { event_action: "resolve", dedup_key: key });
  return triggered;
}

async function enqueue({ config, secret, transport }: Attempt, event: object): Promise<Taken> {
  const { baseUrl } = config as ChannelConfig<"pagerduty">;
  const secrets = secretTexts(secret);
  const sent = {
    url: `${baseUrl.replace(/\/$/, "")}/v2/enqueue`,
    body: JSON.stringify({ routing_key: secret.routingKey, ...event }),
    headers: { "content-type": "application/json" },
    secrets,
  };
  const { status, text } = await neverAgainWhenInvalid(request(sent, transport));
  return { answer: answered(status, text, secrets) };
}

const severities = { critical: "critical", warning: "warning", notice: "info" } as const;

function payloadOf(message: Message) {
  const { incident, severity, since, detail, link } = message;
  return {
    client: "audit-db-dashboard",
    ...(link && { client_url: link, links: [{ href: link, text: "Open the incident" }] }),
    payload: {
      summary: headline(message).slice(0, 1_024),
      source: incident?.target ?? "audit-db-dashboard",
      severity: severities[severity],
      timestamp: since,
      ...(incident && { class: incident.check }),
      custom_details: { ...Object.fromEntries(factsOf(message)), ...(detail && { Detail: detail }) },
    },
  };
}
