import { z } from "zod";
import { clockIntervalKinds } from "../../../drizzle/console/schema/requests.ts";
import type { Tx } from "../../db/console-db.ts";
import { trimmedInput } from "../../inputs.ts";
import { requestStates } from "../../request-law/states.ts";
import { changedMeanwhile } from "../changed-meanwhile.ts";
import { type RequestRow, requireRequest, withRequestPerson } from "../read-request.ts";
import { requestNumber, versionInput } from "../request-number.ts";
import type { RequestKey } from "../sealed.ts";

/** What every verb about a request takes. */
export const shownRequest = { request: requestNumber, version: versionInput };

/** What people type about a request: sealed under its key wherever it is kept. */
export const noteInput = trimmedInput(4_000).min(1, "says nothing");

/** How a request stands after a verb. */
export const standingAnswer = z.strictObject({
  number: z.int(),
  version: z.int(),
  state: z.enum(requestStates),
  /** ISO 8601; null while its clock stands. */
  dueAt: z.string().nullable(),
  standing: z.enum(clockIntervalKinds).nullable(),
});

export const requestObject = ({ request }: { request: number }) => ({
  type: "request",
  id: String(request),
});

/** @throws AppError NOT_FOUND, CONFLICT when it is no longer as it was shown */
export async function readShown(
  tx: Tx,
  { request, version }: { request: number; version?: number | undefined },
): Promise<RequestRow> {
  const row = await requireRequest(tx, request);
  if (version === undefined || version === row.version) return row;
  throw await changedMeanwhile(tx, row);
}

/** What a verb answers of a request as it stands now. */
export function tellStanding(row: RequestRow, facts: Record<string, unknown> = {}) {
  const { number, version, state, dueAt, standing } = row;
  return {
    data: {
      ...{ number, version, state },
      dueAt: dueAt?.toISOString() ?? null,
      standing: standing as (typeof clockIntervalKinds)[number] | null,
    },
    object: requestObject({ request: number }),
    facts: { state, ...facts },
  };
}

/** With the request's key where something was typed. @throws AppError NOT_FOUND once what it says of the person is destroyed */
export function withTyped<T>(
  tx: Tx,
  row: RequestRow,
  text: string | undefined,
  work: (typed?: { key: RequestKey; text: string }) => Promise<T>,
): Promise<T> {
  if (text === undefined) return work();
  return withRequestPerson(tx, row, (_person, key) => work({ key, text }));
}
