import type { Sql } from "postgres";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import { endResolvedSilences } from "./end-resolved-silences.ts";
import { recordEvaluation } from "./record-evaluation.ts";
import { recordFlapping } from "./record-flapping.ts";
import { askRaw } from "./statement.ts";

/** All that a round of evaluation makes of alerts, in the transaction that writes its states. */
export async function recordRound(tx: Sql, round: AcceptedRound): Promise<void> {
  if (round.looks.length === 0) return;
  await recordEvaluation(tx, round);
  const ask = askRaw(tx);
  await recordFlapping(ask, round.target, round.now);
  await endResolvedSilences(ask, round.target, round.now);
}
