import { createHash, type Hash } from "node:crypto";
import type { AuditDb } from "../../audit-db/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import type { RequestKey } from "../sealed.ts";
import { deflatePart, inflatePart } from "./deflate-part.ts";
import { csvHeader } from "./event-record.ts";
import { addRows, emptyHead, type PageHead } from "./page-head.ts";
import type { PackagePlan } from "./plan.ts";
import { ahead, readRows } from "./read-rows.ts";
import { deletePagesFrom, readKeptPage, writePage } from "./stored-pieces.ts";
import { tellRows } from "./tell-rows.ts";

/** Rows of a page that is kept: about a megabyte of each piece. */
export const pageRows = 4_000;
/** Rows of one statement. Few, so that they are gone before the collector has to move them. */
const rowsAtOnce = 1_000;

export interface CollectContext {
  console: ConsoleDb;
  openTarget(name: string): AuditDb;
  signal: AbortSignal;
  write: JobContext["write"];
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
  const next = ahead(readRows(context.openTarget, plan, head.position, Math.min(most, rowsAtOnce)));
  let told = noTexts();
  let kept: Promise<void> = Promise.resolve();
  const keep = async () => {
    await kept;
    kept = keepPage(context, key, packageId, page++, head, told);
    kept.catch(() => {});
    told = noTexts();
  };
  try {
    for (let read = await next(); !read.done; read = await next()) {
      context.signal.throwIfAborted();
      const { rows, position } = read.value;
      const texts = await tellRows(context.openTarget, plan, position.stream, rows, head.events === 0);
      for (const json of texts.json) files.json.add(json);
      for (const csv of texts.csv) files.csv.add(csv);
      head = addRows(head, plan, position, rows, texts.fields);
      told = {
        rows: told.rows + rows.length,
        json: [...told.json, ...texts.json],
        csv: [...told.csv, ...texts.csv],
      };
      if (told.rows >= most) await keep();
    }
    if (told.rows > 0) await keep();
    await kept;
  } finally {
    // The caller forgets the key as soon as this ends, however it does.
    await Promise.allSettled([kept]);
  }
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
  { write, onPage }: CollectContext,
  key: RequestKey,
  packageId: string,
  page: number,
  head: PageHead,
  { json, csv }: ToldRows,
): Promise<void> {
  const [first, second] = await Promise.all([deflatePart(json), deflatePart(csv)]);
  await write((tx) => writePage(tx, key, packageId, page, { head, json: first, csv: second }));
  await onPage(head);
}

/** Goes on behind what was kept; its texts are read once more for their sums. */
async function replayPages(
  { console: { db }, write }: CollectContext,
  key: RequestKey,
  packageId: string,
  files: Record<"json" | "csv", Summing>,
): Promise<{ page: number; head: PageHead }> {
  let head = emptyHead;
  for (let page = 0; ; page++) {
    const kept = await readKeptPage(db, key, packageId, page);
    if (!kept) {
      await write((tx) => deletePagesFrom(tx, packageId, page));
      return { page, head };
    }
    head = kept.json.head;
    files.json.add(inflatePart(kept.json.compressed));
    files.csv.add(inflatePart(kept.csv));
  }
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
