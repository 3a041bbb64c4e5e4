import type { Sql } from "postgres";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import { endResolvedSilences } from "./end-resolved-silences.ts";
import { recordEvaluation } from "./record-evaluation.ts";
import { recordFlapping } from "./record-flapping.ts";
import { askRaw } from "./statement.ts";

/** All that a round of evaluation makes of alerts, in the transaction that writes its states. */
export function recordRound(tx: Sql, target: string): (round: AcceptedRound) => Promise<void> {
  const record = recordEvaluation(tx, target);
  return async (round) => {
    if (round.looks.length === 0) return;
    await record(round);
    const ask = askRaw(tx);
    await Promise.all([recordFlapping(ask, target, round.now), endResolvedSilences(ask, target, round.now)]);
  };
}
