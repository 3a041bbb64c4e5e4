import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { ErasureState } from "../../drizzle/console/schema/privacy.ts";
import type { packageStates } from "../../drizzle/console/schema/request-packages.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { findPackage } from "./package/find-package.ts";
import type { RequestRow } from "./read-request.ts";
import { findScan, type ScanRow } from "./scan/find-scan.ts";
import type { ScanPlace } from "./scan-types.ts";

/** A file without its name, which is sealed. */
export interface RequestFileEntry {
  id: string;
  addedAt: string;
  addedBy: string;
  bytes: number;
  sha256: string;
  mediaType: string;
  kept: boolean;
}

export interface RequestPackage {
  id: string;
  state: (typeof packageStates)[number];
  jobId: string | null;
  beganAt: string;
  readyAt: string | null;
  events: number;
  bytes: number;
  sha256: string | null;
  linkUntil: string | null;
  downloadedAt: string | null;
  purgedAt: string | null;
}

export interface RequestScan {
  id: string;
  state: "running" | "done" | "failed";
  jobId: string | null;
  beganAt: string;
  endedAt: string | null;
  places: ScanPlace[];
}

/** An erasure that carries the request out: of which policy, never of whom. */
export interface RequestErasure {
  id: string;
  target: string;
  policy: string;
  state: ErasureState;
  dueAt: string | null;
  destroyedAt: string | null;
  entry: number | null;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Numbers of requests that this one is a duplicate of, and that are duplicates of it. */
export async function readLinks(db: Queryable, { id, duplicateOf }: RequestRow) {
  const { privacyRequest: request } = schema;
  const numbers = async (where: ReturnType<typeof eq>) =>
    (await db.select({ number: request.number }).from(request).where(where).orderBy(request.number)).map(
      ({ number }) => number,
    );
  const [goesOnAs = null] = duplicateOf === null ? [] : await numbers(eq(request.id, duplicateOf));
  return { duplicateOf: goesOnAs, duplicates: await numbers(eq(request.duplicateOf, id)) };
}

export async function readFiles(db: Queryable, requestId: string): Promise<RequestFileEntry[]> {
  const { requestFile: file } = schema;
  const rows = await db
    .select({
      id: file.id,
      addedAt: file.addedAt,
      addedBy: file.addedByName,
      bytes: file.bytes,
      sha256: file.sha256,
      mediaType: file.mediaType,
      kept: sql<boolean>`${isNotNull(file.sealed)}`,
    })
    .from(file)
    .where(eq(file.requestId, requestId))
    .orderBy(file.addedAt, file.id);
  return rows.map(({ addedAt, ...row }) => ({ ...row, addedAt: addedAt.toISOString() }));
}

export async function readPackage(db: Queryable, requestId: string): Promise<RequestPackage | null> {
  const row = await findPackage(db, { id: requestId });
  if (!row) return null;
  const { id, state, jobId, events, bytes, sha256 } = row;
  return {
    ...{ id, state, jobId, events, bytes, sha256 },
    beganAt: row.beganAt.toISOString(),
    readyAt: iso(row.readyAt),
    linkUntil: iso(row.linkUntil),
    downloadedAt: iso(row.downloadedAt),
    purgedAt: iso(row.purgedAt),
  };
}

export async function readScan(db: Queryable, requestId: string): Promise<RequestScan | null> {
  const row = await findScan(db, requestId);
  return row ? scanOf(row) : null;
}

export function scanOf({ id, state, jobId, beganAt, endedAt, places }: ScanRow): RequestScan {
  return {
    ...{ id, state, jobId, beganAt: beganAt.toISOString(), endedAt: iso(endedAt) },
    places: (places ?? []) as ScanPlace[],
  };
}

export async function readCertificates(db: Queryable, requestId: string) {
  const { requestCertificate: certificate } = schema;
  const rows = await db
    .select({
      n: certificate.n,
      signedAt: certificate.signedAt,
      kid: certificate.kid,
      sha256: certificate.sha256,
    })
    .from(certificate)
    .where(eq(certificate.requestId, requestId))
    .orderBy(certificate.n);
  return rows.map(({ signedAt, ...row }) => ({ ...row, signedAt: signedAt.toISOString() }));
}

export async function readErasures(db: Queryable, requestId: string): Promise<RequestErasure[]> {
  const { requestErasure, erasure } = schema;
  const rows = await db
    .select({
      id: erasure.id,
      target: erasure.target,
      policy: erasure.policy,
      state: erasure.state,
      dueAt: erasure.dueAt,
      destroyedAt: erasure.destroyedAt,
      entry: erasure.entry,
    })
    .from(requestErasure)
    .innerJoin(erasure, and(eq(erasure.id, requestErasure.erasureId)))
    .where(eq(requestErasure.requestId, requestId))
    .orderBy(erasure.target, erasure.policy, erasure.id);
  return rows.map((row) => ({ ...row, dueAt: iso(row.dueAt), destroyedAt: iso(row.destroyedAt) }));
}
