import type { Sql } from "postgres";
import { checkLeaf, type StoredRow } from "../audit-db/append/check-leaf.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { leafColumns } from "../audit-db/append/leaf-row.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { toAppError } from "../errors.ts";
import { type PrivacyWorld, targets } from "./privacy-world.ts";

const classes = { minimal: "PUBLIC", standard: "INTERNAL", confidential: "CONFIDENTIAL" } as const;
/** Each policy in turn, whose events are of the class that it is for. */
export const proofPolicies = Object.keys(classes) as (keyof typeof classes)[];

/** As many as one append takes, and so many appends of a target at once. */
const batch = 5_000;
const inFlight = 2;

/** The nth event of a log, 100 ms after the one before. */
export function proofEvent(nth: number, from: number, more: Partial<EventInput>): EventInput {
  const at = from + nth * 100;
  const policy = proofPolicies[nth % proofPolicies.length] as (typeof proofPolicies)[number];
  return {
    id: uuidV7(at),
    occurredAt: new Date(at).toISOString(),
    organizationId: "o",
    action: "record.viewed",
    status: "success",
    retentionPolicy: policy,
    dataClassification: classes[policy],
    details: { nth },
    ...more,
  };
}

/** Appends so many events to each target, through its engine. */
export async function fillTargets(
  { audit }: PrivacyWorld,
  count: number,
  eventAt: (nth: number) => EventInput,
): Promise<void> {
  await Promise.all(
    targets.map(async (target) => {
      let next = 0;
      const fill = async () => {
        for (let at = next; at < count; at = next) {
          next = Math.min(at + batch, count);
          await appendAgain(
            audit[target],
            Array.from({ length: next - at }, (_, n) => eventAt(at + n)),
          );
        }
      };
      await Promise.all(Array.from({ length: inFlight }, fill));
    }),
  );
}

/** What has an id is the same event again. On a busy machine a server is away, or slow, for moments. */
async function appendAgain(audit: AuditDb, events: EventInput[]): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      await audit.append(events);
      return;
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if ((code !== "UNAVAILABLE" && code !== "TIMEOUT") || tries === 30) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
}

/** How the leaves of every event stand, by what the check of each says. */
export async function countLeaves(sql: Sql): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const rows = sql<StoredRow[]>`
    select ${sql.unsafe(leafColumns)}, leaf, actor_personal as "actorPersonal", target_personal as "targetPersonal"
    from public.audit_log where organization_id = 'o'`.cursor(5_000);
  for await (const some of rows)
    for (const row of some) {
      const found = checkLeaf(row).check;
      counts[found] = (counts[found] ?? 0) + 1;
    }
  return counts;
}
