import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { shownMs } from "./cadence.ts";

export interface ServerSetting {
  name: string;
  setting: string;
  /** Where it comes from: `configuration file`, `command line`, `default`, … */
  source: string;
  /** Changed in the files, and taken up at the next restart. */
  waitsForRestart: boolean;
}

/** A value put on a database, a role or a role in a database, which wins over the server's. */
export interface SettingOverride {
  name: string;
  setting: string;
  database: string | null;
  role: string | null;
}

export interface WatchedSettings {
  settings: ServerSetting[];
  overrides: SettingOverride[];
  /** Settings that only superusers and pg_read_all_settings see are among them. */
  seesAll: boolean;
}

/** The settings that checks judge, those that wait for a restart, and what is put on databases and roles. 0.8 ms. */
export function readSettings(audit: AuditDb, maxAgeMs = shownMs): Promise<Observed<WatchedSettings>> {
  return audit.read({
    name: "maintenance.settings",
    ttlMs: maxAgeMs,
    source: "pg_settings, pg_db_role_setting",
    run: async (sql) => {
      // The server also marks what the files and its command line set differently, although the command line wins again.
      const settings = await sql<ServerSetting[]>`
        select name, setting, source, pending_restart and source <> 'command line' as "waitsForRestart"
        from pg_settings
        where pending_restart
           or name in ('autovacuum', 'fsync', 'full_page_writes', 'track_counts', 'session_replication_role')
        order by name`;
      const overrides = await sql<SettingOverride[]>`
        select split_part(assignment, '=', 1) as name, substr(assignment, strpos(assignment, '=') + 1) as setting,
               d.datname as database, r.rolname as role
        from pg_db_role_setting s
        cross join unnest(s.setconfig) as assignment
        left join pg_database d on d.oid = s.setdatabase
        left join pg_roles r on r.oid = s.setrole
        where split_part(assignment, '=', 1) in ('track_counts', 'session_replication_role')
        order by 3, 4`;
      const [grant] = await sql<{ seesAll: boolean }[]>`
        select pg_has_role('pg_read_all_settings', 'usage') as "seesAll"`;
      return { settings: [...settings], overrides: [...overrides], seesAll: grant?.seesAll ?? false };
    },
  });
}
