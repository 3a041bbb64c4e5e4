import type { Sql } from "postgres";
import type { AcceptedRound, RecordRound } from "../evaluation/recorded.ts";
import { AlertMemory } from "./alert-memory.ts";
import { endResolvedSilences } from "./end-resolved-silences.ts";
import { recordEvaluation } from "./record-evaluation.ts";
import { recordFlapping } from "./record-flapping.ts";
import { type Ask, askRaw } from "./statement.ts";

/** All that a round of evaluation makes of alerts, in the transaction that writes its states. */
export function recordRound(
  tx: Sql,
  target: string,
  memory = new AlertMemory(),
): (round: AcceptedRound) => Promise<void> {
  const record = recordEvaluation(tx, target, memory);
  const ask = askRaw(tx);
  const watching = isWatching(ask, target);
  // Whoever writes the states fails too.
  watching.catch(() => {});
  return async (round) => {
    const moved = await record(round);
    if (round.looks.length === 0 || !(moved || (await watching))) return;
    await Promise.all([recordFlapping(ask, target, round.now), endResolvedSilences(ask, target, round.now)]);
  };
}

/** Whether an incident flaps, which ends with time, or a silence may have ended with its incident. */
async function isWatching(ask: Ask, target: string): Promise<boolean> {
  const [answer] = await ask<{ watching: boolean }>`
    select exists (select from incident where target = ${target} and state <> 'closed' and flapping)
        or exists (select from silence where incident_fires is not null and ended_at is null) as watching`;
  return answer?.watching ?? true;
}

/** The same for the rounds of one target one after another. */
export function recordRounds(): RecordRound {
  const memory = new AlertMemory();
  return (tx, target) => recordRound(tx, target, memory);
}
