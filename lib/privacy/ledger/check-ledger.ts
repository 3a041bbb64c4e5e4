import { type CheckAnswer, defineCheck, type Limits, type ObjectState, stateAt } from "../../check.ts";
import type { LedgerHealth } from "../../ledger/read-health.ts";
import { counted, durationInWords } from "../../words.ts";

const source = "ledger_mark, privacy_ledger, outbox (console)";
const target = { kind: "target" } as const;
const runReplay =
  "Run `audit-db privacy replay --target TARGET --dry-run`, read what would be done, and then run it with --yes.";

/** One of the two was restored from an older dump. */
export const ledgerBehind = defineCheck({
  id: "privacy.ledger_behind",
  title: "Database older than the privacy ledger",
  source,
  why: "One entry that is missing is one person who can be read again: there is no number that may be.",
  unit: "count",
  path: "privacy",
  runbook: `The target's log lacks receipts or redactions that the privacy ledger has, or holds signed receipts of which this console knows nothing: one of the two was restored from an older dump, or a table was attached that was detached before. Nobody is shown events of this target until that is made up for. ${runReplay} It repeats what was decided and signed, and nothing else.`,
  needs: "The worker's duty that compares them, and SELECT on audit_log and audit_quarantine (audit_reader).",
  thresholds: { warning: null, critical: 1, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ ledger }, limitsFor) {
    const { mark } = await ledger();
    return mark ? { objects: [judgeBehind(mark, limitsFor(target))], complete: true } : notCompared;
  },
});

/** Receipts that do not get to the log they belong to. */
export const receiptUndelivered = defineCheck({
  id: "privacy.receipt_undelivered",
  title: "Receipt of the privacy ledger not delivered",
  source,
  why: "The outbox delivers within seconds and tries for ever: an hour is a target that was down for maintenance, a day is one that was forgotten.",
  unit: "seconds",
  path: "privacy",
  runbook:
    "What was erased, restricted or redacted is in the console's ledger, and its receipt is not in the target's own log: were the console lost now, that log could not tell it. Mend what keeps the console from writing there (the write connection, its grants, a partition for the day); the outbox delivers by itself.",
  needs: "Nothing beyond the console's own database.",
  thresholds: { warning: 3_600, critical: 86_400, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ ledger, now }, limitsFor) {
    return { objects: [judgeUndelivered(await ledger(), limitsFor(target), now)], complete: true };
  },
});

/** Events that look like receipts and are nobody's. */
export const receiptUntrusted = defineCheck({
  id: "privacy.receipt_untrusted",
  title: "Receipts that nobody known here signed",
  source,
  why: "The console signs every receipt: one that it did not sign is a forgery, another console's, or of a key that a restored console does not know.",
  unit: "count",
  path: "privacy",
  runbook:
    "The target's log holds events among the receipts of the privacy ledger that this console did not sign: somebody with the writer's password forged them, another console writes to the same log, or this console was restored from a dump older than the key. Nothing is done for them. `audit-db privacy replay --target TARGET --dry-run` lists each with the reason.",
  needs: "The worker's duty that compares log and ledger.",
  thresholds: { warning: 1, critical: null, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ ledger }, limitsFor) {
    const { mark } = await ledger();
    return mark ? { objects: [judgeUntrusted(mark, limitsFor(target))], complete: true } : notCompared;
  },
});

/** A database without a log of ours has nothing to compare. */
const notCompared: CheckAnswer = { objects: [], complete: true };

type Mark = NonNullable<LedgerHealth["mark"]>;

export function judgeBehind(
  { state, behind }: Pick<Mark, "state" | "behind">,
  threshold: Limits,
): ObjectState {
  const title = {
    agrees: "The log and the privacy ledger agree.",
    target_older: `The log lacks ${counted(behind, "entry", "entries")} of the privacy ledger.`,
    console_older: `The privacy ledger lacks ${counted(behind, "entry", "entries")} whose receipts stand in the log.`,
  }[state];
  return {
    object: target,
    state: stateAt(behind, threshold),
    value: behind,
    threshold,
    since: null,
    words: {
      title,
      detail:
        state === "agrees" ? "Nothing needs doing." : `Nobody is shown its events until then. ${runReplay}`,
    },
  };
}

export function judgeUndelivered(
  { undelivered, since, error }: Pick<LedgerHealth, "undelivered" | "since" | "error">,
  threshold: Limits,
  now: Date,
): ObjectState {
  const seconds = since ? Math.max(0, (now.getTime() - since.getTime()) / 1_000) : 0;
  return {
    object: target,
    state: stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since,
    words:
      undelivered === 0
        ? { title: "Every receipt is in the log.", detail: "Nothing needs doing." }
        : {
            title: `${counted(undelivered, "receipt")} of the privacy ledger ${undelivered === 1 ? "waits" : "wait"} for ${durationInWords(seconds)} to be delivered.`,
            detail: error ?? "The outbox has not tried yet: see on Jobs whether a worker runs.",
          },
  };
}

export function judgeUntrusted({ untrusted }: Pick<Mark, "untrusted">, threshold: Limits): ObjectState {
  return {
    object: target,
    state: stateAt(untrusted, threshold),
    value: untrusted,
    threshold,
    since: null,
    words: {
      title:
        untrusted === 0
          ? "Every receipt in the log was signed here."
          : `${counted(untrusted, "event")} in the log ${untrusted === 1 ? "says" : "say"} to be receipts, and nobody known here signed them.`,
      detail:
        untrusted === 0
          ? "Nothing needs doing."
          : "Nothing was done for them; the dry run of a replay lists each.",
    },
  };
}
