import { replayQuarantined } from "./replay-quarantined.ts";
import { revealEvent } from "./reveal-event.ts";

export const eventsVerbs = { replayQuarantined, revealEvent };
