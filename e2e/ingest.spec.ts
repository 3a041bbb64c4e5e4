import { randomBytes } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { test as base, event, expect, ndjson, path, summaryOf } from "./support/ingest.ts";
import { chunk, lastChunk, sendRaw } from "./support/send-raw.ts";
import { startWebProcess, type WebProcess } from "./support/web-process.ts";

const mebibyte = 1024 * 1024;

/** One web process for the bodies. */
const test = base.extend<object, { web: WebProcess }>({
  web: [
    async ({ servers: _ }, use) => {
      const web = await startWebProcess();
      await use(web);
      await web.stop();
    },
    { scope: "worker" },
  ],
});

// Web processes of its own start in it.
test.describe.configure({ timeout: 240_000 });

/** A line of exactly so many bytes, its line feed among them. */
function lineOf(bytes: number, organizationId: string): string {
  const bare = event(organizationId, { details: { pad: "" } });
  return `${event(organizationId, { details: { pad: "x".repeat(bytes - bare.length - 1) } })}\n`;
}

/** Cut as a client that streams sends it. */
function* cut(body: Uint8Array, pieceBytes = 65_536): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
}

function post(web: WebProcess, token: string, body: Uint8Array, headers: Record<string, string>) {
  const stream = new ReadableStream({
    start(controller) {
      for (const piece of cut(body)) controller.enqueue(piece);
      controller.close();
    },
  });
  return fetch(`${web.address}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: stream,
    duplex: "half",
  } as RequestInit);
}

const head = (token: string, ...more: string[]) => [
  `POST ${path} HTTP/1.1`,
  "Host: 127.0.0.1",
  `Authorization: Bearer ${token}`,
  `Content-Type: ${ndjson}`,
  "Connection: close",
  ...more,
];

test("a streamed body is read to its end, and the answer says how much that was", async ({
  web,
  token,
  auditSql,
}) => {
  const body = Buffer.from(lineOf(1_024, "ingest-stream").repeat(12_000));
  expect(body.length).toBe(12_288_000);
  const answer = await post(web, token, body, { "content-type": ndjson });
  expect(answer.status).toBe(200);
  expect(summaryOf(await answer.text())).toEqual({
    lines: 12_000,
    bytes: 12_288_000,
    stored: 12_000,
    duplicate: 0,
    quarantined: 0,
    conflict: 0,
    rejected: 0,
  });
  const [row] =
    await auditSql`select count(*)::int as n from audit_log where organization_id = 'ingest-stream'`;
  expect(row?.n).toBe(12_000);
});

test("what a request may hold is what the document says, also packed", async ({ web, token, auditSql }) => {
  // Lines that are no events are read and answered like any other, and write nothing.
  const junk = `${JSON.stringify({ x: "y".repeat(390_000) })}\n`;
  const rows = Math.floor((128 * mebibyte - 1_024) / junk.length);
  const full = Buffer.concat([
    Buffer.from(junk.repeat(rows)),
    Buffer.from(lineOf(128 * mebibyte - rows * junk.length > 60_000 ? 60_000 : 1_024, "ingest-last")),
  ]);
  const largest = Buffer.concat([full, Buffer.alloc(128 * mebibyte - full.length, " ")]);
  const answer = await post(web, token, largest, { "content-type": ndjson });
  expect(answer.status).toBe(207);
  expect(summaryOf(await answer.text())).toMatchObject({
    lines: rows + 1,
    bytes: 134_217_728,
    stored: 1,
    rejected: rows,
  });
  const tooLarge = await post(web, token, Buffer.concat([largest, Buffer.from(" ")]), {
    "content-type": ndjson,
  });
  expect(tooLarge.status).toBe(413);

  for (const [encoding, pack] of [
    ["gzip", (bytes: Uint8Array) => gzipSync(bytes, { level: 1 })],
    ["zstd", (bytes: Uint8Array) => zstdCompressSync(bytes)],
  ] as const) {
    const noise = Array.from(
      { length: 60 },
      () => `${JSON.stringify({ x: randomBytes(200_000).toString("base64") })}\n`,
    );
    const packed = pack(Buffer.from(`${noise.join("")}${lineOf(500, `ingest-${encoding}`)}`));
    expect(packed.length).toBeGreaterThan(11 * mebibyte);
    const taken = await post(web, token, packed, { "content-type": ndjson, "content-encoding": encoding });
    expect(taken.status).toBe(207);
    expect(summaryOf(await taken.text())).toMatchObject({
      lines: 61,
      bytes: packed.length,
      stored: 1,
      rejected: 60,
    });
  }

  const batch = Buffer.alloc(16 * mebibyte, " ");
  batch.write(event("ingest-batch"), 0);
  batch.write(" ", batch.length - 1);
  const whole = await post(web, token, batch, { "content-type": "application/json" });
  expect([whole.status, await whole.json()]).toMatchObject([
    200,
    { bytes: 16_777_216, counts: { stored: 1 } },
  ]);
  const more = await post(web, token, Buffer.concat([batch, Buffer.from(" ")]), {
    "content-type": "application/json",
  });
  expect(more.status).toBe(413);
  const counted = await auditSql`
    select organization_id as organization, count(*)::int as n from audit_log
    where organization_id in ('ingest-last', 'ingest-gzip', 'ingest-zstd', 'ingest-batch') group by 1 order by 1`;
  expect(counted).toEqual(
    ["ingest-batch", "ingest-gzip", "ingest-last", "ingest-zstd"].map((organization) => ({
      organization,
      n: 1,
    })),
  );
});

test("a body that breaks off is never taken for a whole one", async ({ web, token, auditSql }) => {
  const lines = (organization: string) => Buffer.from(lineOf(200, organization).repeat(1_500));
  const send = async (name: string, more: string[], pieces: Uint8Array[], end: "fin" | "open" = "open") => {
    const answer = await sendRaw(web.port, head(token, ...more), pieces, end);
    expect([name, answer.status]).toEqual([name, 400]);
    return answer;
  };
  const chunked = "Transfer-Encoding: chunked";
  const packed = {
    gzip: gzipSync(lines("broken-gzip")),
    zstd: zstdCompressSync(lines("broken-zstd")),
  };
  await send("no last chunk", [chunked], [chunk(lines("broken-chunked"))], "fin");
  await send("half a chunk", [chunked], [chunk(lines("broken-chunk")).subarray(0, 250_000)], "fin");
  await send("a greater Content-Length", ["Content-Length: 900000"], [lines("broken-length")], "fin");
  for (const encoding of ["gzip", "zstd"] as const) {
    const { length } = packed[encoding];
    const as = (bytes: number) => [`Content-Encoding: ${encoding}`, `Content-Length: ${bytes}`];
    const short = packed[encoding].subarray(0, length - 6);
    expect((await send(`${encoding} cut`, as(length - 6), [short])).body).toContain("cut short");
    const trailing = Buffer.concat([packed[encoding], Buffer.from("more")]);
    await send(`${encoding} with more behind it`, as(trailing.length), [trailing]);
    const padded = Buffer.concat([packed[encoding], Buffer.alloc(9)]);
    await send(`${encoding} with zeros behind it`, as(padded.length), [padded]);
  }
  const [row] = await auditSql`
    select count(*)::int as n, max(organization_id) filter (where n % 1000 <> 0) as "odd"
    from (select organization_id, count(*)::int as n from audit_log
          where organization_id like 'broken-%' group by 1) as each`;
  // Whole batches alone, if any.
  expect(row?.odd).toBeNull();
  // Who went away hears no answer: how far it came stands in the log.
  await expect
    .poll(() => web.output().match(/"lastLine":\d+,.*the sender of events went away/g)?.length)
    .toBe(3);
});

test("a hundred megabytes of line feeds in gzip end at the limit of lines", async ({ web, token }) => {
  const body = gzipSync(Buffer.alloc(100_000_000, "\n"));
  const answer = await post(web, token, body, { "content-type": ndjson, "content-encoding": "gzip" });
  expect([answer.status, await answer.json()]).toMatchObject([
    413,
    { detail: "One request holds at most 200000 lines, empty ones among them. No line is stored." },
  ]);
});

test("of lines that are no events none is said to be stored", async ({ web, token }) => {
  const body = Buffer.from("7\n".repeat(200_001));
  const answer = await post(web, token, body, { "content-type": ndjson });
  const problem = (await answer.json()) as { detail: string; ingested: { refused: unknown[] } };
  expect([answer.status, problem]).toMatchObject([
    413,
    { ingested: { lastLine: 200_000, counts: { stored: 0, rejected: 200_000 } } },
  ]);
  expect(problem.detail).toContain("Of the lines up to 200000, none is stored, 200000 were rejected.");
  expect(problem.ingested.refused).toHaveLength(1_000);
});

test("members of a packed body that follow one another are one body", async ({ web, token, auditSql }) => {
  for (const [encoding, pack] of [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const) {
    const organization = `members-${encoding}`;
    const member = () => pack(lineOf(300, organization).repeat(100));
    const body = Buffer.concat([member(), member(), member()]);
    const answer = await sendRaw(
      web.port,
      head(token, `Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`),
      [body],
      "open",
    );
    expect(answer.status).toBe(200);
    const [row] =
      await auditSql`select count(*)::int as n from audit_log where organization_id = ${organization}`;
    expect([encoding, row?.n]).toEqual([encoding, 300]);
  }
});

test("a body that is refused early is answered to a client that reads only once it has sent it", async ({
  web,
  token,
}) => {
  const answer = await sendRaw(
    web.port,
    head(token, `Content-Length: ${20 * mebibyte}`).map((line) => line.replace(ndjson, "application/json")),
    cut(Buffer.alloc(20 * mebibyte, " ")),
    "open",
  );
  expect(answer.status).toBe(413);
  expect(answer.body).toContain("larger than 16 MiB");
});

test("API and metrics carry the headers that keep a browser from guessing", async ({ web }) => {
  for (const address of [path, "/api/v1/openapi.json", "/metrics", "/api/health/live", "/api/auth/csrf"]) {
    const { headers, body } = await fetch(`${web.address}${address}`);
    // Left unread it would keep its connection, and the process with it.
    await body?.cancel();
    expect([
      address,
      headers.get("x-content-type-options"),
      headers.get("x-frame-options"),
      headers.get("referrer-policy"),
    ]).toEqual([address, "nosniff", "DENY", "same-origin"]);
  }
});

test("the sign-in route reads a small body whole, and no other", async ({ web }) => {
  const start = "POST /api/auth/callback/credentials HTTP/1.1";
  const form = "Content-Type: application/x-www-form-urlencoded";
  const to = (...more: string[]) => [start, "Host: 127.0.0.1", form, "Connection: close", ...more];
  const large = Buffer.alloc(12 * mebibyte, "a");
  const refused = await sendRaw(web.port, to(`Content-Length: ${large.length}`), cut(large), "open");
  expect(refused.status).toBe(413);
  const streamed = await sendRaw(
    web.port,
    to("Transfer-Encoding: chunked"),
    [chunk(large.subarray(0, 2 * mebibyte)), lastChunk],
    "open",
  );
  expect(streamed.status).toBe(413);
  const json = await sendRaw(
    web.port,
    to("Content-Length: 22").map((line) => (line === form ? "Content-Type: application/json" : line)),
    [Buffer.from('{"password":"hunter2s"')],
    "open",
  );
  expect(json.status).toBe(400);
  expect(web.output()).not.toContain("hunter2s");
});
