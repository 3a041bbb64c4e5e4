import { hash } from "node:crypto";
import { cacheKey, type KeyPart } from "../lib/audit-db/cache/cache-key.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Keys a second ÷ those of the usual way: names sorted, JSON made, the same one-shot hash. Both tell the same questions
 * apart; statements give the engine their parameters as a list, the usual way hashes the object of the request.
 */
const rounds = 7;
const keys = 500_000;

interface Question {
  name: string;
  parameters: {
    range: string;
    orderBy: string;
    limit: number;
    search: string | null;
    group: boolean;
    page: number;
  };
}
const questions: Question[] = Array.from({ length: 1_000 }, (_, i) => ({
  name: "queries.top",
  parameters: {
    range: "24h",
    orderBy: "totalMs",
    limit: 50,
    search: i % 3 === 0 ? `record ${i}` : null,
    group: i % 2 === 0,
    page: i,
  },
}));
const lists: KeyPart[][] = questions.map(({ parameters }) => Object.values(parameters));

const ours = (i: number) => cacheKey("audit", "watch", questions[i]?.name ?? "", lists[i] ?? []);
const usual = (i: number) =>
  hash("sha256", stable({ target: "audit", scope: "watch", ...questions[i] }), "base64url");

if (new Set(questions.map((_, i) => ours(i))).size !== questions.length) throw new Error("keys collide");
const rates: { ours: number[]; other: number[] } = { ours: [], other: [] };
for (let round = 0; round <= rounds; round++) {
  const [a, b] = [rate(ours), rate(usual)];
  step(`round ${round}: ours ${Math.round(a / 1_000)} k/s, sorted JSON ${Math.round(b / 1_000)} k/s`);
  // The first warms both sides up.
  if (round === 0) continue;
  rates.ours.push(a);
  rates.other.push(b);
}
report({
  name: "cache-key",
  ratio: median(rates.ours) / median(rates.other),
  aim: ">= 3.00",
  ours: `${Math.round(median(rates.ours) / 1_000)} k keys/s`,
  other: `sorted JSON and the same hash ${Math.round(median(rates.other) / 1_000)} k keys/s`,
});

function rate(make: (i: number) => string): number {
  let length = 0;
  const began = performance.now();
  for (let i = 0; i < keys; i++) length += make(i % questions.length).length;
  if (length !== keys * 43) throw new Error("a key is of another length");
  return keys / ((performance.now() - began) / 1_000);
}

/** As stable stringifiers do it. */
function stable(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  const fields = value as Record<string, unknown>;
  const parts = Object.keys(fields)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${stable(fields[name])}`);
  return `{${parts.join(",")}}`;
}
