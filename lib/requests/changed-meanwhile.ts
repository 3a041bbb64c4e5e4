import { desc, eq } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { momentInWords } from "../words.ts";

interface Shown {
  id: string;
  number: number;
}

/** Somebody else was quicker: who it was, when, and where the request stands now. */
export async function changedMeanwhile(db: Queryable, { id, number }: Shown): Promise<AppError> {
  const { privacyRequest, requestEvent } = schema;
  const [now] = await db
    .select({ state: privacyRequest.state, version: privacyRequest.version })
    .from(privacyRequest)
    .where(eq(privacyRequest.id, id));
  const [last] = await db
    .select({ at: requestEvent.at, by: requestEvent.actorName, to: requestEvent.toState })
    .from(requestEvent)
    .where(eq(requestEvent.requestId, id))
    .orderBy(desc(requestEvent.at), desc(requestEvent.id))
    .limit(1);
  const at = last?.at.toISOString();
  const what = last?.to ? `moved to ${last.to}` : "changed";
  const whom = last ? ` by ${last.by} on ${momentInWords(last.at.toISOString())} UTC` : " by somebody else";
  return new AppError("CONFLICT", `Request #${number} was ${what} meanwhile${whom}.`, {
    hint: "Look at it again.",
    current: { ...now, by: last?.by ?? null, at: at ?? null },
  });
}
