import { canonicalIJson } from "./canonical-i-json.ts";
import {
  dataClassifications,
  eventStatuses,
  maxCharacters,
  maxDetailsBytes,
  maxEventVersion,
  maxPersonalBytes,
  maxPersonCharacters,
  maxProcessingMs,
} from "./event-limits.ts";
import type { CheckedEvent, EventInput, PersonInput } from "./event-schema.ts";
import { findTextProblem } from "./i-json.ts";
import { toMoment } from "./moment.ts";

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const texts = Object.entries(maxCharacters) as [keyof typeof maxCharacters, number][];
const personTexts = Object.entries(maxPersonCharacters) as [keyof typeof maxPersonCharacters, number][];
const optionalTexts = texts.filter(([name]) => name !== "organizationId" && name !== "action");
const names = new Set([
  ...texts.map(([name]) => name),
  ...["id", "occurredAt", "recordedAt", "status", "eventVersion", "dataClassification", "processingMs"],
  ...["details", "actor", "targetPerson"],
]);
const personNames = new Set([...personTexts.map(([name]) => name), "details"]);

/**
 * What `eventInput` makes of an event it accepts, by hand and in an eighth of the time; null where this cannot tell,
 * which the schema then decides and puts into words. A property test holds the two together.
 */
export function acceptEvent(given: EventInput): CheckedEvent | null {
  if (!isPlain(given)) return null;
  for (const name in given) if (!names.has(name)) return null;
  const { organizationId, action, status, eventVersion = 1, dataClassification = "INTERNAL" } = given;
  const { processingMs } = given;
  if (!isText(organizationId, maxCharacters.organizationId) || !isText(action, maxCharacters.action))
    return null;
  for (const [name, most] of optionalTexts) {
    const value = given[name];
    if (value !== undefined && value !== null && !isText(value, most)) return null;
  }
  if (given.retentionPolicy === null) return null;
  if (!eventStatuses.includes(status) || !dataClassifications.includes(dataClassification)) return null;
  if (!isWhole(eventVersion, 1, maxEventVersion)) return null;
  if (processingMs !== undefined && processingMs !== null && !isWhole(processingMs, 0, maxProcessingMs))
    return null;
  if (given.id !== undefined && !(typeof given.id === "string" && uuidV7.test(given.id))) return null;
  if ((given.actor && given.actorToken) || (given.targetPerson && given.targetToken)) return null;
  const occurredAt = timeOf(given.occurredAt);
  const recordedAt = timeOf(given.recordedAt);
  const details = given.details === undefined ? "{}" : objectText(given.details, maxDetailsBytes);
  const actor = personText(given.actor);
  const targetPerson = personText(given.targetPerson);
  if (occurredAt === null || recordedAt === null || details === null) return null;
  if (actor === null || targetPerson === null) return null;
  return {
    event: {
      ...given,
      id: given.id,
      occurredAt,
      recordedAt,
      eventVersion,
      dataClassification,
      retentionPolicy: given.retentionPolicy ?? "standard",
      details: given.details ?? {},
    },
    details,
    actor,
    targetPerson,
  };
}

function isText(value: unknown, most: number): value is string {
  return (
    typeof value === "string" && value.length > 0 && value.length <= most && findTextProblem(value) === null
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Undefined where none is given, null where it is no time. */
function timeOf(value: Date | string | undefined): string | undefined | null {
  if (value === undefined) return undefined;
  if (!(typeof value === "string" || value instanceof Date)) return null;
  const moment = toMoment(value);
  return "time" in moment ? moment.time : null;
}

/** Undefined where nobody is given, null where it is no person. */
function personText(person: PersonInput | undefined): string | undefined | null {
  if (person === undefined) return undefined;
  if (!isPlain(person) || person.id === undefined) return null;
  for (const name in person) if (!personNames.has(name)) return null;
  for (const [name, most] of personTexts) {
    const value = person[name];
    if (value !== undefined && !isText(value, most)) return null;
  }
  if (person.details !== undefined && objectText(person.details, maxDetailsBytes) === null) return null;
  return objectText(person, maxPersonalBytes);
}

/** The RFC 8785 text of an object, null where it is none, holds what JSON cannot or takes more bytes. */
function objectText(value: unknown, mostBytes: number): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const text = canonicalIJson(value);
  // A UTF-16 unit takes three bytes at most.
  if (text === null || text.length * 3 <= mostBytes) return text;
  return Buffer.byteLength(text) <= mostBytes ? text : null;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
