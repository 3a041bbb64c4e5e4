import { and, eq, ne, sql } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { dayInWords } from "../../words.ts";
import type { RequestRow } from "../read-request.ts";

/** How long what a request says of the person is kept after its end, unless somebody says otherwise: until claims are barred. */
const keptYears = 3;
/** No claim that a request may be proof for lasts longer, and Art. 5(1)(e) GDPR lets nothing be kept without end. */
const keptYearsMost = 10;

/**
 * What is set when a request ends. What it says of the person is never destroyed before the last thing that was put off: the
 * supplement to the certificate is for them.
 */
export async function endColumns(
  db: Queryable,
  { id }: Pick<RequestRow, "id">,
  now: Date,
  keptUntil: Date = yearsAfter(now, keptYears),
): Promise<Pick<RequestRow, "closedAt" | "personalUntil">> {
  const floor = await newestFloorOf(db, id);
  return { closedAt: now, personalUntil: floor !== null && floor > keptUntil ? floor : keptUntil };
}

/** @throws AppError BAD_INPUT for a day that has passed, or one that nothing needs */
export function assertKeptUntil(keptUntil: Date | undefined, now: Date): void {
  if (!keptUntil) return;
  const last = yearsAfter(now, keptYearsMost);
  if (keptUntil <= now) throw wrongDay("lies in the past");
  if (keptUntil > last)
    throw wrongDay(
      `lies more than ten years ahead: name a day until ${dayInWords(last.toISOString())}, or leave it out for three years`,
    );
}

const wrongDay = (message: string) =>
  new AppError("BAD_INPUT", `keptUntil ${message}`, { fields: { keptUntil: message } });

function yearsAfter(at: Date, years: number): Date {
  const later = new Date(at);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

/** The day that the last floor ends which keeps back an erasure of this request; null where none does. */
async function newestFloorOf(db: Queryable, requestId: string): Promise<Date | null> {
  const { requestErasure, erasure } = schema;
  const [row] = await db
    .select({ at: sql<string | null>`max(${erasure.dueAt})` })
    .from(requestErasure)
    .innerJoin(erasure, eq(erasure.id, requestErasure.erasureId))
    .where(and(eq(requestErasure.requestId, requestId), ne(erasure.state, "destroyed")));
  return row?.at == null ? null : new Date(row.at);
}
