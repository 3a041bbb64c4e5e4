import { z } from "zod";
import { AppError, toAppError } from "../../errors.ts";
import { acceptEvent } from "./accept-event.ts";
import { canonicalIJson } from "./canonical-i-json.ts";
import { type CheckedEvent, type EventInput, eventInput, type ParsedEvent } from "./event-schema.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** How far recorded_at may lie ahead of this process's clock. */
const recordedAheadMs = 5 * 60_000;

/** An event whose id and times are fixed: appending it again is the same event. It is a valid `EventInput`. */
export type PreparedEvent = ParsedEvent & Record<"id" | "occurredAt" | "recordedAt", string>;

export interface FixedEvent extends CheckedEvent {
  event: PreparedEvent;
  /** Its id was made just now, so that it can stand nowhere yet. */
  isNew: boolean;
}

/**
 * Validates events and fixes what was left open (id, occurred_at, recorded_at), once, before the first attempt.
 * @throws AppError BAD_INPUT whose `fields` are paths beginning with the event's index, e.g. `3.details.amount`.
 */
export function fixEvents(events: readonly EventInput[], now = new Date()): FixedEvent[] {
  const latest = now.getTime() + recordedAheadMs;
  const atNow = now.toISOString();
  return events.map((given, index) => {
    const checked = acceptEvent(given) ?? parseEvent(given);
    if (!checked) throw refusal(events);
    const { event } = checked;
    const recordedAt = event.recordedAt ?? atNow;
    if (recordedAt !== atNow && Date.parse(recordedAt) > latest)
      throw new AppError("BAD_INPUT", `${index}.recordedAt: must not lie in the future`, {
        fields: { [`${index}.recordedAt`]: "must not lie in the future" },
      });
    // Ours alone: the check has copied it.
    const isNew = event.id === undefined;
    event.id = event.id?.toLowerCase() ?? uuidV7(now.getTime());
    event.occurredAt ??= recordedAt;
    event.recordedAt = recordedAt;
    return { ...checked, event: event as PreparedEvent, isNew };
  });
}

/** Events as they can be kept and appended again. @throws as `fixEvents` */
export function prepareEvents(events: readonly EventInput[], now = new Date()): PreparedEvent[] {
  return fixEvents(events, now).map(({ event }) => event);
}

function parseEvent(given: EventInput): CheckedEvent | null {
  const parsed = eventInput.safeParse(given);
  if (!parsed.success) return null;
  const { details, actor, targetPerson } = parsed.data;
  return {
    event: parsed.data,
    details: canonicalIJson(details) as string,
    actor: actor && (canonicalIJson(actor) as string),
    targetPerson: targetPerson && (canonicalIJson(targetPerson) as string),
  };
}

/** Everything that is wrong with any of them. Items are told apart by their index alone, so paths begin with it. */
function refusal(events: readonly EventInput[]): AppError {
  const parsed = z.array(eventInput).safeParse(events);
  return toAppError(parsed.error);
}
