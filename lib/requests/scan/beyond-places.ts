import type { AuditDb } from "../../audit-db/types.ts";
import { isAway, whileUp } from "../../audit-db/while-up.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import type { Env } from "../../env/parse.ts";
import { toAppError } from "../../errors.ts";
import { readResidue, tellResidue } from "../../privacy/redaction/residue.ts";
import { counted } from "../../words.ts";
import type { ScanPlace } from "../scan-types.ts";
import { placeOf } from "./place-of.ts";

const dayMs = 86_400_000;

/**
 * What may hold an identifier still and is not in the console's power: named with what its owner can do, and until when where
 * that is known. Nothing was counted there.
 * @throws AppError UNAVAILABLE while a target does not answer
 */
export async function beyondPlaces(
  { sql }: Pick<ConsoleDb, "sql">,
  targets: readonly string[],
  openTarget: (name: string) => Pick<AuditDb, "use" | "target" | "status" | "onStatus">,
  settings: Pick<Env, "LOG_PATHS" | "MASTER_KEY_ROTATION_DAYS">,
  now: Date,
): Promise<ScanPlace[]> {
  const listed = (where: string, target: string | null, ground: string, more: Partial<ScanPlace> = {}) =>
    placeOf(target === null ? "console" : "target", where, target, { state: "found", ground, ...more });
  const places: ScanPlace[] = [];
  for (const target of targets)
    try {
      const audit = openTarget(target);
      const facts = await whileUp(audit, () => readResidue(audit, now));
      const [wal = "", backups = "", ...others] = tellResidue(facts);
      places.push(
        listed("write-ahead log", target, wal, { sql: "CHECKPOINT;" }),
        listed("backups and archived log", target, backups),
        ...others.map((words, nth) => listed(`copies elsewhere (${nth + 1})`, target, words)),
        listed(
          "server log",
          target,
          "The server logs statements as its settings say; the console sends it no identifier. Its owner deletes it.",
          { kind: "logs", sql: "SELECT pg_current_logfile();" },
        ),
      );
    } catch (thrown) {
      if (isAway(thrown)) throw thrown;
      places.push(
        placeOf("target", "write-ahead log", target, {
          state: "unknown",
          ground: toAppError(thrown).message,
        }),
      );
    }
  for (const { target, exports } of await countExports(sql, targets))
    places.push(
      listed(
        "exports that left the console",
        target,
        `${counted(exports, "export")} of events ended with whoever asked for them: Activity says who, what and when.`,
        { kind: "exports" },
      ),
    );
  const until = new Date(now.getTime() + settings.MASTER_KEY_ROTATION_DAYS * dayMs).toISOString();
  places.push(
    listed(
      "backups of the console",
      null,
      "They hold destroyed keys, wrapped by a master key that is destroyed when it is replaced.",
      { until },
    ),
  );
  if (!settings.LOG_PATHS)
    places.push(
      placeOf("logs", "output of the console's processes", null, {
        state: "found",
        ground:
          "LOG_PATHS does not say where it is kept, so nobody looked. It holds no personal data by design.",
      }),
    );
  return places;
}

/** Exports of which anything left, as long as Activity keeps them. */
function countExports(sql: ConsoleDb["sql"], targets: readonly string[]) {
  return sql<{ target: string; exports: number }[]>`
    select target, count(*)::int as exports from activity
    where action = 'events.export' and coalesce((detail ->> 'bytes')::float8, 0) > 0
      and target in (select jsonb_array_elements_text(${JSON.stringify(targets)}::text::jsonb))
    group by target order by target`;
}
