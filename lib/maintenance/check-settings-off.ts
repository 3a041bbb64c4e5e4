import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type ObjectState } from "../check.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { readSettings, type SettingOverride } from "./read-settings.ts";
import { overrideObject, resetOverride, whose } from "./setting-override.ts";

type Protection = "autovacuum" | "fsync" | "full_page_writes" | "track_counts";

/** What happens while a setting is off. */
const consequences: Record<Protection, string> = {
  autovacuum:
    "Dead rows stay, statistics go stale and tables are frozen only in an emergency, shortly before the server would stop.",
  fsync:
    "The server does not wait until writes are on disk: after a crash of the machine the whole cluster may be damaged beyond repair.",
  full_page_writes:
    "A page that a crash of the machine leaves half written cannot be restored from the WAL, and nothing reports it.",
  track_counts:
    "Nothing counts inserted, changed and dead rows: autovacuum works on no table, and this console's figures about tables stand still.",
};

/** Whether the server as a whole has a protection off, and each database and role for which it is off by itself. */
async function judgeProtection(audit: AuditDb, maxAgeMs: number, name: Protection): Promise<CheckAnswer> {
  const { data, observedAt } = await readSettings(audit, maxAgeMs);
  const found = data.settings.find((setting) => setting.name === name);
  const server = /^(database|user|database user)$/.test(found?.source ?? "")
    ? hiddenFromUs(name)
    : judgeServer(name, found?.setting === "off", found?.source ?? "");
  const overrides = data.overrides.filter((each) => each.name === name && isOff(each.setting));
  return answerOf([server, ...overrides.map(overridden)], { observedAt });
}

function judgeServer(name: Protection, off: boolean, source: string): ObjectState {
  return {
    object: { kind: "setting", name },
    state: off ? "critical" : "ok",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${name} is ${off ? "off" : "on"}.`,
      detail: off ? `${consequences[name]} ${turnOn(name, source)}` : "It is on for the server as a whole.",
    },
  };
}

/** A session shows what is put on its role or database in the place of the server's own. */
function hiddenFromUs(name: Protection): ObjectState {
  const reason = `${name} is put on the watching role or its database, which hides the server's own value.`;
  return {
    object: { kind: "setting", name },
    state: "no_data",
    value: null,
    threshold: null,
    since: null,
    words: { title: `Whether ${name} is on for the server as a whole cannot be seen.`, detail: reason },
    unavailable: { code: "insufficient_data", reason },
  };
}

function overridden(override: SettingOverride): ObjectState {
  const { name } = override;
  return {
    object: overrideObject(override),
    state: "critical",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${name} is off for ${whose(override)}.`,
      detail: `What its sessions change is not counted, so autovacuum passes those tables by. Run: ${resetOverride(override)}`,
    },
  };
}

function turnOn(name: string, source: string): string {
  return source === "command line"
    ? "It is set on the server's command line, which wins over its files: take it out of the start-up options and restart."
    : `Run: ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`;
}

/** Booleans are kept as they were typed. */
function isOff(setting: string): boolean {
  return /^(of|off|f|fa|fal|fals|false|n|no|0)$/i.test(setting);
}

const protection = (name: Protection, title: string, runbook: string) =>
  defineCheck({
    id: `maintenance.${name}_off`,
    title,
    unit: null,
    path: "maintenance",
    source: "pg_settings, pg_db_role_setting",
    why: `A setting, not a figure. ${consequences[name]}`,
    needs: "Nothing beyond a connection.",
    thresholds: null,
    runbook,
    evaluate: ({ audit }) => judgeSlow(judgedMs, (maxAgeMs) => judgeProtection(audit, maxAgeMs, name)),
  });

export const autovacuumOff = protection(
  "autovacuum",
  "Autovacuum off",
  "Turn autovacuum on for the whole server; it takes a reload. If somebody turned it off because it got in the way, limit it instead (autovacuum_vacuum_cost_delay, or storage parameters of single tables). Afterwards watch dead rows and transaction ids: it may work for hours to catch up.",
);
export const fsyncOff = protection(
  "fsync",
  "Writes not synced to disk (fsync off)",
  "Turn fsync on; it takes a reload. Then run initdb --sync-only on the data directory (with the server stopped) or take a fresh base backup: what was written before may not be on disk. Standbys that were made meanwhile are as doubtful as the primary.",
);
export const fullPageWritesOff = protection(
  "full_page_writes",
  "Torn pages not guarded (full_page_writes off)",
  "Turn full_page_writes on; it takes a reload, and is complete with the next checkpoint. Only storage that writes 8 kB pages whole, such as ZFS, may do without it. A base backup made while it was off is sound, as pg_basebackup forces full pages.",
);
export const trackCountsOff = protection(
  "track_counts",
  "Changes not counted (track_counts off)",
  "Turn track_counts on for the server, and reset it where it was put on a database or a role. Then run ANALYZE on the tables that changed meanwhile: autovacuum does not know that they did.",
);
