import { z } from "zod";
import { momentInWords } from "../../words.ts";
import { type ChannelConfig, secretTexts } from "../config.ts";
import { type AlertSeverity, abilities } from "../kinds.ts";
import { asText, headline, type Message } from "../message.ts";
import { neverAgainWhenInvalid } from "./delivery-failure.ts";
import { request } from "./request.ts";
import type { Attempt, Taken } from "./sender.ts";

/** Told anew every five minutes it outlives two messages that are lost; not told any more it ends there by itself. */
const lapsesAfterMs = 3 * (abilities.alertmanager.refreshMs ?? 0);
const testLastsMs = 60_000;

/**
 * Prometheus Alertmanager, API v2. Routing and telling are its own: it is handed each incident's state and asked whether
 * anybody is told there.
 */
export async function sendAlertmanager(attempt: Attempt): Promise<Taken> {
  const { message, at } = attempt;
  const alerts = alertsOf(message, at);
  await call(attempt, "POST", "alerts", alerts);
  const [now] = alerts;
  if (message.kind === "resolved" || !now) return { answer: "200", silencedThere: null };
  // What it took it took: that its state cannot be read is no failure of the message.
  const silencedThere = await readSilence(attempt, now.labels).catch(() => undefined);
  return { answer: "200", ...(silencedThere !== undefined && { silencedThere }) };
}

interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

/** Labels are an alert's identity there: one that became graver is another alert, and the one before ends. */
export function alertsOf(message: Message, at: Date): PostedAlert[] {
  const { incident, severity, severityBefore, kind, since, endedAt, link } = message;
  const ends = new Date(at.getTime() + (kind === "test" ? testLastsMs : lapsesAfterMs)).toISOString();
  const alert = (of: AlertSeverity, endsAt: string): PostedAlert => ({
    labels: {
      alertname: incident?.check ?? "audit-db test",
      severity: of,
      ...(incident && { target: incident.target, incident: String(incident.number) }),
      source: "audit-db-dashboard",
    },
    annotations: { summary: headline({ ...message, kind: "fired" }), description: asText(message) },
    startsAt: kind === "test" ? at.toISOString() : since,
    endsAt,
    ...(link && { generatorURL: link }),
  });
  const now = alert(severity, kind === "resolved" ? (endedAt ?? at.toISOString()) : ends);
  return severityBefore && severityBefore !== severity
    ? [now, alert(severityBefore, at.toISOString())]
    : [now];
}

const alertsAnswer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ silencedBy: z.array(z.string()), inhibitedBy: z.array(z.string()) }),
  }),
);
const silenceAnswer = z.object({ comment: z.string(), createdBy: z.string(), endsAt: z.string() });

/** Why nobody is told of it there, in words; null when somebody is. */
async function readSilence(attempt: Attempt, labels: Record<string, string>): Promise<string | null> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(labels))
    query.append("filter", `${name}=${JSON.stringify(value)}`);
  const [found] = alertsAnswer.parse(JSON.parse(await call(attempt, "GET", `alerts?${query}`)));
  const [silence] = found?.status.silencedBy ?? [];
  if (silence) {
    const text = await call(attempt, "GET", `silence/${encodeURIComponent(silence)}`);
    const { comment, createdBy, endsAt } = silenceAnswer.parse(JSON.parse(text));
    return `silenced in Alertmanager by ${createdBy} until ${momentInWords(endsAt)} UTC: ${comment}`.slice(
      0,
      500,
    );
  }
  return (found?.status.inhibitedBy.length ?? 0) > 0 ? "inhibited in Alertmanager by another alert" : null;
}

async function call(attempt: Attempt, method: "GET" | "POST", path: string, body?: unknown): Promise<string> {
  const { config, secret, transport } = attempt;
  const { url, user } = config as ChannelConfig<"alertmanager">;
  const authorization = secret.password
    ? user
      ? `Basic ${Buffer.from(`${user}:${secret.password}`).toString("base64")}`
      : `Bearer ${secret.password}`
    : null;
  const sent = {
    method,
    url: `${url.replace(/\/$/, "")}/api/v2/${path}`,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    secrets: secretTexts(secret),
  };
  return (await neverAgainWhenInvalid(request(sent, transport))).text;
}
