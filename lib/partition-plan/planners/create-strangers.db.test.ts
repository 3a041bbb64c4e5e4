import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteQualified } from "../../quote-sql.ts";
import { type Planned, startPlanned } from "../../testing/plan-partitions.ts";
import { buildStrangersDatabase, strangersNow } from "../../testing/strangers-database.ts";

const unlike = "refused: Its partitions follow no one interval: say how it is cut (unit and count).";
const open =
  "refused: It has no partition that begins and ends with a value of its first column alone: say how it is cut (unit and count).";

/** Of midnights in New York, as the database is set. What has enough ahead is empty. */
const expected: Record<string, string> = {
  '"Weird Schema.ü"."Ev""ents . Ünïcode ☃"': 'Ev"ents . Ünïcode ☃_2027_q1',
  'a."b.c"': "b.c_2028",
  '"a.b".c': "c_2027",
  'public."Det ach"': unlike,
  'public."MixedCase"': "MixedCase_2026_12",
  'public."a/b?c#d%2F&e=\\f"': "a/b?c#d%2F&e=\\f_2027",
  "public.a23456789_123456789_123456789_123456789_123456789_123456789_123":
    "refused: The name has 71 bytes, and PostgreSQL keeps 63. Name partitions by another pattern, e.g. a23456789_123456789_123456789_123456789_123456789_12345_{yyyy}_{mm}.",
  "public.before_christ": unlike,
  "public.deep_default": "deep_default_2027",
  "public.empty_parent": open,
  "public.far_events": "",
  "public.gap_ahead": "gap_ahead_20270201_20270301",
  "public.gap_behind": "",
  "public.hashed": "refused: It is not partitioned by ranges: only those can be made ahead.",
  "public.key_composite": open,
  "public.key_custom": "refused: Its key is ordered by somebody else's code: its bounds cannot be compared.",
  "public.key_date": "key_date_3",
  "public.key_domain": "key_domain_2026_12",
  "public.key_id": "",
  "public.key_snowflake": unlike,
  "public.key_text": "key_text_3",
  "public.key_utc_day": "key_utc_day_2026_11_29",
  "public.key_uuid": "refused: Nothing tells what a key of type uuid means. Say it (key): uuid v7.",
  "public.new_york": "",
  "public.odd_list": "refused: It is not partitioned by ranges: only those can be made ahead.",
  "public.regions": "regions_null_2028_01 | regions_us_2026_11 | regions_us_2026_12",
  'public."select"': "select_2027",
  "public.yearly": "yearly_2028",
  "public.years": "years_2027 | years_2026_11 | years_2026_12",
  "s2.events": "events_2026_11_20 | events_2026_12_09",
};

describe.each([15, 18] as const)("a stranger's database on PostgreSQL %i", (server) => {
  let planned: Planned;
  beforeAll(async () => {
    planned = await startPlanned(server);
    await buildStrangersDatabase(planned.database.url);
  });
  afterAll(() => planned.close());

  test("of every table either partitions are made that the server takes, or words say what is missing", async () => {
    const { sql } = planned.database;
    const roots = await sql<{ schema: string; name: string }[]>`
      select nspname as schema, relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'p' and not relispartition order by 1, 2`;
    const told: Record<string, string> = {};
    for (const { schema, name } of roots) {
      const draft = await planned.plan({ table: { schema, name }, ahead: 1 }, strangersNow.toISOString());
      const made = await planned.carryOut(draft);
      told[quoteQualified(schema, name)] = [
        ...made,
        ...(draft.refusals ?? []).map(({ outcome, words }) => `${outcome}: ${words}`),
      ].join(" | ");
    }
    expect(told).toMatchObject(expected);
  });
});
