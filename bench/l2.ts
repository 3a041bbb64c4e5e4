import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { Packr } from "msgpackr";
import { decodeEntry, encodeEntry } from "../lib/audit-db/cache/codec.ts";
import type { SharedEntry } from "../lib/audit-db/cache/types.ts";
import { startRedis } from "../lib/testing/redis.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Answers in the second level as the product writes them (MessagePack, zstd above 1 KB) ÷ the same MessagePack left
 * uncompressed: bytes in Redis, and the time of a write and of a read through one connection. The answers are rows of
 * partitions, of statements with their text, and a small one, which stays as it is either way.
 */
const rounds = 7;
const turns = 300;
const packr = new Packr({ structuredClone: true, moreTypes: true });
const answers: [name: string, value: unknown][] = [
  [
    "200 partitions",
    Array.from({ length: 200 }, (_, i) => ({
      schema: "public",
      name: `audit_log_standard_2026_${String(i).padStart(3, "0")}`,
      from: new Date(1.7e12 + i * 2.6e9),
      to: new Date(1.7e12 + (i + 1) * 2.6e9),
      rows: 40_000 + i * 37,
      bytes: 8_192 * (3_000 + i * 11),
      locked: false,
    })),
  ],
  [
    "50 statements",
    Array.from({ length: 50 }, (_, i) => ({
      queryId: String(9_007_199_254_740_991n - BigInt(i)),
      calls: i * 1_000,
      totalMs: i * 123.456,
      text: `select id, occurred_at, action, status from audit_log where organization_id = $1 and action = $2 and occurred_at >= $3 order by occurred_at desc limit ${i}`,
      label: randomBytes(6).toString("hex"),
    })),
  ],
  ["one row", { commits: 123_456, rollbacks: 7, hits: 0.9987 }],
];

const server = await startRedis();
const redis = new Redis({ port: server.port });
try {
  const shares: number[] = [];
  const times: number[] = [];
  for (const [name, value] of answers) {
    const entry: SharedEntry = { value, observedAt: new Date(), costMs: 12, stamp: "" };
    const stored = (await encodeEntry(entry)).bytes.length;
    const plain = packr.pack([value, Date.now(), 12, ""]).length + 1;
    const ours: number[] = [];
    const other: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const a = await perTurn(async () => {
        await redis.set("ours", (await encodeEntry(entry)).bytes, "PX", 60_000);
        if (!(await decodeEntry((await redis.getBuffer("ours")) as Buffer))) throw new Error("unreadable");
      });
      const b = await perTurn(async () => {
        await redis.set("plain", packr.pack([value, Date.now(), 12, ""]), "PX", 60_000);
        packr.unpack((await redis.getBuffer("plain")) as Buffer);
      });
      // The first warms both sides up.
      if (round === 0) continue;
      ours.push(a);
      other.push(b);
    }
    step(
      `${name}: ${plain} → ${stored} bytes (${(stored / plain).toFixed(2)}), ` +
        `write and read ${median(other).toFixed(2)} → ${median(ours).toFixed(2)} ms`,
    );
    if (stored < plain) {
      shares.push(stored / plain);
      times.push(median(ours) / median(other));
    }
  }
  report({
    name: "l2",
    ratio: median(shares),
    aim: "<= 0.90",
    ours: `${Math.round(median(shares) * 100)} % of the bytes in ${median(times).toFixed(2)} times the time of a write and a read`,
    other: "uncompressed MessagePack, loopback Redis",
  });
} finally {
  redis.disconnect();
  await server.stop();
}

async function perTurn(turn: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < turns; i++) await turn();
  return (performance.now() - began) / turns;
}
