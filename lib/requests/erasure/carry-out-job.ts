import { isAway } from "../../audit-db/while-up.ts";
import { isConsoleOutage } from "../../db/errors.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { AppError } from "../../errors.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { carryOutErasures } from "../../privacy/erasure/carry-out-erasures.ts";
import { erasureContext } from "../../privacy/erasure/erasure-context.ts";
import { createPersonFinder, tellingIdentifiers } from "../intake/person-finder.ts";
import { writeRequestEvent } from "../move-request.ts";
import { type RequestRow, requireRequest, withRequestPerson } from "../read-request.ts";
import { type RequestJob, requestJobInput } from "../request-job.ts";
import { keepNamed } from "../scope/keep-clear.ts";
import { waitForAway } from "../wait-for-away.ts";
import { findGrantedKeys, linkErasures } from "./ask-of-request.ts";
import { readClearLeft } from "./clear-events.ts";
import { findFreePlaces } from "./find-free-places.ts";
import { readLinkedErasures } from "./linked-erasures.ts";
import { type ClearRedacted, redactClear, vacuumRedacted } from "./redact-clear.ts";
import { type CarriedOut, settleExecution } from "./settle-execution.ts";
import { tellDestroyed } from "./tell-destroyed.ts";

export interface CarryOutOptions {
  /** Looks for what is left once it is carried out. */
  scan: RequestJob;
  /** How long processes may use a key after it was marked; tests make it shorter. */
  keyTtlMs?: number;
}

/** Where it goes on after a crash. */
interface Place {
  /** By which moment floors of single records are judged in this job. */
  at: string;
  redacted: ClearRedacted;
  /** How often a target had to be waited for. */
  waited: number;
}

/** Where a request may stand when what was kept of it is taken up again. */
const carriedOut: readonly RequestRow["state"][] = ["verifying", "responding", "closed"];

/**
 * Carries a granted erasure out: marks keys, waits until no process can use them, destroys those that no floor and no hold
 * keeps, and takes identifiers out of events where the scope found them in clear. Killed at any step it comes to the same
 * end. A target that does not answer is waited for, and the request says so. What floors and holds keep is listed with its ground and date, and the request goes on; where holds keep all of it,
 * it waits for their end. Begun again later it takes up clear fields that became free since.
 */
export function createCarryOutJob(options: CarryOutOptions) {
  return defineJob({
    name: "privacy.carry_out",
    title: "Carry out a request for erasure",
    input: requestJobInput,
    oneAtATime: false,
    retry: {
      limit: 5,
      delaySeconds: 30,
      backoff: true,
      notFor: ["UNSUPPORTED", "FORBIDDEN", "BAD_INPUT", "NOT_FOUND"],
    },
    async run(job, { request }): Promise<CarriedOut> {
      const { db } = job.console;
      const row = await requireRequest(db, request);
      if (row.state !== "executing" && !carriedOut.includes(row.state))
        throw new AppError("CONFLICT", `Request #${row.number} is ${row.state}: nothing is to be done.`);
      let place: Place = {
        ...{ at: job.now().toISOString(), redacted: {}, waited: 0 },
        ...(job.restored as Partial<Place> | null),
      };
      const keep = async (change: Partial<Place>) => {
        place = { ...place, ...change };
        await job.checkpoint(place);
      };
      if (job.restored === null) await keep({});
      try {
        return await carryOut(job, row, { options, place, keep });
      } catch (thrown) {
        if (job.signal.aborted || !isAway(thrown) || isConsoleOutage(thrown)) throw thrown;
        const { waited } = place;
        await keep({ waited: waited + 1 });
        return waitForAway(job, { request: row, state: row.state, unfinished: [thrown.message], waited });
      }
    },
  });
}

interface CarryingOut {
  options: CarryOutOptions;
  place: Place;
  keep(change: Partial<Place>): Promise<void>;
}

async function carryOut(
  job: JobContext,
  row: RequestRow,
  { options: { scan, keyTtlMs }, place, keep }: CarryingOut,
): Promise<CarriedOut> {
  const { db, sql } = job.console;
  if (row.state === "executing") {
    const context = erasureContext(job.console, job.now, undefined, tellDestroyed);
    await carryOutErasures(job, context, {
      erasures: await askOnce(job, row),
      ...(keyTtlMs !== undefined && { keyTtlMs }),
    });
  }
  const scope = row.scopeId;
  await keepNamed(db, scope);
  const places = await findFreePlaces(sql, scope, row.decision, openConfiguredTarget, new Date(place.at));
  const redacted = await redactClear(job, openConfiguredTarget, scope, places, {
    before: place.redacted,
    keep: (redacted) => keep({ redacted }),
  });
  const residue = await vacuumRedacted(job, openConfiguredTarget, redacted);
  const left = await readClearLeft(sql, scope, places);
  return job.once("settled", (tx) =>
    settleExecution(tx, job, { request: row.id, left, redacted, residue, scan }),
  );
}

/** What is to be erased is asked for once: what comes later stands under other keys, and is no part of the request. */
async function askOnce(job: JobContext, row: RequestRow): Promise<string[]> {
  const linked = await readLinkedErasures(job.console.db, row.id);
  if (linked.length > 0) return linked.map(({ id }) => id);
  const granted = await findGrantedKeys(job.console, openConfiguredTarget, row);
  const none = granted.every(({ keys }) => keys.length === 0);
  const earlier = none ? await findEarlier(job, row) : null;
  return job.once("asked", async (tx) => {
    const now = job.now();
    const ids = await linkErasures(tx, row, granted, { now, jobId: job.id });
    const facts = { step: "asked", keys: ids.length, ...earlier };
    await writeRequestEvent(tx, row, { kind: "erasure", actor: null, now, facts });
    return ids;
  });
}

/** Somebody who was erased before is answered with the receipts of then. */
function findEarlier({ console: { db } }: JobContext, row: RequestRow) {
  return withRequestPerson(db, row, async (person) => {
    const finder = createPersonFinder(db, openMasterKeys());
    try {
      const { earlier } = await finder.find("erasure", tellingIdentifiers(person));
      return earlier && { earlier: earlier.request, receipts: earlier.receipts };
    } finally {
      finder.forget();
    }
  });
}
