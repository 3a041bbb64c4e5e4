import { eq } from "drizzle-orm";
import { schema } from "../../db/schema.ts";
import { findHolds } from "../../holds/find-holds.ts";
import type { ErasureContext } from "../../privacy/erasure-context.ts";
import { findGround } from "../../request-law/grounds.ts";
import type { RequestRow } from "../read-request.ts";
import type { SearchFound } from "../search/steps.ts";
import type { RequestDecision } from "../types.ts";

const dayMs = 86_400_000;
/** Holds are asked about so many events each by itself. */
const askedMost = 200;

type FoundEvent = SearchFound["events"][number];

/** Why an event stays as it is, and until when. */
export interface EventGround {
  ground: string;
  /** ISO 8601 */
  until: string | null;
}

/** What keeps events of a target that hold an identifier: a refused part, a floor, a hold. Null: nothing does. */
export type GroundOf = (event: FoundEvent) => Promise<EventGround | null>;

/**
 * By which ground each event is kept, record by record, by the floors and holds of now and by what was decided.
 * @throws AppError while the target's floors cannot be asked
 */
export async function eventGrounds(
  { console, openTarget, now }: ErasureContext,
  { id, regime, decision }: Pick<RequestRow, "id" | "regime" | "decision">,
  target: string,
): Promise<GroundOf> {
  const rows = await openTarget(target).use(
    "read",
    "requests.floors",
    (sql) => sql<{ name: string; days: number }[]>`
      select name, floor_days as days from public.retention_policy`,
  );
  const floors = new Map(rows.map(({ name, days }) => [name, days]));
  const refused = ((decision as RequestDecision | null)?.parts ?? []).filter(
    (part) => part.target === target && part.decision === "refuse",
  );
  const waiting = await readWaiting(console.db, id, target);
  let asked = 0;
  return async ({ id: event, occurredAt, policy }) => {
    const part = refused.find((one) => one.policy === policy);
    const law = part?.ground ? findGround(regime, part.ground) : undefined;
    if (part) return { ground: `Refused: ${law ? `${law.title} (${law.law})` : part.ground}.`, until: null };
    const floorDays = floors.get(policy);
    if (floorDays === undefined)
      return {
        ground: `The target does not know the policy ${policy}: nothing says how long it is kept.`,
        until: null,
      };
    const until = new Date(Date.parse(occurredAt) + floorDays * dayMs);
    if (until > now()) return { ground: `The floor of ${policy} keeps it.`, until: until.toISOString() };
    if (waiting.has(policy))
      return { ground: "A restriction of the person keeps it (Art. 18 GDPR).", until: null };
    if (asked++ >= askedMost) return null;
    const destruction = { target, policy: "?", tokens: [], events: [{ id: event, occurredAt }] };
    const { holds } = await findHolds({ openTarget }, console.db, [destruction]);
    if (holds.length === 0) return null;
    const names = holds.map(({ number }) => `#${number}`).join(", ");
    return { ground: `Legal ${holds.length === 1 ? "hold" : "holds"} ${names}.`, until: null };
  };
}

/** Policies whose erasures a restriction keeps back. */
async function readWaiting(
  db: ErasureContext["console"]["db"],
  request: string,
  target: string,
): Promise<Set<string>> {
  const { requestErasure, erasure } = schema;
  const rows = await db
    .select({ target: erasure.target, policy: erasure.policy, heldBy: erasure.heldBy })
    .from(requestErasure)
    .innerJoin(erasure, eq(erasure.id, requestErasure.erasureId))
    .where(eq(requestErasure.requestId, request));
  return new Set(
    rows
      .filter((row) => row.target === target && row.heldBy.includes("restriction"))
      .map(({ policy }) => policy),
  );
}
