import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient } from "../../audit-db/pool/open-client.ts";
import { findExcessRights } from "../../audit-db/schema/explain-rights.ts";
import { saveProgress } from "../../demo/progress-file.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { type DemoDatabase, prepareDemoDatabase } from "./demo-database.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "audit-demo-database-"));
const progressFile = path.join(dataDir, "demo.json");
let cluster: Cluster;
let demo: DemoDatabase;

beforeAll(async () => {
  cluster = await startCluster(18);
  symlinkSync(cluster.dataDir, path.join(dataDir, "audit"));
});

afterAll(async () => {
  await cluster.destroy();
  rmSync(dataDir, { recursive: true });
});

const urlOf = (database: string) => {
  const url = new URL(cluster.url);
  url.pathname = `/${database}`;
  return url.href;
};
const prepare = async (folder = dataDir) => {
  const said: string[] = [];
  demo = await prepareDemoDatabase(
    { url: urlOf },
    { dataDir: folder, passwordOf: () => "test", say: (text) => said.push(text) },
  );
  return said;
};
const ask = async (text: string) => {
  const sql = postgres(urlOf("audit"), { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
};
const markRow = () => ask("create table if not exists still_here ()");
const stillHere = async () => (await ask("select to_regclass('still_here') is not null as yes"))[0]?.yes;
const writeEdition = (edition: number) =>
  writeFileSync(
    progressFile,
    JSON.stringify({ systemIdentifier: "1", anchor: new Date(), daysDone: 3, complete: true, edition }),
  );

test("one that is up to date stays, with its progress", async () => {
  expect(await prepare()).toEqual([]);
  await markRow();
  saveProgress(dataDir, { systemIdentifier: "1", anchor: new Date(), daysDone: 3, complete: true });
  expect(await prepare()).toEqual([]);
  expect(await stillHere()).toBe(true);
  expect(JSON.parse(readFileSync(progressFile, "utf8"))).toMatchObject({ daysDone: 3, edition: 2 });
});

test("its explain role reads the tables of events and can do nothing else", async () => {
  const sql = openClient(demo.target.explainUrl ?? "", "explain", { max: 1 });
  try {
    expect(await findExcessRights(sql)).toEqual([]);
    const readable = await sql`
      select relname as "name" from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and has_table_privilege(oid, 'SELECT')
      order by 1`;
    expect(readable.map(({ name }) => name)).toEqual([
      "audit_fence",
      "audit_log",
      "audit_quarantine",
      "retention_policy",
    ]);
  } finally {
    await sql.end();
  }
});

test("one that an older program filled is made anew, and the history begins again", async () => {
  writeEdition(1);
  expect(await prepare()).toEqual([expect.stringContaining("anew")]);
  expect(await stillHere()).toBe(false);
  expect(existsSync(progressFile)).toBe(false);
});

test("so is one without leaves", async () => {
  await markRow();
  await ask("alter table audit_log drop column leaf cascade");
  expect(await prepare()).toEqual([expect.stringContaining("anew")]);
  expect(await stillHere()).toBe(false);
});

test("one without the mark, or of another folder, is never dropped", async () => {
  await markRow();
  writeEdition(1);
  const elsewhere = path.join(dataDir, "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(path.join(elsewhere, "demo.json"), readFileSync(progressFile));
  expect(await prepare(elsewhere)).toEqual([]);
  await ask("comment on database audit is null");
  expect(await prepare()).toEqual([]);
  expect(await stillHere()).toBe(true);
});
