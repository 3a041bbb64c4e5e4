import type { Person, Revealed } from "../../audit-db/vault/types.ts";
import { beginsFormula } from "../../spreadsheet-formula.ts";
import { foldText, type Masking, maskJson, maskText } from "./mask-others.ts";
import { isoOf, type PackageRow } from "./read-page.ts";

/** Somebody in an event, as the person who asks is told of them. */
export type ToldPerson =
  | ({ who: "you" } & Partial<Person>)
  /** Theirs, but the key of it is destroyed or does not open. */
  | { who: "you"; unreadable: true }
  /** Acted on them for the controller: by role (CJEU C-579/21). */
  | { who: "staff"; role: string }
  | { who: "other" }
  /** Shown for a reason on record. */
  | ({ who: "other" } & Person);

/** What a row is told from. */
export interface RowPeople {
  database: string;
  /** Which of the two is the person who asks. */
  isActor: boolean;
  isTarget: boolean;
  actor: Revealed | null;
  target: Revealed | null;
  own: ReadonlySet<string>;
  /** Whether others are shown in this event. */
  revealed: boolean;
}

/** An event as a package has it: documented in docs/privacy.md and, as JSON Schema, in the package itself. */
export interface PackageEvent {
  /** A line of JSON. */
  json: string;
  /** A line of CSV, with its end. */
  csv: string;
}

export const eventColumns = [
  "database",
  "id",
  "occurredAt",
  "recordedAt",
  "organizationId",
  "action",
  "status",
  "targetType",
  "targetId",
  "outcome",
  "correlationId",
  "eventVersion",
  "dataClassification",
  "retentionPolicy",
  "processingMs",
  "you",
] as const;
/** What the log adds of itself, which nobody provided: not in a package for another controller (Art. 20). */
const derivedColumns = [
  "recordedAt",
  "eventVersion",
  "dataClassification",
  "retentionPolicy",
  "processingMs",
] as const;
const providedColumns = eventColumns.filter((name) => !(derivedColumns as readonly string[]).includes(name));

export const columnsOf = (kind: "access" | "portability"): readonly (typeof eventColumns)[number][] =>
  kind === "access" ? eventColumns : providedColumns;

export const csvHeader = (kind: "access" | "portability") =>
  `${[...columnsOf(kind), "details", "actor", "targetPerson"].join(",")}\r\n`;

/** An event in words of the person who asks. @param kind decides which columns there are */
export function toldEvent(row: PackageRow, people: RowPeople, kind: "access" | "portability"): PackageEvent {
  const others = people.revealed ? [] : valuesOfOthers(row, people);
  const masking: Masking = { own: withOwnFields(people), others };
  const masked = (text: string | null) => (text === null || people.revealed ? text : maskText(text, masking));
  const values: Record<(typeof eventColumns)[number], string | number | null | undefined> = {
    database: people.database,
    id: row.id,
    occurredAt: isoOf(row.occurredAt),
    recordedAt: isoOf(row.recordedAt),
    organizationId: row.organizationId,
    action: row.action,
    status: row.status,
    targetType: row.targetType,
    targetId: ownTarget(row, people) ?? masked(row.targetId),
    outcome: masked(row.outcome),
    correlationId: masked(row.correlationId),
    eventVersion: row.eventVersion,
    dataClassification: row.dataClassification,
    retentionPolicy: row.retentionPolicy,
    processingMs: row.processingMs,
    you: people.isActor && people.isTarget ? "both" : people.isActor ? "actor" : "target",
  };
  // What is undefined is in no JSON.
  if (kind === "portability") for (const name of derivedColumns) values[name] = undefined;
  const details = people.revealed ? row.details : maskJson(row.details, masking);
  const actor = textOf(tell(row.actorToken, people.isActor, people.actor, people));
  const target = textOf(tell(row.targetToken, people.isTarget, people.target, people));
  const told = JSON.stringify(values).slice(0, -1);
  const cells: string[] = [];
  for (const name of columnsOf(kind)) cells.push(csvCell(values[name]));
  cells.push(csvCell(details), csvCell(actor), csvCell(target));
  return {
    json: `${told},"details":${details},"actor":${actor},"targetPerson":${target}}`,
    csv: `${cells.join(",")}\r\n`,
  };
}

/** Where the log calls the person by a token of theirs, they are called by their own id. */
function ownTarget({ targetId, actorToken, targetToken }: PackageRow, people: RowPeople): string | null {
  const { isActor, isTarget, actor, target } = people;
  const own = (isActor && targetId === actorToken) || (isTarget && targetId === targetToken);
  if (targetId === null || !own) return null;
  const found = [isTarget ? target : null, isActor ? actor : null].find((one) => one?.state === "readable");
  return found?.state === "readable" ? found.person.id : "you";
}

function tell(
  token: string | null,
  isOwn: boolean,
  found: Revealed | null,
  { revealed }: RowPeople,
): ToldPerson | null {
  if (token === null) return null;
  if (isOwn) {
    if (found === null) return { who: "you" };
    return found.state === "readable" ? { who: "you", ...found.person } : { who: "you", unreadable: true };
  }
  if (revealed && found?.state === "readable") return { who: "other", ...found.person };
  const role = found?.state === "readable" ? found.person.details?.role : undefined;
  return typeof role === "string" && role.length <= 100 ? { who: "staff", role } : { who: "other" };
}

/** What must not be read in this event's texts: whoever else stands in it. */
function valuesOfOthers({ actorToken, targetToken }: PackageRow, people: RowPeople): string[] {
  const of = (token: string | null, isOwn: boolean, found: Revealed | null) => {
    if (token === null || isOwn) return [];
    if (found?.state !== "readable") return [token];
    const { id, name, email, ip } = found.person;
    return [token, id, name, email, ip].filter((value) => value !== undefined && value !== "");
  };
  return [
    ...of(actorToken, people.isActor, people.actor),
    ...of(targetToken, people.isTarget, people.target),
  ] as string[];
}

function withOwnFields({ own, isActor, isTarget, actor, target }: RowPeople): ReadonlySet<string> {
  const more: string[] = [];
  for (const found of [isActor ? actor : null, isTarget ? target : null]) {
    if (found?.state !== "readable") continue;
    const { id, email, ip, name } = found.person;
    for (const value of [id, email, ip, name]) {
      const mine = value && foldText(value);
      if (mine && !own.has(mine)) more.push(mine);
    }
  }
  return more.length === 0 ? own : new Set([...own, ...more]);
}

const textOf = (person: ToldPerson | null) => JSON.stringify(person);

const toQuote = /[",\r\n]|^$/;

/** Quoted where it must be (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe. */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = beginsFormula(value) ? `'${value}` : value;
  return toQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
