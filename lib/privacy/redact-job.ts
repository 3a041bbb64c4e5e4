import { redactEvents } from "../audit-db/redaction/redact-events.ts";
import type { RedactedRow, RedactionAsked } from "../audit-db/redaction/types.ts";
import { type Vacuumed, vacuumTouched } from "../audit-db/redaction/vacuum-touched.ts";
import { heldBack, passHoldGate } from "../holds/pass-hold-gate.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";
import { carryOutEffect } from "../verbs/effects/carry-out-effect.ts";
import { readJobActor } from "../verbs/record-job-outcome.ts";
import { erasureContext } from "./erasure-context.ts";
import { readEventPlaces } from "./read-event-places.ts";
import { valuesRedacted } from "./redact-effect.ts";
import { type RedactInput, redactInput } from "./redact-input.ts";
import { readResidue, tellResidue } from "./residue.ts";
import { writeRedactions } from "./write-redactions.ts";

/** The gate is held, and events are locked, for one batch at a time. */
const batchSize = 50;

export interface RedactionResult {
  /** Rows by what became of them; an event may stand in the log and in quarantine. */
  rows: Record<"redacted" | "already" | "leafDiffers", number>;
  /** Events that stand nowhere. */
  missing: number;
  /** Of the ledger. */
  entries: number[];
  vacuumed: Vacuumed[];
  /** What may hold the values still, and until when, in words. */
  residue: string[];
}

interface Place {
  done: number;
  rows: RedactionResult["rows"];
  missing: number;
  entries: number[];
  partitions: string[];
}

const begin: Place = {
  done: 0,
  rows: { redacted: 0, already: 0, leafDiffers: 0 },
  missing: 0,
  entries: [],
  partitions: [],
};

/** Takes values out of events, a batch at a time through the hold gate, and removes the dead rows that still hold them. */
export const redactJob = defineJob({
  name: "privacy.redact",
  title: "Take values out of events",
  input: redactInput,
  target: true,
  retry: {
    limit: 5,
    delaySeconds: 30,
    backoff: true,
    notFor: ["CONFLICT", "FORBIDDEN", "UNSUPPORTED", "BAD_INPUT"],
  },
  async run(job, input): Promise<RedactionResult> {
    const { audit, checkpoint, progress, signal } = job;
    let place = (job.restored as Place | null) ?? begin;
    while (place.done < input.events.length) {
      signal.throwIfAborted();
      progress(place.done, input.events.length, "events");
      const events = input.events.slice(place.done, place.done + batchSize);
      place = add(place, events.length, await redactBatch(job, { ...input, events }));
      await checkpoint(place);
    }
    const { rows, missing, entries, partitions } = place;
    const vacuumed = audit.can("maintenance") ? await vacuumTouched(audit, partitions) : [];
    return { rows, missing, entries, vacuumed, residue: await residueOf(job, partitions) };
  },
});

interface Batch {
  rows: RedactedRow[];
  missing: number;
  entries: number[];
}

async function redactBatch(job: JobContext, input: RedactInput): Promise<Batch> {
  const { console, audit, signal, now } = job;
  const context = erasureContext(console, now, audit);
  const { events, fields, personal, target } = input;
  const places = await readEventPlaces(audit, events);
  const asked: RedactionAsked[] = events.map((event) => ({ ...event, fields, personal }));
  const actor = await readJobActor(console.db, job.id);
  const by = { by: actor, now: now(), sign: context };
  const told = await carryOutEffect(
    { console, auditTargets: context.auditTargets, openTarget: context.openTarget, logger: job.logger },
    {
      effect: valuesRedacted,
      input: { ...input, places },
      actor,
      target,
      object: { type: "event", id: events.length === 1 ? (events[0]?.id ?? "") : `${events.length} events` },
      facts: { fields, personal, events: events.length },
      jobId: job.id,
    },
    async () => {
      const destructions = places.map((place) => ({ ...place, target, events }));
      const answer = await passHoldGate(context, destructions, async (tx) => {
        const done = await redactEvents(audit, asked, { signal });
        const entries = await writeRedactions(tx, target, done.rows, by);
        return { rows: done.rows, missing: done.missing.length, entries };
      });
      if (!answer.passed) throw heldBack(answer);
      return { ...answer.value, facts: { entries: answer.value.entries } };
    },
  );
  if (told) return told;
  // An earlier attempt had taken them out, and may have died before the ledger said so.
  const { rows, missing } = await redactEvents(audit, asked, { look: true });
  const entries = await console.db.transaction((tx) => writeRedactions(tx, target, rows, by));
  return { rows, missing: missing.length, entries };
}

function add(place: Place, events: number, { rows, missing, entries }: Batch): Place {
  const count = (outcome: RedactedRow["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
  return {
    done: place.done + events,
    rows: {
      redacted: place.rows.redacted + count("redacted"),
      already: place.rows.already + count("already"),
      leafDiffers: place.rows.leafDiffers + count("leaf differs"),
    },
    missing: place.missing + missing,
    entries: [...place.entries, ...entries],
    partitions: [...new Set([...place.partitions, ...rows.map(({ partition }) => partition)])].sort(),
  };
}

async function residueOf({ audit, now, log }: JobContext, partitions: readonly string[]): Promise<string[]> {
  const words = tellResidue(await readResidue(audit, now()));
  const dead = audit.can("maintenance")
    ? []
    : [
        `Dead rows in ${partitions.join(", ")} hold them until VACUUM: there is no maintenance connection to run it.`,
      ];
  const residue = [...dead, ...words];
  for (const line of residue) log(line);
  return residue;
}
