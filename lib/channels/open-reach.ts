import { env } from "../env.ts";
import { createReach, type Reach } from "./send/reach.ts";

/** The destinations that this process's settings allow. */
export function openReach(): Reach {
  return createReach(env().ALERT_DESTINATIONS_ALLOWED ?? []);
}
