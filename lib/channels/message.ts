import type { AlertSeverity, DeliveryKind } from "./kinds.ts";

/** What one message tells, before a channel puts it into its own form. Kept with the delivery: each attempt says the same. */
export interface Message {
  kind: DeliveryKind;
  /** Null: a test. */
  incident: { id: string; number: number; target: string; check: string; version: number } | null;
  severity: AlertSeverity;
  /** What it was told as before, where that differs. */
  severityBefore: AlertSeverity | null;
  /** What it is, in a line. */
  title: string;
  /** Names of what it is about, the worst first; the first five. */
  objects: string[];
  /** How many more there are. */
  more: number;
  /** Of the worst object: "12 min, limit 5 min"; null for a condition without a figure. */
  value: string | null;
  /** ISO 8601: since when it is so, and since when it is over. */
  since: string;
  endedAt: string | null;
  /** What it means and what to do; only for channels that may hold details. */
  detail: string | null;
  /** Who acknowledged it; only for channels that may hold details. */
  by: string | null;
  link: string | null;
}

/** What its state is called in a subject or a heading. */
export const kindWords: Record<DeliveryKind, string> = {
  fired: "firing",
  refired: "firing again",
  changed: "changed",
  rose: "graver",
  repeated: "still firing",
  refreshed: "still firing",
  acknowledged: "acknowledged",
  resolved: "resolved",
  test: "test",
};

/** "Critical · firing: Idle in transaction" */
export function headline({ kind, severity, title }: Message): string {
  if (kind === "test") return `Test: ${title}`;
  const grave = kind === "resolved" || kind === "acknowledged" ? "" : `${capital(severity)} · `;
  return `${grave}${capital(kindWords[kind])}: ${title}`;
}

/** The facts beneath the headline, in their order; each channel writes them in its own form. */
export function factsOf(message: Message): [label: string, text: string][] {
  const { incident, objects, more, value, since, endedAt, by } = message;
  const listed = more > 0 ? `${objects.join(", ")} and ${more} more` : objects.join(", ");
  return [
    ...(incident ? ([["Database", incident.target]] as [string, string][]) : []),
    ...(listed ? ([["Objects", listed]] as [string, string][]) : []),
    ...(value ? ([["Value", value]] as [string, string][]) : []),
    ["Since", utc(since)],
    ...(endedAt ? ([["Until", utc(endedAt)]] as [string, string][]) : []),
    ...(by ? ([["Acknowledged by", by]] as [string, string][]) : []),
  ];
}

/** As plain text, for mails and as what stands in for a card. */
export function asText(message: Message): string {
  return [
    headline(message),
    "",
    ...factsOf(message).map(([label, text]) => `${label}: ${text}`),
    ...(message.detail ? ["", message.detail] : []),
    ...(message.link ? ["", message.link] : []),
  ].join("\n");
}

/** "27 Nov 2026 18:52:03 UTC", the same in every channel. */
export function utc(iso: string): string {
  return `${dayAndTime.format(new Date(iso)).replace(",", "")} UTC`;
}

const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
