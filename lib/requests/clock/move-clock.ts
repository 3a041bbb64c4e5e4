import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { type ClockIntervalKind, clockIntervalKinds } from "../../../drizzle/console/schema/requests.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { RequestState } from "../../request-law/states.ts";
import type { RequestCommand } from "../../request-law/transition.ts";
import type { RequestRow } from "../read-request.ts";
import { readClocks } from "./read-clocks.ts";

type Ref = Pick<RequestRow, "id">;

/** From here on nothing of the person is awaited: a clock that stood goes on, since an answer is due. */
const settled: readonly RequestState[] = ["refused", "executing", "closed", "duplicate", "withdrawn"];

/** Lets the clock stand from now on. @returns whether it did not for this reason before */
export async function beginInterval(
  tx: Tx,
  { id: requestId }: Ref,
  kind: ClockIntervalKind,
  now: Date,
): Promise<boolean> {
  const { requestInterval } = schema;
  const [open] = await tx
    .select({ id: requestInterval.id })
    .from(requestInterval)
    .where(
      and(
        eq(requestInterval.requestId, requestId),
        eq(requestInterval.kind, kind),
        isNull(requestInterval.endedAt),
      ),
    );
  if (open) return false;
  await tx
    .insert(requestInterval)
    .values({ id: uuidV7(now.getTime()), requestId, kind, beganAt: now, endedAt: null });
  return true;
}

/** Lets it go on. @returns whether it stood for one of these reasons */
export async function endIntervals(
  tx: Tx,
  { id: requestId }: Ref,
  kinds: readonly ClockIntervalKind[],
  now: Date,
): Promise<boolean> {
  const { requestInterval } = schema;
  const ended = await tx
    .update(requestInterval)
    .set({ endedAt: sql`greatest(${requestInterval.beganAt}, ${now.toISOString()}::timestamptz)` })
    .where(
      and(
        eq(requestInterval.requestId, requestId),
        inArray(requestInterval.kind, [...kinds]),
        isNull(requestInterval.endedAt),
      ),
    )
    .returning({ id: requestInterval.id });
  return ended.length > 0;
}

/** What the row says of its clock, read from what stands in the transaction now. */
export async function clockColumns(
  tx: Tx,
  row: RequestRow,
  now: Date,
): Promise<Pick<RequestRow, "dueAt" | "standing">> {
  const read = (await readClocks(tx, [row], now)).get(row.id);
  if (!read) throw new Error("a request that was read has no clock");
  return { dueAt: read.clock.dueAt, standing: read.clock.standing };
}

/** What a move does to the clock, and what the row says of it then. */
export async function moveClock(
  tx: Tx,
  row: RequestRow,
  { command, to, now }: { command: RequestCommand; to: RequestState; now: Date },
): Promise<Pick<RequestRow, "dueAt" | "standing">> {
  if (command === "ask_identity") await beginInterval(tx, row, "identity", now);
  if (command === "confirm_identity") await endIntervals(tx, row, ["identity"], now);
  if (settled.includes(to)) await endIntervals(tx, row, clockIntervalKinds, now);
  return clockColumns(tx, row, now);
}
