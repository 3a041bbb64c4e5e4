import { unknownPolicy } from "../../audit-db/vault/types.ts";
import type { SubjectKey } from "../../key-store/subject-keys.ts";
import { freeAt, lastFreeAt, type PolicyFacts } from "../erasure/floor.ts";
import { countedMost } from "../erasure/read-policy-facts.ts";
import type { SubjectPolicy } from "../types.ts";

export type TokenFacts = PolicyFacts & { token: string };

/** What a target answered, or why it did not. */
export type TargetAnswer = { target: string } & ({ rows: TokenFacts[] } | { problem: string });

/** Events of one person under one policy of one target whose keys stand alike. */
export interface PolicyGroup extends Omit<SubjectPolicy, "holds"> {
  tokens: string[];
}

/**
 * A person's keys and what stands under them, by target, policy and state: someone who was erased once and has new events
 * has a row for each. A key that nothing stands under is shown as well, and one whose target could not be asked.
 */
export function groupSubject(keys: readonly SubjectKey[], answers: readonly TargetAnswer[]): PolicyGroup[] {
  const groups = new Map<string, { keys: Set<SubjectKey>; rows: TokenFacts[]; group: PolicyGroup }>();
  const add = (
    key: SubjectKey,
    place: { target: string; policy: string },
    row: TokenFacts | null,
    problem: string | null,
  ) => {
    const state = stateIn(key, place);
    const name = JSON.stringify([place.target, place.policy, state]);
    const found = groups.get(name) ?? { keys: new Set(), rows: [], group: emptyGroup(place, state, problem) };
    groups.set(name, found);
    found.keys.add(key);
    if (row) found.rows.push(row);
  };
  for (const answer of answers) {
    const { target } = answer;
    const mine = keys.filter((key) => key.target === null || key.target === target);
    for (const key of mine) {
      const rows = "rows" in answer ? answer.rows.filter(({ token }) => token === key.token) : [];
      const problem = "problem" in answer ? answer.problem : null;
      for (const row of rows) add(key, placeOf(key, row), row, null);
      if (rows.length === 0 && key.policy !== null) add(key, { target, policy: key.policy }, null, problem);
      if (rows.length === 0 && key.policy === null && problem)
        add(key, { target, policy: "old key" }, null, problem);
    }
  }
  const all = answers.flatMap((answer) => ("rows" in answer ? answer.rows : []));
  return [...groups.values()]
    .map(({ keys: own, rows, group }) => summed(group, [...own], rows, all))
    .sort((a, b) => (a.target + a.policy).localeCompare(b.target + b.policy));
}

/** What waits in quarantine under a policy that the target does not know is one group, whatever it says. */
function placeOf(key: SubjectKey, { target, policy, floorDays }: TokenFacts) {
  return { target, policy: key.policy === unknownPolicy && floorDays === null ? unknownPolicy : policy };
}

function stateIn(key: SubjectKey, place: { target: string; policy: string }): SubjectPolicy["state"] {
  if (key.state === "erasing") return "erasing";
  if (key.closed.some(({ target, policy }) => target === place.target && policy === place.policy))
    return "erasing";
  return key.state === "kept" ? "kept" : "open";
}

function emptyGroup(
  place: { target: string; policy: string },
  state: SubjectPolicy["state"],
  problem: string | null,
): PolicyGroup {
  const nothing = { oldest: null, newest: null, floorDays: null, legalBasis: null, dueAt: null };
  return {
    ...place,
    state,
    problem,
    events: problem === null ? 0 : null,
    ...nothing,
    sharedKey: false,
    tokens: [],
  };
}

function summed(
  group: PolicyGroup,
  keys: readonly SubjectKey[],
  rows: readonly TokenFacts[],
  all: readonly TokenFacts[],
): PolicyGroup {
  const [first] = rows;
  const tokens = keys.map(({ token }) => token);
  const sharedKey = keys.some(({ policy }) => policy === null || policy === unknownPolicy);
  if (!first) return { ...group, tokens, sharedKey };
  const times = (name: "oldest" | "newest") => rows.map((row) => row[name].getTime());
  // Under a shared key they are kept with the last of its policies.
  const under = sharedKey ? all.filter(({ token }) => tokens.includes(token)) : rows;
  const waits = first.floorDays === null && freeAt(first) === null;
  return {
    ...group,
    tokens,
    sharedKey,
    events: Math.min(
      countedMost,
      rows.reduce((sum, { events }) => sum + events, 0),
    ),
    oldest: new Date(Math.min(...times("oldest"))).toISOString(),
    newest: new Date(Math.max(...times("newest"))).toISOString(),
    floorDays: first.floorDays,
    legalBasis: first.legalBasis,
    dueAt: waits ? null : (lastFreeAt(under)?.toISOString() ?? null),
  };
}
