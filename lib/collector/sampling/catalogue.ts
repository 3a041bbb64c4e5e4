import type { Sql } from "postgres";
import type { Sampler, SeriesDefinition } from "../types.ts";

/** Where a sampler's figures stand in the arrays of its rows. */
export interface SamplerPlace {
  samplerId: number;
  /** Array positions (0-based) of `definitions`, in their order. */
  positions: number[];
  /** Length of a row's array. */
  width: number;
}

/** Ids by which samples are stored. Registered once per process and remembered. */
export interface Catalogue {
  target(name: string): Promise<number>;
  sampler(sampler: Sampler): Promise<SamplerPlace>;
}

export function definitionsOf(sampler: Sampler): readonly SeriesDefinition[] {
  return sampler.form === "totals" ? sampler.series : sampler.metrics;
}

export function createCatalogue(sql: Sql): Catalogue {
  const targets = new Map<string, Promise<number>>();
  const samplers = new Map<string, Promise<SamplerPlace>>();
  return {
    target: (name) => remembered(targets, name, () => registerTarget(sql, name)),
    sampler: (sampler) => remembered(samplers, sampler.name, () => registerSampler(sql, sampler)),
  };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const asked = find();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

async function registerTarget(sql: Sql, name: string): Promise<number> {
  await sql`insert into history.target (name) values (${name}) on conflict do nothing`;
  const [row] = await sql<{ id: number }[]>`select id from history.target where name = ${name}`;
  if (!row) throw new Error(`target ${name} was not registered`);
  return row.id;
}

async function registerSampler(sql: Sql, sampler: Sampler): Promise<SamplerPlace> {
  const definitions = definitionsOf(sampler);
  return sql.begin(async (tx) => {
    // The row's lock keeps two processes from handing out one position twice.
    const [row] = await tx<{ id: number }[]>`
      insert into history.sampler (name, form, every_seconds)
      values (${sampler.name}, ${sampler.form}, ${sampler.everySeconds})
      on conflict (name) do update set form = excluded.form, every_seconds = excluded.every_seconds
      returning id`;
    if (!row) throw new Error(`sampler ${sampler.name} was not registered`);
    await tx`
      insert into history.series (sampler_id, position, name, kind, unit)
      select ${row.id}::smallint,
             coalesce((select max(position) from history.series where sampler_id = ${row.id}), -1)
               + row_number() over (order by wanted.ordinality),
             wanted.name, wanted.kind, wanted.unit
      from unnest(${definitions.map((d) => d.name)}::text[], ${definitions.map((d) => d.kind)}::text[],
                  ${definitions.map((d) => d.unit)}::text[]) with ordinality as wanted (name, kind, unit)
      where not exists (select from history.series s
                        where s.sampler_id = ${row.id} and s.name = wanted.name and s.kind = wanted.kind)`;
    await tx`
      update history.series s set unit = wanted.unit
      from unnest(${definitions.map((d) => d.name)}::text[], ${definitions.map((d) => d.kind)}::text[],
                  ${definitions.map((d) => d.unit)}::text[]) as wanted (name, kind, unit)
      where s.sampler_id = ${row.id} and s.name = wanted.name and s.kind = wanted.kind and s.unit <> wanted.unit`;
    const series = await tx<{ position: number; name: string; kind: string }[]>`
      select position, name, kind from history.series where sampler_id = ${row.id}`;
    const place = new Map(series.map((s) => [`${s.name} ${s.kind}`, s.position]));
    if (sampler.form === "objects") {
      await tx`
        update history.sampler set rank_position = (
          select position from history.series where sampler_id = ${row.id} and name = ${sampler.rankBy}
          order by position desc limit 1)
        where id = ${row.id}`;
    }
    return {
      samplerId: row.id,
      positions: definitions.map((d) => place.get(`${d.name} ${d.kind}`) ?? -1),
      width: Math.max(0, ...series.map((s) => s.position + 1)),
    };
  });
}
