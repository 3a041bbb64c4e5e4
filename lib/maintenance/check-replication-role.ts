import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type ObjectState } from "../check.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { readSettings, type SettingOverride } from "./read-settings.ts";
import { overrideObject, resetOverride, whose } from "./setting-override.ts";

const name = "session_replication_role";

async function judgeReplicationRole(audit: AuditDb, maxAgeMs: number): Promise<CheckAnswer> {
  const { data, observedAt } = await readSettings(audit, maxAgeMs);
  const found = data.settings.find((setting) => setting.name === name);
  const serverWide = found?.setting === "replica" && /^(configuration file|command line)$/.test(found.source);
  const server: ObjectState = {
    object: { kind: "setting", name },
    state: serverWide ? "critical" : "ok",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${name} is ${serverWide ? "replica" : "not replica"} for the server as a whole.`,
      detail: serverWide
        ? `No foreign key is checked and no ordinary trigger fires, for nobody. Run: ALTER SYSTEM RESET ${name}; SELECT pg_reload_conf(); and take it out of postgresql.conf or the start-up options.`
        : "Foreign keys are checked and triggers fire.",
    },
  };
  const overrides = data.overrides.filter((each) => each.name === name && /^replica$/i.test(each.setting));
  return answerOf([server, ...overrides.map(overridden)], { observedAt });
}

/** Tools that apply changes of another server sign in with such a role: it is not wrong by itself. */
function overridden(override: SettingOverride): ObjectState {
  return {
    object: overrideObject(override),
    state: override.role ? "warning" : "critical",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${name} is replica for ${whose(override)}.`,
      detail: `In its sessions no foreign key is checked and only triggers fire that are ENABLE ALWAYS, as the guards of audit_log are. Unless a replication tool needs it, run: ${resetOverride(override)}`,
    },
  };
}

export const replicationRole = defineCheck({
  id: "maintenance.session_replication_role",
  source: "pg_settings, pg_db_role_setting",
  why: "A setting, not a figure: guards do not fire for whoever has it.",
  title: "Triggers and foreign keys bypassed",
  unit: null,
  path: "maintenance",
  needs: "Nothing beyond a connection.",
  guarded: true,
  thresholds: null,
  runbook:
    "session_replication_role = replica is put on the server, a database or a role. Sessions there check no foreign key and fire no trigger but those that are ENABLE ALWAYS. A tool that applies another server's changes may need it on a role of its own; nobody else does. Reset it, find who set it and what was written meanwhile, and check foreign keys of the tables concerned (ALTER TABLE … VALIDATE CONSTRAINT after making them NOT VALID).",
  evaluate: ({ audit }) => judgeSlow(judgedMs, (maxAgeMs) => judgeReplicationRole(audit, maxAgeMs)),
});
