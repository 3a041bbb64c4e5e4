import { sql } from "drizzle-orm";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { env } from "../../env.ts";
import { AppError } from "../../errors.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { openSigningKey } from "../../key-store/sign.ts";
import type { ErasureRow } from "../../privacy/erasure/erasures.ts";
import { readLinkedErasures } from "../erasure/linked-erasures.ts";
import { destructionEvents } from "../erasure/tell-destroyed.ts";
import { writeRequestEvent } from "../move-request.ts";
import { requireRequest } from "../read-request.ts";
import { requestJobInput } from "../request-job.ts";
import { type Bundle, signBundle } from "./bundle.ts";
import { collectStatement } from "./collect-statement.ts";
import { type LeafDigest, readLeafDigest } from "./leaf-digest.ts";
import type { Statement } from "./statement.ts";

export interface Certified {
  n: number;
  kid: string;
  sha256: string;
}

/**
 * Signs what happened to a closed request: the certificate at first, and a supplement for what was destroyed since. The
 * leaves of what is erased are read from the targets; their digests are kept, so that a run that is cut off goes on.
 */
export const certifyJob = defineJob({
  name: "privacy.certify",
  title: "Sign the certificate of a request",
  input: requestJobInput,
  oneAtATime: false,
  retry: { limit: 5, delaySeconds: 60, backoff: true },
  async run(job, { request }): Promise<Certified | null> {
    const { db } = job.console;
    const row = await requireRequest(db, request);
    if (row.state !== "closed")
      throw new AppError(
        "CONFLICT",
        `Request #${row.number} is ${row.state}: it is certified once it is closed.`,
      );
    const { told } = await readCertified(db, request);
    const fresh = (await readLinkedErasures(db, request)).filter(
      ({ id, state }) => state === "destroyed" && !told.has(id),
    );
    const erased: Statement["erased"] = [];
    for (const [nth, erasure] of fresh.entries()) {
      job.progress(nth, fresh.length, "keys");
      erased.push(await tellErased(job, erasure));
    }
    job.progress(fresh.length, fresh.length, "keys");
    return job.once("signed", (tx) => certify(tx, job, request, erased));
  },
});

async function tellErased(job: JobContext, row: ErasureRow): Promise<Statement["erased"][number]> {
  const { id, token, target, policy, destroyedAt, entry } = row;
  const leaves: LeafDigest = await job.once(`leaves of ${id}`, {
    do: () => readLeafDigest(openConfiguredTarget(target), { token, policy }, job.signal),
  });
  return {
    ...{ erasure: id, target, policy, entry, ...leaves },
    destroyedAt: (destroyedAt ?? job.now()).toISOString(),
  };
}

/** In one transaction with its row and the line of the timeline; nobody else signs one of the same number. */
async function certify(
  tx: Tx,
  job: JobContext,
  request: string,
  erased: Statement["erased"],
): Promise<Certified | null> {
  await tx.execute(sql`select from privacy_request where id = ${request} for update`);
  const row = await requireRequest(tx, request);
  const { last, first, told } = await readCertified(tx, request);
  const destructions = await readDestructions(tx, request);
  // Another run of it was quicker.
  if (last !== null && last.told >= destructions.length) return null;
  const now = job.now();
  const n = (last?.n ?? 0) + 1;
  const of = first?.sha256 ?? null;
  const news = erased.filter(({ erasure }) => !told.has(erasure));
  const statement = await collectStatement(tx, row, { n, of, erased: news, now });
  const auditTargets = env().targets.map(({ name }) => name);
  const signing = await openSigningKey(tx, { masterKeys: openMasterKeys(), auditTargets });
  const { text, sha256 } = await signBundle(statement, signing);
  const { kid } = signing;
  await tx.insert(schema.requestCertificate).values({
    id: uuidV7(now.getTime()),
    requestId: request,
    ...{ n, kid, sha256 },
    signedAt: now,
    // One that came through while leaves were read is told by a supplement.
    told: destructions.filter(
      (id) => id === null || told.has(id) || news.some(({ erasure }) => erasure === id),
    ).length,
    bundle: text,
  });
  const kind = n === 1 ? "certificate" : "supplement";
  await writeRequestEvent(tx, row, { kind, actor: null, now, facts: { n, sha256, kid } });
  return { n, kid, sha256 };
}

interface CertificateRow {
  n: number;
  sha256: string;
  told: number;
}

/** What is certified already, and the erasures that it tells. */
async function readCertified(db: JobContext["console"]["db"] | Tx, request: string) {
  const rows = await db.execute<
    { n: number; sha256: string; told: number; bundle: string } & Record<string, unknown>
  >(sql`
    select n, sha256, told, bundle from privacy_request_certificate where request_id = ${request} order by n`);
  const told = new Set(
    rows.flatMap(({ bundle }) =>
      (JSON.parse(bundle) as Bundle).statement.erased.map(({ erasure }) => erasure),
    ),
  );
  const known: CertificateRow[] = rows.map(({ n, sha256, told }) => ({ n, sha256, told }));
  return { first: known[0] ?? null, last: known.at(-1) ?? null, told };
}

/** Ids of the erasures that its timeline tells as destroyed; null for each redaction. */
async function readDestructions(tx: Tx, request: string): Promise<(string | null)[]> {
  const rows = await tx.execute<{ erasure: string | null }>(sql`
    select facts ->> 'erasure' as erasure from privacy_request_event as event
    where request_id = ${request} and ${destructionEvents}`);
  return rows.map(({ erasure }) => erasure);
}
