import { createHash, type Hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { actorContext, targetContext } from "../../audit-db/append/append-rows.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import type { SealedPerson } from "../../audit-db/vault/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import type { RequestKey } from "../sealed.ts";
import { csvHeader, toldEvent } from "./event-record.ts";
import { deflatePart, inflatePart, type PageHead, readCsvPage, readJsonPage, writePage } from "./parts.ts";
import { beginning, type PackagePlan, type PackagePosition } from "./plan.ts";
import { isoOf, type PackageRow, readPage } from "./read-page.ts";

/** Rows of a page that is kept: about a megabyte of each piece. */
export const pageRows = 4_000;
/** Rows of one statement. Few, so that they are gone before the collector has to move them. */
const rowsAtOnce = 1_000;

export interface CollectContext {
  console: ConsoleDb;
  openTarget(name: string): AuditDb;
  signal: AbortSignal;
  /** Told after each page that is kept; what it throws ends the collecting. */
  onPage(head: PageHead): Promise<void>;
  /** Tests make it smaller. */
  pageRows?: number;
}

/** What was collected, all of it. */
export interface Collected {
  pages: number;
  head: PageHead;
  /** Of the whole files. */
  files: Record<"json" | "csv", { bytes: number; sha256: string }>;
}

const nothing: PageHead = {
  position: beginning,
  events: 0,
  counts: [],
  fields: [],
};

/** The end of a JSON array whose lines the pages are. */
export const jsonEnd = "\n]\n";

/**
 * Reads every row of a plan, decrypts the person's fields and keeps a page at a time, from where an earlier attempt ended.
 * The next rows are read, and the page before compressed and kept, while these are decrypted.
 * @throws AppError UNSUPPORTED without a vault, UNAVAILABLE, what `onPage` throws
 */
export async function collectRows(
  context: CollectContext,
  key: RequestKey,
  packageId: string,
  plan: PackagePlan,
): Promise<Collected> {
  const files = { json: summing(), csv: summing() };
  let { page, head } = await replayPages(context, key, packageId, files);
  const most = context.pageRows ?? pageRows;
  const next = ahead(readRows(context, plan, head.position, Math.min(most, rowsAtOnce)));
  let told = noTexts();
  let kept: Promise<void> = Promise.resolve();
  const keep = async () => {
    await kept;
    kept = keepPage(context, key, packageId, page++, head, told);
    kept.catch(() => {});
    told = noTexts();
  };
  for (let read = await next(); !read.done; read = await next()) {
    context.signal.throwIfAborted();
    const { rows, position } = read.value;
    const texts = await tellRows(context, plan, position.stream, rows, head.events === 0);
    for (const json of texts.json) files.json.add(json);
    for (const csv of texts.csv) files.csv.add(csv);
    head = add(head, plan, position, rows, texts);
    told = {
      rows: told.rows + rows.length,
      json: [...told.json, ...texts.json],
      csv: [...told.csv, ...texts.csv],
    };
    if (told.rows >= most) await keep();
  }
  if (told.rows > 0) await keep();
  await kept;
  files.json.add(Buffer.from(head.events === 0 ? `[${jsonEnd}` : jsonEnd));
  if (head.events === 0) files.csv.add(Buffer.from(csvHeader(plan.kind)));
  return { pages: page, head, files: { json: files.json.sum(), csv: files.csv.sum() } };
}

/** What is told of rows and not kept yet. */
interface ToldRows {
  rows: number;
  json: Buffer[];
  csv: Buffer[];
}

const noTexts = (): ToldRows => ({ rows: 0, json: [], csv: [] });

async function keepPage(
  { console, onPage }: CollectContext,
  key: RequestKey,
  packageId: string,
  page: number,
  head: PageHead,
  { json, csv }: ToldRows,
): Promise<void> {
  const [first, second] = await Promise.all([deflatePart(json), deflatePart(csv)]);
  await writePage(console, key, packageId, page, { head, json: first, csv: second });
  await onPage(head);
}

/** Goes on behind what was kept; its texts are read once more for their sums. */
async function replayPages(
  { console: { db } }: CollectContext,
  key: RequestKey,
  packageId: string,
  files: Record<"json" | "csv", Summing>,
): Promise<{ page: number; head: PageHead }> {
  let head = nothing;
  for (let page = 0; ; page++) {
    const json = await readJsonPage(db, key, packageId, page);
    const csv = await readCsvPage(db, key, packageId, page);
    if (!json || !csv) return { page, head };
    head = json.head;
    files.json.add(inflatePart(json.compressed));
    files.csv.add(inflatePart(csv));
  }
}

interface RowPage {
  rows: PackageRow[];
  /** Behind the last of them. */
  position: PackagePosition;
}

async function* readRows(
  { openTarget }: CollectContext,
  plan: PackagePlan,
  begin: PackagePosition,
  limit: number,
): AsyncGenerator<RowPage> {
  for (const [stream, asked] of plan.streams.entries()) {
    if (stream < begin.stream) continue;
    const audit = openTarget(asked.target);
    let after = stream === begin.stream ? begin.after : null;
    while (true) {
      const rows = await readPage(audit, asked, plan, after, limit);
      const last = rows.at(-1);
      if (!last) break;
      after = { occurredAt: isoOf(last.occurredAt), id: last.id };
      yield { rows, position: { stream, after } };
      if (rows.length < limit) break;
    }
  }
}

/** Asks for the next one before this one is worked on. */
function ahead<T>(pages: AsyncGenerator<T>): () => Promise<IteratorResult<T>> {
  const ask = () => {
    const asked = pages.next();
    asked.catch(() => {});
    return asked;
  };
  let next = ask();
  return async () => {
    const now = await next;
    if (!now.done) next = ask();
    return now;
  };
}

interface Texts {
  json: Buffer[];
  csv: Buffer[];
  fields: Set<string>;
}

/** Rows that are decrypted without giving others their turn. */
const inOneTurn = 250;

async function tellRows(
  { openTarget }: CollectContext,
  plan: PackagePlan,
  stream: number,
  rows: readonly PackageRow[],
  first: boolean,
): Promise<Texts> {
  const target = plan.streams[stream]?.target ?? "";
  const { vault } = openTarget(target);
  if (!vault)
    throw new AppError("UNSUPPORTED", "This console has no keys: nobody's data can be read.", {
      hint: "Set MASTER_KEY_FILE.",
    });
  const mine = new Set(plan.tokens[target]);
  const shown = new Set(plan.revealed[target]);
  const own = new Set(plan.own.map((value) => value.toLowerCase()));
  const fields = new Set<string>();
  const texts: Texts = { json: [], csv: [], fields };
  // Joined, many texts are written at once; added up one by one they would be a tree that is walked to be written.
  let json = first ? ["["] : [];
  let csv = first ? [csvHeader(plan.kind)] : [];
  let between = first ? "\n" : ",\n";
  const revealed = (await vault.reveal(rows.flatMap((row) => sealedOf(row, target)))).values();
  for (let at = 0; at < rows.length; at += inOneTurn) {
    await nextTurn();
    for (const row of rows.slice(at, at + inOneTurn)) {
      const { actorToken, targetToken } = row;
      const people = {
        database: target,
        isActor: actorToken !== null && mine.has(actorToken),
        isTarget: targetToken !== null && mine.has(targetToken),
        actor: actorToken && row.actorPersonal ? (revealed.next().value ?? null) : null,
        target: targetToken && row.targetPersonal ? (revealed.next().value ?? null) : null,
        own,
        revealed: shown.has(row.id),
      };
      for (const found of [people.isActor && people.actor, people.isTarget && people.target])
        if (found && found.state === "readable") for (const name in found.person) fields.add(name);
      const told = toldEvent(row, people, plan.kind);
      json.push(between, told.json);
      csv.push(told.csv);
      between = ",\n";
    }
    texts.json.push(Buffer.from(json.join("")));
    texts.csv.push(Buffer.from(csv.join("")));
    [json, csv] = [[], []];
  }
  return texts;
}

function sealedOf(row: PackageRow, target: string): SealedPerson[] {
  const { id, actorToken, actorPersonal, targetToken, targetPersonal, retentionPolicy: policy } = row;
  const sealed: SealedPerson[] = [];
  if (actorToken && actorPersonal)
    sealed.push({ token: actorToken, personal: actorPersonal, context: actorContext(id), target, policy });
  if (targetToken && targetPersonal)
    sealed.push({ token: targetToken, personal: targetPersonal, context: targetContext(id), target, policy });
  return sealed;
}

function add(
  head: PageHead,
  plan: PackagePlan,
  position: PackagePosition,
  rows: readonly PackageRow[],
  { fields }: Texts,
): PageHead {
  const { target = "", policy = "", role = "actor" } = plan.streams[position.stream] ?? {};
  const [oldest = "", newest = ""] = [rows[0], rows.at(-1)].map((row) => (row ? isoOf(row.occurredAt) : ""));
  const same = head.counts.find((one) => one.target === target && one.policy === policy && one.role === role);
  const counted = {
    target,
    policy,
    role,
    events: (same?.events ?? 0) + rows.length,
    oldest: same && same.oldest < oldest ? same.oldest : oldest,
    newest: same && same.newest > newest ? same.newest : newest,
  };
  return {
    position,
    events: head.events + rows.length,
    counts: same ? head.counts.map((one) => (one === same ? counted : one)) : [...head.counts, counted],
    fields: [...new Set([...head.fields, ...fields])].sort(),
  };
}

type Summing = ReturnType<typeof summing>;

function summing() {
  const hash: Hash = createHash("sha256");
  let bytes = 0;
  return {
    add(text: Buffer) {
      hash.update(text);
      bytes += text.length;
    },
    sum: () => ({ bytes, sha256: hash.digest("hex") }),
  };
}
