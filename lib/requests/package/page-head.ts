import { z } from "zod";
import { beginning, type PackagePlan, type PackagePosition, packagePosition } from "./plan.ts";
import { isoOf, type PackageRow } from "./read-page.ts";

/** Rows of one policy of one target in one part, so far. */
const streamCount = z.strictObject({
  target: z.string(),
  policy: z.string(),
  role: z.enum(["actor", "target"]),
  events: z.number(),
  oldest: z.string(),
  newest: z.string(),
});

/** What a page says of everything up to itself. */
export const pageHead = z.strictObject({
  /** Where the next one begins. */
  position: packagePosition,
  events: z.number(),
  counts: z.array(streamCount),
  /** Fields of the person that were found, in order of name. */
  fields: z.array(z.string()),
});
export type PageHead = z.infer<typeof pageHead>;

export const emptyHead: PageHead = { position: beginning, events: 0, counts: [], fields: [] };

/** What a head says once further rows of one stream are added. */
export function addRows(
  head: PageHead,
  plan: PackagePlan,
  position: PackagePosition,
  rows: readonly PackageRow[],
  fields: Iterable<string>,
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
