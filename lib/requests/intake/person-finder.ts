import { and, desc, eq, gt, inArray, isNotNull, sql } from "drizzle-orm";
import type { MasterKeys } from "../../audit-db/vault/types.ts";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import { isEnd } from "../../request-law/states.ts";
import { openRequestKeys, type RequestKey, type RequestPerson } from "../sealed.ts";
import type { EarlierErasure } from "./request-input.ts";

/** What is no one person's alone says nothing of who asks. */
const shared: readonly string[] = ["name", "ip"];

/** What tells the person from others: each of it is kept as a digest. */
export function tellingIdentifiers({ identifiers }: Pick<RequestPerson, "identifiers">): string[] {
  return identifiers.filter(({ kind }) => !shared.includes(kind)).map(({ value }) => value);
}

export interface SamePerson {
  /** Numbers of open requests of the same kind, the oldest first. */
  duplicates: number[];
  /** The newest erasure that was carried out for them, and not answered with an earlier one. */
  earlier: EarlierErasure | null;
}

const batch = 500;

/** Finds people again, reading and opening each request once however often it is asked; to be forgotten with its keys. */
export interface PersonFinder {
  find(kind: RequestKind, identifiers: readonly string[]): Promise<SamePerson>;
  forget(): void;
}

/**
 * Requests of one kind by the same person, of all whose keys are not destroyed: an identifier is found under each request's
 * own key, so that no index over all of them leads from one to another. For a transaction that holds the lock of intake.
 */
export function createPersonFinder(db: Queryable, masterKeys: MasterKeys): PersonFinder {
  const opened = new Map<RequestKind, Opened[]>();
  return {
    async find(kind, identifiers) {
      if (identifiers.length === 0) return { duplicates: [], earlier: null };
      const known = opened.get(kind) ?? [];
      opened.set(kind, known);
      for (;;) {
        const rows = await readBatch(db, kind, known.at(-1)?.number ?? 0);
        known.push(...(await openBatch(db, masterKeys, rows)));
        if (rows.length < batch) break;
      }
      const found = known.filter(({ key, digests }) =>
        identifiers.some((one) => key && digests.has(key.digest(one).toString("hex"))),
      );
      const closed = kind === "erasure" ? found.filter(({ state }) => state === "closed").toReversed() : [];
      return {
        duplicates: found.filter(({ state }) => !isEnd(state)).map(({ number }) => number),
        earlier: await findEarlier(db, closed),
      };
    },
    forget() {
      for (const { key } of [...opened.values()].flat()) key?.forget();
      opened.clear();
    },
  };
}

type Row = Awaited<ReturnType<typeof readBatch>>[number];
/** Without a key where that does not open. */
type Opened = Row & { key: RequestKey | undefined; digests: ReadonlySet<string> };

function readBatch(db: Queryable, kind: RequestKind, after: number) {
  const { privacyRequest: request } = schema;
  return db
    .select({ id: request.id, number: request.number, state: request.state, closedAt: request.closedAt })
    .from(request)
    .where(and(eq(request.kind, kind), isNotNull(request.sealed), gt(request.number, after)))
    .orderBy(request.number)
    .limit(batch);
}

async function openBatch(db: Queryable, masterKeys: MasterKeys, rows: readonly Row[]): Promise<Opened[]> {
  if (rows.length === 0) return [];
  const { requestIdentifier } = schema;
  const ids = rows.map(({ id }) => id);
  const kept = await db.select().from(requestIdentifier).where(inArray(requestIdentifier.requestId, ids));
  const digests = Map.groupBy(kept, ({ requestId }) => requestId);
  const keys = await openRequestKeys(db, masterKeys, ids);
  return rows.map((row) => ({
    ...row,
    key: keys.get(row.id),
    digests: new Set(digests.get(row.id)?.map(({ digest }) => digest.toString("hex"))),
  }));
}

type Closed = Pick<Row, "id" | "number" | "closedAt">;

/**
 * The newest that destroyed something. One that was answered with an earlier receipt leads on to that, also where what the
 * earlier request said of the person is destroyed by now; without any, the newest that was certified.
 * @param closed the newest first
 */
async function findEarlier(db: Queryable, closed: readonly Closed[]): Promise<EarlierErasure | null> {
  let certified: EarlierErasure | null = null;
  for (const row of closed)
    for (let at: Closed | null = row; at; at = await readAnsweredWith(db, at)) {
      const earlier: EarlierErasure | null = await readEarlier(db, at);
      if (earlier && earlier.receipts.length > 0) return earlier;
      certified ??= earlier;
    }
  return certified;
}

/** The request whose receipts this one was answered with. */
async function readAnsweredWith(db: Queryable, { id, number }: Closed): Promise<Closed | null> {
  const { privacyRequest: request } = schema;
  const [row] = await db
    .select({ id: request.id, number: request.number, closedAt: request.closedAt })
    .from(request)
    .where(
      sql`${request.number} < ${number} and ${request.number} in (
        select (facts ->> 'earlier')::bigint from privacy_request_event
        where request_id = ${id} and kind = 'erasure' and jsonb_typeof(facts -> 'earlier') = 'number')`,
    )
    .orderBy(desc(request.number))
    .limit(1);
  return row ?? null;
}

/** What was destroyed for an earlier request; null where none was, such as one that was refused. */
async function readEarlier(db: Queryable, { id, number, closedAt }: Closed): Promise<EarlierErasure | null> {
  const receipts = await db.execute<{ entry: number; target: string; policy: string }>(sql`
    select erasure.entry::int as entry, erasure.target, erasure.policy
    from privacy_request_erasure as link join erasure on erasure.id = link.erasure_id
    where link.request_id = ${id} and erasure.entry is not null order by erasure.entry`);
  const { requestCertificate } = schema;
  const [certificate] = await db
    .select({ sha256: requestCertificate.sha256 })
    .from(requestCertificate)
    .where(eq(requestCertificate.requestId, id))
    .orderBy(desc(requestCertificate.n))
    .limit(1);
  if (receipts.length === 0 && !certificate) return null;
  return {
    request: number,
    closedAt: closedAt?.toISOString() ?? null,
    receipts: [...receipts],
    certificate: certificate?.sha256 ?? null,
  };
}
