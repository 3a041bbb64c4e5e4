import type { ObjectState } from "../check.ts";
import { durationInWords } from "../words.ts";

/** "2 sessions … for over 5 min, pid 8 (app) longest, for 16 min." @param sessions the worst first, in seconds */
export function tellSessions(
  sessions: readonly ObjectState[],
  begin: (count: number, over: string) => string,
  whose = "",
): string {
  const [worst] = sessions;
  const name = worst?.object.kind === "session" ? worst.object.name : "";
  const over = durationInWords(worst?.threshold?.warning ?? worst?.threshold?.critical ?? 0);
  return `${begin(sessions.length, over)}${whose}${name} longest, for ${durationInWords(worst?.value ?? 0)}.`;
}
