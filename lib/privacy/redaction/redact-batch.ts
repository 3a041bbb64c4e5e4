import { redactEvents } from "../../audit-db/redaction/redact-events.ts";
import type { RedactedRow, RedactionAsked } from "../../audit-db/redaction/types.ts";
import { AppError } from "../../errors.ts";
import { findHolds } from "../../holds/find-holds.ts";
import { heldBack, passHoldGate } from "../../holds/pass-hold-gate.ts";
import type { HeldBy } from "../../holds/types.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { carryOutEffect } from "../../verbs/effects/carry-out-effect.ts";
import { readJobActor } from "../../verbs/record-job-outcome.ts";
import { erasureContext } from "../erasure/erasure-context.ts";
import { isHeld } from "../held-by.ts";
import { readEventPlaces } from "./read-event-places.ts";
import { valuesRedacted } from "./redact-effect.ts";
import type { RedactInput } from "./redact-input.ts";
import { readResidue, tellResidue } from "./residue.ts";
import { writeRedactions } from "./write-redactions.ts";

/** The gate is held, and events are locked, for one batch at a time. */
export const redactBatchSize = 50;

/** The job that redacts, with the engine of the events' target. */
export type RedactingJob = Pick<JobContext, "id" | "console" | "audit" | "signal" | "now" | "logger" | "log">;

/** What became of a batch. */
export interface RedactedBatch {
  rows: RedactedRow[];
  /** Events that stand nowhere. */
  missing: number;
  /** Of the ledger. */
  entries: number[];
}

/** How far redactions came: what a checkpoint keeps. */
export interface RedactedSoFar {
  /** Rows by what became of them; an event may stand in the log and in quarantine. */
  rows: Record<"redacted" | "already" | "leafDiffers", number>;
  missing: number;
  entries: number[];
  /** Tables with dead rows that still hold what was taken away. */
  partitions: string[];
}

export const nothingRedacted: RedactedSoFar = {
  rows: { redacted: 0, already: 0, leafDiffers: 0 },
  missing: 0,
  entries: [],
  partitions: [],
};

/** Nothing of it was done. */
export interface HeldBatch {
  held: HeldBy;
  /** Whom its events concern. */
  tokens: string[];
}

/**
 * Takes values out of some events through the hold gate, with an entry of the ledger for each row. What an earlier attempt
 * took out and did not live to tell is told.
 */
export async function redactBatch(job: RedactingJob, input: RedactInput): Promise<RedactedBatch | HeldBatch> {
  const { console, audit, signal, now } = job;
  const context = erasureContext(console, now, audit);
  const { events, fields, personal, target } = input;
  const { places, has } = await readEventPlaces(audit, events);
  const destructions = places.map((place) => ({ ...place, target, events }));
  const tokens = [...new Set(places.flatMap((place) => place.tokens))];
  const asked: RedactionAsked[] = events.map((event) => ({ ...event, fields, personal }));
  const actor = await readJobActor(console.db, job.id);
  const by = { by: actor, now: now(), sign: context };
  /** Tells the ledger what stands redacted; null where something is still to go. */
  const tellDone = async (): Promise<RedactedBatch | null> => {
    const { rows, missing } = await redactEvents(audit, asked, { look: true });
    if (rows.some(({ outcome }) => outcome === "redacted")) return null;
    const entries = await console.db.transaction((tx) => writeRedactions(tx, target, rows, by));
    return { rows, missing: missing.length, entries };
  };
  // Looked at before it is intended: what waits for a hold leaves no failure on record each time.
  const before = await findHolds(context, console.db, destructions);
  if (isHeld(before)) return (await tellDone()) ?? { held: before, tokens };
  let meanwhile: HeldBy | null = null;
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
    async (_taken, assertOurs) => {
      const answer = await passHoldGate(context, destructions, async (tx) => {
        const done = await redactEvents(audit, asked, {
          signal,
          async beforeCommit(rows) {
            if (!rows.every(has)) throw cameSince();
            await assertOurs();
          },
        });
        const entries = await writeRedactions(tx, target, done.rows, by);
        return { rows: done.rows, missing: done.missing.length, entries };
      });
      if (!answer.passed) {
        meanwhile = answer;
        throw heldBack(answer);
      }
      return { ...answer.value, facts: { entries: answer.value.entries } };
    },
  ).catch((thrown: unknown) => {
    if (meanwhile) return { held: meanwhile, tokens };
    throw thrown;
  });
  const done = told ?? (await tellDone());
  if (!done)
    throw new AppError("CONFLICT", "What an earlier attempt took out of the events stands there again.", {
      hint: `Run \`audit-db privacy replay --target ${target} --dry-run\` to see what was undone, then with --yes.`,
    });
  return done;
}

/** No hold was asked about an event that was not there yet: the next attempt does. */
const cameSince = () =>
  new AppError("UNAVAILABLE", "One of the events has only just come; nothing was done.", { untouched: true });

/** @returns what there was and the batch together */
export function addRedacted(before: RedactedSoFar, { rows, missing, entries }: RedactedBatch): RedactedSoFar {
  const count = (outcome: RedactedRow["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
  return {
    rows: {
      redacted: before.rows.redacted + count("redacted"),
      already: before.rows.already + count("already"),
      leafDiffers: before.rows.leafDiffers + count("leaf differs"),
    },
    missing: before.missing + missing,
    entries: [...before.entries, ...entries],
    partitions: [...new Set([...before.partitions, ...rows.map(({ partition }) => partition)])].sort(),
  };
}

/** What may hold the values still, and until when, in words; each is a line of the job's log as well. */
export async function residueOf(
  { audit, now, log }: RedactingJob,
  partitions: readonly string[],
): Promise<string[]> {
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
