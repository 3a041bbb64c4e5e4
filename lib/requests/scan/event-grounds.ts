import { eq } from "drizzle-orm";
import { schema } from "../../db/schema.ts";
import { findHolds } from "../../holds/find-holds.ts";
import type { ErasureContext } from "../../privacy/erasure/erasure-context.ts";
import { findGround } from "../../request-law/grounds.ts";
import type { RequestRow } from "../read-request.ts";
import type { SearchFound } from "../search/steps.ts";
import type { RequestDecision } from "../types.ts";

const dayMs = 86_400_000;

type FoundEvent = SearchFound["events"][number];

/** Why events stay as they are, until when the last of them does, and how many. */
export interface EventGround {
  /** Null: nothing keeps them. */
  ground: string | null;
  /** ISO 8601 */
  until: string | null;
  found: number;
}

/** What keeps events of a target that hold an identifier: a refused part, a floor, a hold. */
export type GroundsOf = (events: readonly FoundEvent[]) => Promise<EventGround[]>;

/**
 * By which ground each event is kept, record by record, by the floors and holds of now and by what was decided.
 * @throws AppError while the target's floors cannot be asked
 */
export async function eventGrounds(
  { console, openTarget, now }: ErasureContext,
  { id, regime, decision }: Pick<RequestRow, "id" | "regime" | "decision">,
  target: string,
): Promise<GroundsOf> {
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
  const lawful = ({ occurredAt, policy }: FoundEvent): Omit<EventGround, "found"> | null => {
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
    return waiting.has(policy)
      ? { ground: "A restriction of the person keeps it (Art. 18 GDPR).", until: null }
      : null;
  };
  /** Where a hold covers some of them, halves are asked about until each event stands by itself. */
  const held = async (events: readonly FoundEvent[]): Promise<EventGround[]> => {
    if (events.length === 0) return [];
    const asked = events.map(({ id: event, occurredAt }) => ({ id: event, occurredAt }));
    const { holds } = await findHolds({ openTarget }, console.db, [
      { target, policy: "?", tokens: [], events: asked },
    ]);
    if (holds.length === 0) return [{ ground: null, until: null, found: events.length }];
    if (events.length > 1) {
      const middle = Math.ceil(events.length / 2);
      return [...(await held(events.slice(0, middle))), ...(await held(events.slice(middle)))];
    }
    const names = holds.map(({ number }) => `#${number}`).join(", ");
    return [{ ground: `Legal ${holds.length === 1 ? "hold" : "holds"} ${names}.`, until: null, found: 1 }];
  };
  return async (events) => {
    const judged = events.map((event) => ({ event, ground: lawful(event) }));
    return addGrounds(
      judged.flatMap(({ ground }) => (ground ? [{ ...ground, found: 1 }] : [])),
      await held(judged.flatMap(({ event, ground }) => (ground ? [] : [event]))),
    );
  };
}

/** The same grounds as one, until the last of them ends. */
export function addGrounds(before: readonly EventGround[], more: readonly EventGround[]): EventGround[] {
  const groups = Map.groupBy([...before, ...more], ({ ground }) => ground);
  return [...groups].map(([ground, same]) => ({
    ground,
    until: same.reduce<string | null>(
      (last, { until }) => (until && (!last || until > last) ? until : last),
      null,
    ),
    found: same.reduce((sum, { found }) => sum + found, 0),
  }));
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
