import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { event, type Ingest, startIngest } from "@/lib/testing/ingest";

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});
afterAll(() => ingest?.close());

describe("a JSON batch", () => {
  test("answers ids and leaves in the order sent, people encrypted", async () => {
    const body = JSON.stringify({
      events: [event({ actor: { id: "u-9", name: "Ada Example" } }), event({ details: { n: 2 } })],
    });
    const response = await ingest.post(body);
    expect(response.status).toBe(200);
    const { bytes, counts, events } = await response.json();
    expect(counts).toMatchObject({ stored: 2, rejected: 0 });
    expect(bytes).toBe(Buffer.byteLength(body));
    for (const one of events) {
      const [row] = await ingest.audit.sql`
        select encode(leaf, 'hex') as leaf, details, actor_personal is not null as sealed
        from audit_log where id = ${one.id}`;
      expect(row).toMatchObject({ leaf: one.leaf, sealed: one === events[0] });
    }
  });

  test("with an error in it stores nothing and names the path", async () => {
    const bad = [event({ organizationId: "batch" }), event({ organizationId: "batch", status: "maybe" })];
    const response = await ingest.post(JSON.stringify(bad));
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toHaveProperty(["1.status"]);
    expect(await ingest.stored("batch")).toBe(0);
  });

  test.each([
    [
      '{"events":[EVENT,{"organizationId":"o","details":{"a":[{"n":12345678901234567890}]}}]}',
      "1.details.a.0.n",
    ],
    ['[EVENT,EVENT,{"details":{"a":1,"a":2}}]', "2.details.a"],
    ['{"details":{"n":1e400}}', "details.n"],
    [
      '[EVENT,{"organizationId":"o","action":"a","status":"success","details":{"a":"\\ufdd0"}}]',
      "1.details.a",
    ],
    [
      '[{"organizationId":"o","action":"a","status":"success","details":{"a":{"b":"\\ud800"}}}]',
      "0.details.a.b",
    ],
  ])("what I-JSON has no place for is refused with its path: %s", async (body, field) => {
    const response = await ingest.post(
      body.replaceAll("EVENT", JSON.stringify(event({ organizationId: "lossy" }))),
    );
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toHaveProperty([field]);
    expect(await ingest.stored("lossy")).toBe(0);
  });

  test.each([
    ["zstd", zstdCompressSync],
    ["gzip", gzipSync],
  ] as const)(
    "a body in %s that unpacks to more than a batch holds is refused while it unpacks",
    async (encoding, pack) => {
      const bomb = pack(Buffer.alloc(200_000_000, " "));
      expect(bomb.length).toBeLessThan(400_000);
      const response = await ingest.post(new Uint8Array(bomb), { headers: { "content-encoding": encoding } });
      expect(response.status).toBe(413);
      expect((await response.json()).detail).toContain("unpacked");
    },
  );

  test("a body shorter than its Content-Length says is refused, and nothing of it is stored", async () => {
    const body = JSON.stringify(event({ organizationId: "short" }));
    const response = await ingest.post(body, { headers: { "content-length": String(body.length + 1) } });
    expect([response.status, (await response.json()).detail]).toEqual([
      400,
      `The body ended after ${body.length} bytes; its Content-Length says ${body.length + 1}.`,
    ]);
    expect(await ingest.stored("short")).toBe(0);
  });

  test("a body larger than a request may be is refused while it comes", async () => {
    const response = await ingest.post(new Uint8Array(17 * 1_048_576).fill(32));
    expect(response.status).toBe(413);
  });

  test.each([
    [{ "content-encoding": "br" }, "not known here"],
    [{ "content-type": "text/csv" }, "not taken here"],
  ])("%j is refused in words", async (headers, words) => {
    const response = await ingest.post(JSON.stringify(event()), {
      headers: headers as Record<string, string>,
    });
    expect(response.status).toBe(400);
    expect((await response.json()).detail).toContain(words);
  });

  test.each([
    ["text that is no JSON", "{", 400],
    ["a name twice", '{"organizationId":"o","organizationId":"p","action":"a","status":"success"}', 400],
    ["an unknown field", JSON.stringify(event({ colour: "red" })), 400],
    ["something else beside events", JSON.stringify({ events: [], more: 1 }), 400],
    ["a number", "7", 400],
    ["more events than a batch holds", JSON.stringify(Array.from({ length: 5_001 }, () => event())), 413],
  ])("%s is refused", async (_what, body, status) => {
    const response = await ingest.post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("is taken in %s", async (encoding, pack) => {
    const body = pack(JSON.stringify(event({ organizationId: encoding })));
    const response = await ingest.post(new Uint8Array(body), { headers: { "content-encoding": encoding } });
    expect(response.status).toBe(200);
    expect(await ingest.stored(encoding)).toBe(1);
  });

  test("under an Idempotency-Key is stored once, however often it is sent", async () => {
    const body = JSON.stringify(event({ organizationId: "once" }));
    const headers = { "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324" };
    const answers = await Promise.all(
      [1, 2, 3].map(async () => (await ingest.post(body, { headers })).json()),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await ingest.stored("once")).toBe(1);
    const other = await ingest.post(JSON.stringify(event({ organizationId: "twice" })), { headers });
    expect(other.status).toBe(409);
    expect((await ingest.post(body, { headers: { "idempotency-key": "ä" } })).status).toBe(400);
  });

  test("in conflict with what is stored answers 207 and the stored leaf", async () => {
    const same = { id: "01939d0a-0000-7000-8000-00000000000a", occurredAt: new Date().toISOString() };
    const [first] = (await (await ingest.post(JSON.stringify(event(same)))).json()).events;
    const response = await ingest.post(JSON.stringify(event({ ...same, action: "x.y" })));
    expect(response.status).toBe(207);
    expect((await response.json()).events).toEqual([{ ...first, outcome: "conflict" }]);
  });
});
