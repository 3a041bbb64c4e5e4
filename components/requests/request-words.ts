import type { State } from "@/components/ui/state-badge.tsx";
import { formatDate } from "@/lib/client/format-time.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";
import { type RequestState, stateNames } from "@/lib/request-law/states.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

export const regimeNames: Record<Regime, string> = {
  eu: "EU (GDPR)",
  uk: "UK (UK GDPR)",
  california: "California (CCPA)",
};

/** How each state looks: waiting for a person is a notice, what stands still against its will a warning or worse. */
const stateLooks: Record<RequestState, State> = {
  received: "notice",
  identity_pending: "notice",
  verified: "notice",
  scoping: "notice",
  decision_pending: "notice",
  approved: "notice",
  partly_refused: "notice",
  refused: "notice",
  executing: "notice",
  verifying: "notice",
  responding: "notice",
  closed: "ok",
  blocked_by_hold: "warning",
  failed: "critical",
  duplicate: "unknown",
  withdrawn: "unknown",
};

export function stateLook(state: RequestState): { state: State; words: string } {
  return { state: stateLooks[state], words: stateNames[state] };
}

export const requestPath = (target: string, number: number): string =>
  `/${encodeURIComponent(target)}/privacy/requests/${number}`;

export const requestsPath = (target: string): string => `/${encodeURIComponent(target)}/privacy/requests`;

export const standingWords = {
  identity: "paused until identity is confirmed",
  clarification: "paused until they clarify",
  fee: "paused until the fee is paid",
} as const;

/** Days before the due day at which a request is told to be due soon, as the check `privacy.request_due` does. */
export const dueSoonDays = { warning: 7, critical: 2 } as const;

export interface Deadline {
  state: State;
  /** "5", "12"; null where no day counts. */
  days: number | null;
  /** "days left", "days overdue", "due today", or why nothing counts. */
  words: string;
}

/** Days left as a number with its word, and how bad that is. Pure: what was read decides, not the reader's clock. */
export function deadlineOf(
  request: Pick<RequestSummary, "daysLeft" | "standing" | "respondedAt" | "closedAt">,
): Deadline {
  const { daysLeft, standing, respondedAt, closedAt } = request;
  if (closedAt !== null) return { state: "ok", days: null, words: "closed" };
  if (respondedAt !== null) return { state: "ok", days: null, words: "answered" };
  if (standing !== null) return { state: "unknown", days: null, words: `clock ${standingWords[standing]}` };
  if (daysLeft === null) return { state: "unknown", days: null, words: "no deadline runs" };
  if (daysLeft < 0)
    return { state: "critical", days: -daysLeft, words: daysLeft === -1 ? "day overdue" : "days overdue" };
  const state =
    daysLeft <= dueSoonDays.critical ? "critical" : daysLeft <= dueSoonDays.warning ? "warning" : "ok";
  return { state, days: daysLeft, words: daysLeft === 1 ? "day left" : "days left" };
}

/** The same as a sentence's part: "5 days overdue", "clock paused until they clarify". */
export function deadlineWords(request: Parameters<typeof deadlineOf>[0]): string {
  const { days, words } = deadlineOf(request);
  return days === null ? words : `${days} ${words}`;
}

/** Why a request stands still, in words; `job`: the one that gave up, which knows more. */
export function problemWords(problem: string): { words: string; job: string | null } {
  const [, code, job] = /^([A-Z_]+): see job (\S+)\.$/.exec(problem) ?? [];
  if (code === undefined || job === undefined) return { words: problem, job: null };
  return { words: code === "CANCELLED" ? "Its job was cancelled." : `Its job gave up (${code}).`, job };
}

/** A day `YYYY-MM-DD` of the controller: "3 Dec 2026". */
export function dayWords(day: string): string {
  return formatDate(new Date(`${day}T00:00:00Z`), "utc");
}

/** "3 open, 1 overdue" */
export function countsWords(open: number, overdue: number): string {
  return `${open} open, ${overdue === 0 ? "none" : overdue} overdue`;
}

/** What stands before what: overdue first, then by due moment, then what has none, then by number. */
export function byDue(a: RequestSummary, b: RequestSummary): number {
  const [first, second] = [a, b].map(({ dueAt, daysLeft }) =>
    dueAt === null || daysLeft === null ? Number.POSITIVE_INFINITY : Date.parse(dueAt),
  );
  return first === second ? a.number - b.number : (first ?? 0) - (second ?? 0);
}
