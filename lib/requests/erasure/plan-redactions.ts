import { type RedactableField, redactableFields } from "../../audit-db/append/salts.ts";
import type { ErasedPlace } from "../../privacy/ask-erasures.ts";
import { redactBatchSize } from "../../privacy/redact-batch.ts";
import type { ScopeTarget } from "../scope-types.ts";

const dayMs = 86_400_000;

/** Events of one target whose same fields hold an identifier in clear: at most a batch. */
export interface ClearBatch {
  target: string;
  policy: string;
  fields: RedactableField[];
  events: { id: string; occurredAt: string }[];
}

export interface RedactionPlan {
  batches: ClearBatch[];
  /** What a floor keeps, or a policy that its target does not know. */
  kept: { target: string; policy: string; events: number; until: string | null }[];
  /** When the first of them becomes free; null where none does by itself. */
  nextAt: Date | null;
}

/**
 * What to take out of events, by what the scope found in clear: of the granted parts, record by record, as far as no floor
 * commands that it stays. Pure: the same facts and time give the same plan.
 */
export function planRedactions(
  targets: readonly ScopeTarget[],
  granted: readonly ErasedPlace[],
  now: Date,
): RedactionPlan {
  const batches: ClearBatch[] = [];
  const kept = new Map<string, RedactionPlan["kept"][number]>();
  let nextAt: Date | null = null;
  for (const { target, policies, clear } of targets) {
    const floors = new Map(policies.map(({ policy, floorDays }) => [policy, floorDays]));
    const groups = new Map<string, ClearBatch>();
    for (const { id, occurredAt, policy, fields: found } of sorted(clear)) {
      if (!granted.some((part) => part.target === target && part.policy === policy)) continue;
      const fields = redactableFields.filter((field) => found.includes(field));
      if (fields.length === 0) continue;
      const floorDays = floors.get(policy) ?? null;
      const until = floorDays === null ? null : new Date(Date.parse(occurredAt) + floorDays * dayMs);
      if (until === null || until > now) {
        if (until !== null && (nextAt === null || until < nextAt)) nextAt = until;
        const before = kept.get(`${target} ${policy}`) ?? { target, policy, events: 0, until: null };
        const last = [before.until, until?.toISOString() ?? null].filter((one) => one !== null).sort();
        kept.set(`${target} ${policy}`, {
          ...before,
          events: before.events + 1,
          until: last.at(-1) ?? null,
        });
        continue;
      }
      const name = [policy, ...fields].join();
      const group = groups.get(name) ?? { target, policy, fields, events: [] };
      group.events.push({ id, occurredAt });
      groups.set(name, group);
    }
    for (const { events, ...group } of groups.values())
      for (let at = 0; at < events.length; at += redactBatchSize)
        batches.push({ ...group, events: events.slice(at, at + redactBatchSize) });
  }
  return { batches, kept: [...kept.values()], nextAt };
}

function sorted(clear: ScopeTarget["clear"]): ScopeTarget["clear"] {
  return clear.toSorted((a, b) => (`${a.occurredAt} ${a.id}` < `${b.occurredAt} ${b.id}` ? -1 : 1));
}
