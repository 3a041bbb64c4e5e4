import type { CheckState } from "../check.ts";
import type { CheckBoard } from "./types.ts";

/** The part of a board that stands so; of the checks those alone that do somewhere. */
export function ofState(board: CheckBoard, state: CheckState): CheckBoard {
  const standings = board.standings.filter((standing) => standing.state === state);
  const named = new Set(standings.map(({ check }) => check));
  return { ...board, standings, checks: board.checks.filter(({ id }) => named.has(id)) };
}
