import { z } from "zod";
import type { ClockIntervalKind } from "../../../drizzle/console/schema/requests.ts";
import { AppError } from "../../errors.ts";
import type { RequestState } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { beginInterval, clockColumns, endIntervals } from "../clock/move-clock.ts";
import { writeRequestEvent } from "../move-request.ts";
import { updateRequest } from "../read-request.ts";
import type { RequestEventKind } from "../types.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "./request-verb.ts";

/** While these last, something may be asked of the person. */
const asking: readonly RequestState[] = [
  "received",
  "identity_pending",
  "verified",
  "scoping",
  "decision_pending",
  "approved",
  "partly_refused",
];

interface Awaited {
  /** Of the verb, as the activity has it. */
  name: string;
  kind: ClockIntervalKind;
  event: RequestEventKind;
  /** What is awaited, in a sentence. */
  words: string;
}

/** A verb by which something is asked of the person: whether the clock stands for it is the regime's. */
export function askFor({ name, kind, event, words }: Awaited) {
  return defineAdminAction({
    ...{ name, role: "privacy_officer" as const, person: true as const },
    input: z.strictObject({ ...shownRequest, note: noteInput.optional() }),
    answer: standingAnswer,
    object: requestObject,
    async run({ tx, actor, now }, { note, ...shown }) {
      const row = await readShown(tx, shown);
      if (!asking.includes(row.state))
        throw new AppError(
          "CONFLICT",
          `Request #${row.number} is ${row.state}: nothing is asked of the person any more.`,
        );
      if (!(await beginInterval(tx, row, kind, now)))
        throw new AppError("CONFLICT", `Request #${row.number} awaits ${words} already.`);
      return withTyped(tx, row, note, async (typed) => {
        await writeRequestEvent(tx, row, { kind: event, actor, now, ...(typed && { typed }) });
        return tellStanding(await updateRequest(tx, row, await clockColumns(tx, row, now)));
      });
    },
  });
}

/** A verb by which what was asked for is there. */
export function recordOf({ name, kind, event, words }: Awaited) {
  return defineAdminAction({
    ...{ name, role: "privacy_officer" as const, person: true as const },
    input: z.strictObject({ ...shownRequest, note: noteInput.optional() }),
    answer: standingAnswer,
    object: requestObject,
    async run({ tx, actor, now }, { note, ...shown }) {
      const row = await readShown(tx, shown);
      if (!(await endIntervals(tx, row, [kind], now)))
        throw new AppError("CONFLICT", `Request #${row.number} does not await ${words}.`);
      return withTyped(tx, row, note, async (typed) => {
        await writeRequestEvent(tx, row, { kind: event, actor, now, ...(typed && { typed }) });
        return tellStanding(await updateRequest(tx, row, await clockColumns(tx, row, now)));
      });
    },
  });
}
