import type { Sql } from "postgres";
import { isMarkedAndAt } from "./own-database.ts";
import { hasCurrentHistory } from "./progress-file.ts";

/**
 * Whether the connected database is the demo's own with a history that this program would write otherwise: events
 * from before leaves existed, or people who were bare tokens. Such a database is made anew, since an audit log can
 * not be mended.
 */
export async function isOutdatedDemo(admin: Sql, dataDir: string): Promise<boolean> {
  const [found] = await admin<{ log: boolean; leaf: boolean }[]>`
    select to_regclass('public.audit_log') is not null as log,
           exists (select from pg_attribute where attrelid = to_regclass('public.audit_log')
                   and attname = 'leaf' and not attisdropped) as leaf`;
  if (!found?.log || !(await isMarkedAndAt(admin, dataDir))) return false;
  return !found.leaf || !hasCurrentHistory(dataDir);
}
