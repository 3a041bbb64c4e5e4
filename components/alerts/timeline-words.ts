import type { IncidentEvent } from "@/lib/alerts/types.ts";
import { formatMoment, type TimeZone } from "@/lib/client/format-time.ts";
import { statementName } from "./object-name.ts";

/** What happened as a sentence; whoever did it stands at its beginning. */
export function eventWords(
  { kind, actor, facts, text }: Pick<IncidentEvent, "kind" | "actor" | "facts" | "text">,
  nowMs: number,
  zone: TimeZone,
): string {
  const who = actor?.name ?? "The console";
  const named = objectsOf(facts);
  const moment = (key: string) => momentOf(facts[key], nowMs, zone);
  switch (kind) {
    case "opened":
      return `Opened${severityOf(facts)}: ${sentenceOf(facts) || `${named || "it"} began to fire`}`;
    case "fired":
      return `${named || "An object"} fired again`;
    case "object_joined":
      return `${named || "Another object"} joined`;
    case "object_left":
      return `Fine again: ${named || "an object"}`;
    case "severity_rose":
      return `${named || "It"} became graver`;
    case "severity_fell":
      return `Fell from ${textOf(facts.from)} to ${textOf(facts.to)}`;
    case "unconfirmed":
      return "No look confirms it any more; it counts as firing";
    case "confirmed":
      return "Confirmed by a look again";
    case "resolved":
      return "Resolved: all objects are fine";
    case "refired":
      return `Fired again${named && `: ${named}`}`;
    case "flapping":
      return "Comes and goes: told less often from here on";
    case "steadied":
      return "Steady again";
    case "acknowledged":
      return `${who} acknowledged it${until(moment("until"))}`;
    case "unacknowledged":
      return `${who} took the acknowledgement back`;
    case "acknowledgement_ended":
      return `The acknowledgement of ${textOf(facts.by) || "somebody"} ran out: it waits for somebody again`;
    case "reopened":
      return `Waits for somebody again${named && `: ${named} was not part of what was ${textOf(facts.from)}`}`;
    case "assigned":
      return facts.to ? `${who} assigned it to ${textOf(facts.to)}` : `${who} took it from its assignee`;
    case "commented":
      return `${who} commented`;
    case "snoozed":
      return `${who} snoozed it${until(moment("until"))}`;
    case "snooze_ended":
      return actor ? `${who} ended the snooze` : "The snooze is over: it waits for somebody again";
    case "silenced":
      return `Nobody is told ${silencedUntil(facts, moment("until"))}${because(facts, text)}`;
    case "unsilenced":
      return `Told again${because(facts, text)}`;
    case "told":
      return `Told ${channelOf(facts)}${aboutOf(facts)}`;
    case "telling_failed":
      return `Could not tell ${channelOf(facts)}${because(facts, null)}`;
    case "action":
      return `${who} ${textOf(facts.title) || textOf(facts.action) || "acted on it"}`;
    case "closed":
      if (!actor) return "Closed: normal for 30 minutes";
      return `${who} closed it${facts.forced === true ? " while it fired" : ""}`;
  }
}

/** What a person wrote: the comment, or why they closed it. */
export function eventText({ kind, text }: Pick<IncidentEvent, "kind" | "text">): string | null {
  return kind === "commented" || kind === "closed" || kind === "action" ? text : null;
}

/** Of one object its sentence. */
function sentenceOf({ objects, count }: IncidentEvent["facts"]): string {
  if (count !== 1 || !Array.isArray(objects)) return "";
  return textOf((objects[0] as { title?: unknown } | undefined)?.title);
}

/** "pid 4711", "public.a, public.b and 3 more" */
function objectsOf({ objects, count }: IncidentEvent["facts"]): string {
  if (!Array.isArray(objects)) return "";
  const names = objects.flatMap((each: { name?: unknown }) =>
    typeof each?.name === "string"
      ? [/^\d+$/.test(each.name) ? `pid ${each.name}` : statementName(each.name)]
      : [],
  );
  const shown = names.slice(0, 3);
  const more = (typeof count === "number" ? count : names.length) - shown.length;
  if (shown.length === 0) return "";
  return more > 0 ? `${shown.join(", ")} and ${more} more` : list(shown);
}

const list = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

function severityOf({ severity }: IncidentEvent["facts"]): string {
  return typeof severity === "string" ? ` as ${severity}` : "";
}

function channelOf(facts: IncidentEvent["facts"]): string {
  const channels = Array.isArray(facts.channels)
    ? facts.channels.filter((each) => typeof each === "string")
    : [];
  return list(channels) || textOf(facts.channel) || textOf(facts.name) || "a channel";
}

function aboutOf({ about }: IncidentEvent["facts"]): string {
  if (about === "resolved") return " that it is over";
  return about === "acknowledged" ? " that somebody has it" : "";
}

function because(facts: IncidentEvent["facts"], text: string | null): string {
  const why = text ?? (textOf(facts.words) || textOf(facts.reason) || textOf(facts.error));
  return why ? `: ${why}` : "";
}

const until = (moment: string | null) => (moment ? ` until ${moment}` : "");

/** A silence has an end or is until its incident resolves; of one at the other end of a channel nobody knows it. */
function silencedUntil({ silence }: IncidentEvent["facts"], end: string | null): string {
  if (silence === undefined) return "from here on";
  return `until ${end ?? "it resolves"}`;
}

/** Facts travel as JSON: a moment is text there. */
function momentOf(fact: unknown, nowMs: number, zone: TimeZone): string | null {
  if (typeof fact !== "string" && !(fact instanceof Date)) return null;
  const at = new Date(fact);
  return Number.isNaN(at.getTime()) ? null : formatMoment(at, nowMs, zone);
}

const textOf = (fact: unknown): string => (typeof fact === "string" ? fact : "");
