import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type ObjectState } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { readSettings } from "./read-settings.ts";

async function judgePendingRestarts(audit: AuditDb, maxAgeMs: number): Promise<CheckAnswer> {
  const { data, observedAt } = await readSettings(audit, maxAgeMs);
  const waiting = data.settings.filter((setting) => setting.waitsForRestart);
  const objects = waiting.map(
    ({ name, setting }): ObjectState => ({
      object: { kind: "setting", name },
      state: "notice",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `${name} was changed and waits for a restart; ${setting || "an empty value"} still applies.`,
        detail: `Restart the server in a quiet hour, or take the change back in the file that sets it: SELECT * FROM pg_file_settings WHERE name = '${name}'; (as a superuser). A restart that comes by surprise applies it then.`,
      },
    }),
  );
  if (data.seesAll) {
    return waiting.length > 0 ? answerOf(objects, { observedAt }) : answerOf([summary("ok")], { observedAt });
  }
  const { user } = await audit.server();
  const hidden: ObjectState = {
    ...summary("unavailable"),
    unavailable: {
      code: "no_grant",
      reason: `${user} does not see settings that are shown to superusers only, such as shared_preload_libraries.`,
      enable: `GRANT pg_read_all_settings TO ${quoteIdentifier(user)};`,
    },
  };
  return { ...answerOf([...objects, hidden], { observedAt }), complete: false };
}

function summary(state: "ok" | "unavailable"): ObjectState {
  return {
    object: { kind: "target" },
    state,
    value: null,
    threshold: null,
    since: null,
    words: {
      title:
        state === "ok"
          ? "No setting waits for a restart."
          : "Not every setting can be asked whether it waits.",
      detail: "A setting that takes a restart is kept in the files and applies from the next start on.",
    },
  };
}

export const pendingRestart = defineCheck({
  id: "maintenance.pending_restart",
  source: "pg_settings.pending_restart",
  why: "A setting that waits: it is so or not.",
  title: "Settings that wait for a restart",
  unit: null,
  path: "maintenance",
  needs: "pg_read_all_settings (in pg_monitor), to see the settings that only superusers see.",
  thresholds: null,
  runbook:
    "Somebody changed a setting that the running server cannot take up. Find the new value in pg_file_settings (as a superuser) and check that it is meant and valid: a wrong shared_buffers or shared_preload_libraries keeps the server from starting at all. Then restart in a planned moment, standbys first where max_connections, max_worker_processes, max_wal_senders, max_prepared_transactions or max_locks_per_transaction grow.",
  evaluate: ({ audit }) => judgeSlow(judgedMs, (maxAgeMs) => judgePendingRestarts(audit, maxAgeMs)),
});
