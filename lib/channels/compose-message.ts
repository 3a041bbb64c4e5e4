import type { CheckObject, Limits } from "../check.ts";
import { formatLimit } from "../limit-text.ts";
import { durationInWords } from "../words.ts";
import type { AlertSeverity, DeliveryKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import type { IncidentRow, ToldAlert } from "./read-levels.ts";

export interface Composed {
  incident: IncidentRow;
  /** Its alerts that fire, the worst first. */
  alerts: readonly ToldAlert[];
  kind: DeliveryKind;
  severityBefore: AlertSeverity | null;
  /** The check's name. */
  title: string;
  /** Whether the channel may be told names of sessions and roles, and texts of statements. */
  details: boolean;
  /** The console's address; undefined where nobody set one. */
  baseUrl: string | undefined;
}

const named = 5;
/** Of one whose fires and ends are told no more. */
const flappingWords = " (comes and goes: its end is told once it is steady)";

/**
 * What there is to tell of an incident. Without details it holds the check's name, the database's own objects, figures
 * and times: what a session, a role or a statement is called may be a person's name or hold their data.
 */
export function composeMessage(given: Composed): Message {
  const { incident, alerts, kind, severityBefore, title, details, baseUrl } = given;
  const words = incident.words as { title: string; detail: string };
  const over = kind === "resolved";
  const objects = alerts.flatMap(({ object }) => nameOf(object, details) ?? []);
  const [worst] = alerts;
  return {
    kind,
    incident: {
      id: incident.id,
      number: incident.number,
      target: incident.target,
      check: incident.checkId,
      version: incident.version,
    },
    severity: incident.severity,
    severityBefore,
    title: `${details && words.title ? words.title : title}${incident.flapping && !over ? flappingWords : ""}`,
    objects: objects.slice(0, named),
    more: objects.length > 0 ? Math.max(0, alerts.length - Math.min(objects.length, named)) : 0,
    value: over || !worst ? null : valueInWords(worst),
    since: incident.firedAt.toISOString(),
    endedAt: over ? (incident.normalSince ?? incident.closedAt ?? incident.changedAt).toISOString() : null,
    detail: details && !over ? words.detail || null : null,
    by: details && kind === "acknowledged" ? incident.acknowledgedByName : null,
    link: baseUrl
      ? `${baseUrl.replace(/\/$/, "")}/${encodeURIComponent(incident.target)}/alerts/${incident.number}`
      : null,
  };
}

/** Kinds whose names are the database's own. */
const impersonal = new Set<CheckObject["kind"]>([
  "relation",
  "slot",
  "standby",
  "node",
  "pooler_pool",
  "database",
  "tablespace",
  "setting",
  "cache",
]);

function nameOf(object: CheckObject, details: boolean): string | null {
  if (object.kind === "target") return null;
  if (!details && !impersonal.has(object.kind)) return null;
  const name = object.kind === "relation" ? `${object.schema}.${object.name}` : object.name;
  return name.length > 100 ? `${name.slice(0, 99).toWellFormed()}…` : name;
}

/** "12 min, limit 5 min" */
function valueInWords({ value, unit, threshold, severity }: ToldAlert): string | null {
  if (value === null) return null;
  const limit = limitOf(threshold, severity);
  return `${figure(value, unit)}${limit === null ? "" : `, limit ${formatLimit(limit, unit)}`}`;
}

function limitOf(threshold: Limits | null, severity: AlertSeverity): number | null {
  return threshold ? (severity === "critical" ? threshold.critical : threshold.warning) : null;
}

/** Rounded for people; the page has the exact one. */
function figure(value: number, unit: string | null): string {
  if (unit === "seconds" && Math.abs(value) >= 10) return durationInWords(value);
  if (unit === "ratio") return formatLimit(Number(value.toPrecision(3)), unit);
  if (unit === "bytes" && value >= 1_024) {
    const step = Math.min(4, Math.floor(Math.log2(value) / 10));
    return formatLimit(Math.round((value / 1_024 ** step) * 10) * 1_024 ** step * 0.1, unit);
  }
  return formatLimit(Number(value.toPrecision(4)), unit);
}
