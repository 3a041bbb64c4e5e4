import { hushOfAll } from "../alerting/overlay.ts";
import { readFiring } from "../alerting/read-firing.ts";
import { readOverlay } from "../alerting/read-overlay.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { type CheckObject, objectKey } from "../check.ts";
import { checks } from "../checks.ts";
import type { Administration } from "./administration.ts";

const target = "audit";

/** An incident that fires with one alert for each object. */
export async function fire(
  { sql }: Administration,
  checkId: string,
  objects: readonly CheckObject[] = [{ kind: "target" }],
): Promise<string> {
  const id = uuidV7(Date.now());
  await sql`
    insert into incident (id, target, group_key, check_id, condition, state, version, severity, words, path, firing, telling,
      fires, opened_at, fired_at, changed_at)
    values (${id}, ${target}, ${checkId}, ${checkId}, 'firing', 'open', 1, 'warning', '{"title": "It is bad."}', 'connections',
      ${objects.length}, 1, 1, now(), now(), now())`;
  for (const object of objects)
    await sql`
      insert into alert (id, target, check_id, object_key, object, condition, severity, words, path, since, fired_at,
        incident_id, seen_at)
      values (${uuidV7(Date.now())}, ${target}, ${checkId}, ${objectKey(object)}, ${sql.json({ ...object } as never)}, 'firing',
        'warning', '{"title": "It is bad."}', 'connections', now(), now(), ${id}, now())`;
  return id;
}

/** It stops firing. */
export async function resolve({ sql }: Administration, id: string): Promise<void> {
  await sql`update incident set condition = 'normal', normal_since = now() where id = ${id}`;
  await sql`update alert set condition = 'normal', severity = null where incident_id = ${id}`;
}

/** Why an incident is not told at that moment. */
export async function hushed({ console: { db } }: Administration, id: string, now = new Date()) {
  const firing = (await readFiring(db)).filter(({ incident }) => incident.id === id);
  return hushOfAll(firing, await readOverlay(db, checks, now));
}
