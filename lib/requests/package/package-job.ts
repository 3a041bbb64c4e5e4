import { eq } from "drizzle-orm";
import { z } from "zod";
import { isAway } from "../../audit-db/while-up.ts";
import { isConsoleOutage } from "../../db/errors.ts";
import { schema } from "../../db/schema.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { type AppError, type ErrorCode, toAppError } from "../../errors.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { failRequest } from "../fail-request.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { lockRequest, type RequestRow, requireRequest, withRequestPerson } from "../read-request.ts";
import { waitForAway } from "../wait-for-away.ts";
import { beginPackage, passphrasePlace } from "./begin-package.ts";
import { collectRows } from "./collect.ts";
import { packageFile } from "./files.ts";
import type { PackageRow } from "./find-package.ts";
import { purgePackage } from "./purge-package.ts";
import { deletePieces, readPlan } from "./stored-pieces.ts";
import type { WrittenArchive } from "./write-archive.ts";

const retryLimit = 4;
const notFor: ErrorCode[] = ["UNSUPPORTED", "NOT_FOUND", "FORBIDDEN", "CONFLICT"];

/** How a run left it. */
export interface PackageResult {
  /** Why there was nothing to do: the state that the request is in. */
  skipped?: string;
  package?: string;
  events?: number;
  bytes?: number;
}

export interface PackageJobOptions {
  /** Rows of a page, where fewer will do. */
  pageRows?: number;
  /** Told of each place from which another attempt goes on: a page that was kept, the archive, its end. */
  reached?(place: string, signal: AbortSignal): Promise<void>;
}

export function createPackageJob(options: PackageJobOptions = {}) {
  return defineJob({
    name: "privacy.package",
    title: "Put together what a person asked for",
    input: z.strictObject({ request: z.uuid() }),
    oneAtATime: false,
    retry: { limit: retryLimit, delaySeconds: 15, backoff: true, notFor },
    async run(job, { request }): Promise<PackageResult> {
      const row = await requireRequest(job.console.db, request);
      if (row.state !== "executing" && row.state !== "verifying") return { skipped: row.state };
      try {
        return await makePackage(job, row, options);
      } catch (thrown) {
        if (job.signal.aborted) throw thrown;
        if (isAway(thrown) && !isConsoleOutage(thrown)) return waitForTarget(job, row.id, thrown);
        await tellFailure(job, row.id, toAppError(thrown));
        throw thrown;
      }
    },
  });
}

export const packageJob = createPackageJob();

/**
 * Collects, writes the letter, encrypts, reads again what is stored, and moves the request with each: what an earlier attempt
 * or job has done is not done twice.
 */
function makePackage(
  job: JobContext,
  request: RequestRow,
  { pageRows, reached = async () => {} }: PackageJobOptions,
): Promise<PackageResult> {
  const { console, now, signal, write } = job;
  const context = { console, now, signal, write, jobId: job.id, openTarget: openConfiguredTarget };
  return withRequestPerson(console.db, request, async (person, key) => {
    let pack = await beginPackage(context, request, person, key);
    if (!pack.passphrase) throw new Error("a package that is not handed out has its passphrase");
    const passphrase = key.open(passphrasePlace(pack.id), pack.passphrase).toString();
    if (pack.state !== "ready") {
      const plan = await readPlan(console.db, key, pack.id);
      const collected = await collectRows(
        {
          ...context,
          ...(pageRows !== undefined && { pageRows }),
          async onPage({ events }) {
            job.progress(events, null, "events");
            await job.checkpoint({ package: pack.id, events });
            await reached(`page of ${events}`, signal);
          },
        },
        key,
        pack.id,
        plan,
      );
      await setState(job, pack.id, "sealing");
      await reached("collected", signal);
      // What makes archives and PDF is loaded where it is needed: pages and the command line only ask for this job.
      const { makeDocuments } = await import("./make-documents.ts");
      const { writeArchive } = await import("./write-archive.ts");
      const given = { request, person, plan, collected, writtenAt: pack.beganAt };
      const documents = await makeDocuments(context, given);
      const input = { packageId: pack.id, key, passphrase, kind: plan.kind, collected, documents };
      const archive = await writeArchive(context, { ...input, at: pack.beganAt });
      await reached("archive", signal);
      pack = await finishPackage(job, pack, archive, collected.head.events);
    }
    await reached("ready", signal);
    const { verifyArchive } = await import("./verify-archive.ts");
    const { id, bytes, events, sha256 } = pack;
    const files = z.array(packageFile).parse(pack.files);
    await verifyArchive(
      console,
      { packageId: id, passphrase, bytes, sha256: sha256 ?? "", files },
      signal,
    ).catch((thrown: unknown) => dropDiffering(job, pack, thrown));
    await job.once(`verified ${id}`, async (tx) => {
      const row = await lockRequest(tx, request.id);
      if (row.state !== "verifying") return;
      await moveRequest(tx, row, "finish_verification", {
        actor: null,
        now: now(),
        guard: { remainderListed: true },
        set: { problem: null },
        facts: { package: id, sha256 },
      });
    });
    job.progress(events, events, "events");
    return { package: id, events, bytes };
  });
}

/** One that differs always will: it is deleted, so that whoever resumes the request has another one made. */
async function dropDiffering(job: JobContext, pack: PackageRow, thrown: unknown): Promise<never> {
  if (toAppError(thrown).code === "CONFLICT" && !job.signal.aborted)
    await job.write((tx) => purgePackage(tx, pack, { why: "superseded", actor: null, now: job.now() }));
  throw thrown;
}

async function setState({ write }: JobContext, id: string, state: "sealing"): Promise<void> {
  const { requestPackage } = schema;
  await write((tx) => tx.update(requestPackage).set({ state }).where(eq(requestPackage.id, id)));
}

/** It is whole: what it was made of goes, and the request goes on. Once: an attempt that lost its claim finishes nothing. */
async function finishPackage(
  job: JobContext,
  { id, requestId }: PackageRow,
  { bytes, sha256, files, pieces }: WrittenArchive,
  events: number,
): Promise<PackageRow> {
  const { requestPackage } = schema;
  await job.once(`ready ${id}`, async (tx) => {
    const now = job.now();
    await tx
      .update(requestPackage)
      .set({ state: "ready", readyAt: now, events, bytes, sha256, files })
      .where(eq(requestPackage.id, id));
    await deletePieces(tx, id, "part");
    const facts = { package: id, events, bytes, pieces, sha256, files };
    await writeRequestEvent(tx, { id: requestId }, { kind: "package_ready", actor: null, now, facts });
    const request = await lockRequest(tx, requestId);
    if (request.state === "executing")
      await moveRequest(tx, request, "finish_execution", {
        ...{ actor: null, now, facts: { package: id } },
        set: { problem: null },
      });
  });
  const [row] = await job.console.db.select().from(requestPackage).where(eq(requestPackage.id, id));
  return row as PackageRow;
}

/** However long that takes: what was collected stays. Its state may have changed since it was begun. */
async function waitForTarget(job: JobContext, id: string, { message }: AppError): Promise<never> {
  const { waited } = { waited: 0, ...(job.restored as { waited?: number } | null) };
  await job.checkpoint({ waited: waited + 1 });
  const request = await requireRequest(job.console.db, id);
  return waitForAway(job, { request, state: request.state, unfinished: [message], waited });
}

/** Once it is not tried again, the request waits for somebody to resume it; what was collected stays until then. */
async function tellFailure(job: JobContext, request: string, { code }: AppError): Promise<void> {
  const { job: jobs } = schema;
  const [own] = await job.console.db
    .select({ failures: jobs.failures })
    .from(jobs)
    .where(eq(jobs.id, job.id));
  if ((own?.failures ?? 0) < retryLimit && !notFor.includes(code)) return;
  await job.write((tx) => failRequest(tx, job, request, ["executing", "verifying"], { code, jobId: job.id }));
}
