import { setTimeout as delay } from "node:timers/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { event, type Ingest, startIngest } from "@/lib/testing/ingest";

const lines = (events: unknown[]) => events.map((one) => `${JSON.stringify(one)}\n`).join("");
const ndjson = { "content-type": "application/x-ndjson" };
let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});
afterAll(() => ingest?.close());

describe("an event a line", () => {
  test("answers a line for each with its number; bad ones keep nobody out", async () => {
    const body = `${lines([event({ organizationId: "lines" })])}\nnot json\n${lines([
      event({ organizationId: "lines", status: "maybe" }),
      event({ organizationId: "lines" }),
    ])}`;
    const response = await ingest.post(body, { headers: ndjson });
    expect(response.status).toBe(207);
    const answers = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { line: 1, outcome: "stored" },
      { line: 3, outcome: "rejected", errors: { event: expect.any(String) } },
      { line: 4, outcome: "rejected", errors: { status: expect.any(String) } },
      { line: 5, outcome: "stored" },
      { summary: { lines: 4, bytes: Buffer.byteLength(body), stored: 2, rejected: 2 } },
    ]);
    expect(await ingest.stored("lines")).toBe(2);
  });

  test.each([
    ["zstd", zstdCompressSync],
    ["gzip", gzipSync],
  ] as const)("is taken in %s", async (encoding, pack) => {
    const events = Array.from({ length: 1_500 }, () => event({ organizationId: `lines-${encoding}` }));
    const headers = { ...ndjson, "content-encoding": encoding };
    const response = await ingest.post(new Uint8Array(pack(lines(events))), { headers });
    expect(response.status).toBe(200);
    expect(await ingest.stored(`lines-${encoding}`)).toBe(1_500);
  });

  test("a line with what I-JSON has no place for is refused with its path, alone", async () => {
    const body = `{"organizationId":"o","action":"a","status":"success","details":{"x":[{"n":9007199254740993}]}}\n${lines([event({ organizationId: "beside" })])}`;
    const answers = (await (await ingest.post(body, { headers: ndjson })).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { line: 1, outcome: "rejected", errors: { "details.x.0.n": expect.stringContaining("double") } },
      { line: 2, outcome: "stored" },
      {},
    ]);
  });

  test("nothing more is stored once the token is revoked, however long the body lasts", async () => {
    const batch = new TextEncoder().encode(
      lines(Array.from({ length: 1_000 }, () => event({ organizationId: "revoked" }))),
    );
    const opened = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    const body = new ReadableStream<Uint8Array>({ start: opened.resolve });
    const token = ingest.secrets.revoked;
    const answer = ingest.post(body, { headers: ndjson, token });
    const controller = await opened.promise;
    controller.enqueue(batch);
    await expect.poll(() => ingest.stored("revoked")).toBe(1_000);
    await ingest.revoke(token);
    // The next look is due within three seconds.
    await delay(4_000);
    controller.enqueue(batch);
    controller.enqueue(batch);
    controller.close();
    const refused = await answer;
    expect(refused.status).toBe(401);
    expect((await refused.json()).detail).toMatch(
      /^Its API token was revoked.* Lines up to 1000 are stored\.$/,
    );
    expect(await ingest.stored("revoked")).toBe(1_000);
  });

  test("lines that were rejected before a break are not said to be stored, and are named", async () => {
    const whole = `${lines(Array.from({ length: 998 }, () => event({ organizationId: "partly" })))}7\n{}\n`;
    const body = `${whole}${lines([event({ organizationId: "partly" })])}`;
    const response = await ingest.post(body, { headers: { ...ndjson, "content-length": "999999999" } });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      {
        detail: expect.stringMatching(/ Of the lines up to 1000, 998 are stored, 2 were rejected\.$/),
        ingested: {
          lastLine: 1_000,
          counts: { stored: 998, rejected: 2 },
          refused: [
            { line: 999, outcome: "rejected", errors: { event: "must be a JSON object" } },
            { line: 1_000, outcome: "rejected", errors: { organizationId: expect.any(String) } },
          ],
        },
      },
    ]);
    expect(await ingest.stored("partly")).toBe(998);
  });

  test("sent again under its key after a break stores the rest and doubles nothing", async () => {
    const events = Array.from({ length: 2_500 }, (_, i) =>
      event({ organizationId: "broken", details: { i } }),
    );
    const headers = { ...ndjson, "idempotency-key": "import-1" };
    const whole = lines(events);
    const most = new TextEncoder().encode(whole.slice(0, Math.floor(whole.length * 0.7)));
    let at = 0;
    const cut = new ReadableStream({
      async pull(controller) {
        await delay(5);
        if (at >= most.length) controller.error(new Error("the client went away"));
        else controller.enqueue(most.subarray(at, at + 10_000));
        at += 10_000;
      },
    });
    const broken = await ingest.post(cut, { headers });
    expect(broken.status).toBeGreaterThanOrEqual(400);
    expect((await broken.json()).detail).toContain("Lines up to 1000 are stored");
    expect(await ingest.stored("broken")).toBe(1_000);
    const again = await ingest.post(whole, { headers });
    expect(again.status).toBe(200);
    expect((await again.text()).trim().split("\n").at(-1)).toContain('"stored":2500');
    expect(await ingest.stored("broken")).toBe(2_500);
  });
});
