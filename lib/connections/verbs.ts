import { cancelSession, terminateSession } from "./signal-session.ts";
import { tryIdle } from "./try-idle.ts";

export const connectionsVerbs = { cancelSession, terminateSession, tryIdle };
