import { type Vacuumed, vacuumTouched } from "../../audit-db/redaction/vacuum-touched.ts";
import { heldBack } from "../../holds/pass-hold-gate.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { heldByOf } from "../held-by.ts";
import {
  addRedacted,
  type HeldBatch,
  nothingRedacted,
  type RedactedSoFar,
  redactBatch,
  redactBatchSize,
  residueOf,
} from "./redact-batch.ts";
import { redactInput } from "./redact-input.ts";

export interface RedactionResult extends Omit<RedactedSoFar, "partitions"> {
  vacuumed: Vacuumed[];
  /** What may hold the values still, and until when, in words. */
  residue: string[];
}

interface Place extends RedactedSoFar {
  done: number;
  /** Holds that the next events wait for; `beginReleasedRedactions` looks for them here. */
  heldBy?: string[];
  /** Whom the events concern, while a restriction keeps them. */
  tokens?: string[];
}

/** What a hold keeps back is looked at anew so often, and within seconds of the hold's end. */
const heldMs = 86_400_000;

/**
 * Takes values out of events, a batch at a time through the hold gate, and removes the dead rows that still hold them. What a
 * hold keeps back waits for its end, for as long as that takes, and goes on by itself.
 */
export const redactJob = defineJob({
  name: "privacy.redact",
  title: "Take values out of events",
  input: redactInput,
  target: true,
  // One that a hold keeps back holds up no other.
  oneAtATime: false,
  retry: {
    limit: 5,
    delaySeconds: 30,
    backoff: true,
    notFor: ["CONFLICT", "FORBIDDEN", "UNSUPPORTED", "BAD_INPUT"],
  },
  async run(job, input): Promise<RedactionResult> {
    const { audit, checkpoint, progress, signal } = job;
    let place = (job.restored as Place | null) ?? { done: 0, ...nothingRedacted };
    while (place.done < input.events.length) {
      signal.throwIfAborted();
      progress(place.done, input.events.length, "events");
      const events = input.events.slice(place.done, place.done + redactBatchSize);
      const batch = await redactBatch(job, { ...input, events });
      if ("held" in batch) await waitForRelease(job, place, batch);
      else place = { done: place.done + events.length, ...addRedacted(place, batch) };
      await checkpoint(place);
    }
    const { rows, missing, entries, partitions } = place;
    const vacuumed = audit.can("maintenance") ? await vacuumTouched(audit, partitions) : [];
    return { rows, missing, entries, vacuumed, residue: await residueOf(job, partitions) };
  },
});

/** Hands the job's place back until somebody finds that nothing holds it any more. */
async function waitForRelease(
  { checkpoint, log, now, waitUntil }: JobContext,
  place: Place,
  { held, tokens }: HeldBatch,
): Promise<void> {
  log(`${heldBack(held).message} It goes on by itself once that ends.`, "warn");
  const waiting: Place = { ...place, heldBy: heldByOf(held), ...(held.restricted && { tokens }) };
  await checkpoint(waiting);
  await waitUntil(new Date(now().getTime() + heldMs));
}
