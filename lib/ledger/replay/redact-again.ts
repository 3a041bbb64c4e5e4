import { maxRedactedAtOnce, redactEvents } from "../../audit-db/redaction/redact-events.ts";
import type { RedactionAsked } from "../../audit-db/redaction/types.ts";
import { vacuumTouched } from "../../audit-db/redaction/vacuum-touched.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { type RedactableField, redactableFields } from "../entry.ts";
import type { RedactionReceipt } from "../undone-redactions.ts";

export interface RedactedAgain {
  /** Numbers of entries that stand again. */
  done: number[];
  /** Numbers of those whose row is not the one that was redacted: its leaf or a commitment differs. */
  differing: number[];
}

/**
 * Takes the values out again that a restored log has back, batch by batch; each event once, however many entries say
 * something of it. Needs the privacy connection; dead rows go at once where there is a maintenance connection.
 * @throws as `redactEvents`
 */
export async function redactAgain(
  audit: Pick<AuditDb, "use" | "can">,
  redactions: readonly RedactionReceipt[],
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<RedactedAgain> {
  const events = [...Map.groupBy(redactions, ({ facts }) => `${facts.occurredAt} ${facts.id}`).values()];
  const answer: RedactedAgain = { done: [], differing: [] };
  const partitions = new Set<string>();
  for (let at = 0; at < events.length; at += maxRedactedAtOnce) {
    signal.throwIfAborted();
    const batch = events.slice(at, at + maxRedactedAtOnce);
    const { rows, partitions: touched } = await redactEvents(audit, batch.map(askedOf), { signal });
    for (const entries of batch) {
      const ofEvent = rows.filter(({ id }) => id === entries[0]?.facts.id);
      for (const { entry, facts } of entries) {
        const same = ofEvent.some(
          (row) =>
            row.leaf === facts.leaf &&
            fieldsOf(facts).every((field) => row.fields[field] === facts.fields[field]),
        );
        (same ? answer.done : answer.differing).push(entry);
      }
    }
    for (const partition of touched) partitions.add(partition);
    progress(answer.done.length + answer.differing.length);
  }
  if (partitions.size > 0 && audit.can("maintenance")) await vacuumTouched(audit, [...partitions]);
  return answer;
}

function askedOf(entries: readonly RedactionReceipt[]): RedactionAsked {
  const [first] = entries;
  if (!first) throw new Error("no entry");
  const said = entries.map(({ facts }) => facts);
  return {
    id: first.facts.id,
    occurredAt: first.facts.occurredAt,
    fields: redactableFields.filter((field) => said.some((facts) => field in facts.fields)),
    personal: [...new Set(said.flatMap(({ personal }) => personal))],
    // Below version 2 no leaf matches once a field is taken: a dump between two redactions has the first of them.
    evenIfLeafDiffers: said.some(({ leafVersion }) => leafVersion < 2),
  };
}

function fieldsOf({ fields }: RedactionReceipt["facts"]): RedactableField[] {
  return redactableFields.filter((field) => field in fields);
}
