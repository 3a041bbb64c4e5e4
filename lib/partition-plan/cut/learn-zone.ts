import type { Sql } from "postgres";
import type { Stretch } from "./learn-cut.ts";
import { zonesOfMidnights } from "./zone-clock.ts";

/** As many bounds as tell zones apart; more would only take longer. */
const looksAt = 400;

/**
 * The zone in whose midnights all bounds lie. Many share theirs: it is the one that the database or the server is set
 * to, else any of them where they agree for three years to come.
 * @returns null where there is none; a problem in words where they do not agree
 */
export async function learnZone(
  sql: Sql,
  stretches: readonly Stretch[],
): Promise<{ timeZone: string } | { problem: string } | null> {
  const bounds = [...new Set(stretches.slice(-looksAt / 2).flatMap(({ from, to }) => [from, to]))];
  const zones = await zonesOfMidnights(sql, bounds);
  const [first] = zones;
  if (!first) return null;
  if (first.configured || zones.length === 1) return { timeZone: first.timeZone };
  const [told] = await sql<{ clocks: number }[]>`
    select count(distinct offsets)::int as "clocks"
    from (select array_agg((moment at time zone zone) - (moment at time zone 'UTC') order by moment) as offsets
          from json_array_elements_text(${JSON.stringify(zones.map(({ timeZone }) => timeZone))}::text::json) as zone,
               generate_series(now(), now() + interval '3 years', interval '7 days') as moment
          group by zone) as each`;
  if (told?.clocks === 1) return { timeZone: first.timeZone };
  const some = zones
    .slice(0, 3)
    .map(({ timeZone }) => timeZone)
    .join(", ");
  return {
    problem: `The bounds lie at midnight of ${zones.length} time zones that differ later on, e.g. ${some}. Say which one it is (timeZone).`,
  };
}
